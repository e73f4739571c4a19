"""The parts that every identity document has, and what makes one believable."""

from __future__ import annotations

import re
from datetime import date

from turnero_core import clock

_EARLIEST = date(1890, 1, 1)
_NAME = re.compile(r"[^\W\d_]+(?:[ '’.\-]+[^\W\d_]+)*\.?", re.UNICODE)
_LONGEST_NAME = 80


def name(text: str) -> str | None:
    """A name with its spaces set right; None when it holds anything that no name does."""
    tidy = " ".join(text.split())
    if not tidy or len(tidy) > _LONGEST_NAME or not _NAME.fullmatch(tidy):
        return None
    return tidy


def birth(year: str, month: str, day: str) -> date | None:
    """The date of birth of somebody who may be standing here; None for any other."""
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if _EARLIEST <= found <= clock.now().date() else None


def sex(text: str) -> str | None:
    return text if text in ("M", "F", "X") else None
