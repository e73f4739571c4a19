"""Secrets that connectors need, each in a file of its own: the configuration holds only names."""

from __future__ import annotations

import re
from pathlib import Path

from turnero_core.i18n import N_
from turnero_queue.connectors.debt import DebtsUnavailable

FOLDER = "secrets"
NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}", re.ASCII)
_LONGEST = 8_000


def read_secret(instance: Path, name: str) -> str:
    """The text of `secrets/NAME` in the instance folder, without the line's end; read at every
    use, so that a secret is changed by changing its file."""
    if not NAME.fullmatch(name):
        raise DebtsUnavailable(N_("the name of a secret's file is not a plain one"))
    try:
        text = (instance / FOLDER / name).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise DebtsUnavailable(
            N_("the secret %(file)s cannot be read"), file=f"{FOLDER}/{name}"
        ) from None
    if not text or len(text) > _LONGEST or not text.isprintable():
        raise DebtsUnavailable(
            N_("the secret %(file)s is empty or not one line of text"), file=f"{FOLDER}/{name}"
        )
    return text
