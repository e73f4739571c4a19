"""The codes that this installation gave out itself: links on slips, receipts and messages, and the
short codes printed beside them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from turnero_hardware.scanning.values import OwnLink, Refusal, ShortCode, Why

_PATH = re.compile(r"/([a-z][a-z-]{0,20})/([A-Za-z0-9_\-]{4,80})/?")
_SHORT = re.compile(r"[A-Z0-9]{4,10}(?:-[A-Z0-9]{2,10}){0,3}")


def read_link(text: str, hosts: frozenset[str]) -> OwnLink | Refusal | None:
    """A link to one of `hosts` (host or host:port, lower case); None when this is no link."""
    if not re.match(r"https?://", text, re.IGNORECASE):
        return None
    try:
        parts = urlsplit(text)
        host = parts.netloc.lower()
    except ValueError:
        return Refusal(Why.GARBLED)
    if host not in hosts:
        return Refusal(Why.FOREIGN)
    path = _PATH.fullmatch(parts.path)
    return OwnLink(path[1], path[2]) if path else Refusal(Why.UNKNOWN)


def read_short(text: str) -> ShortCode | None:
    code = text.upper()
    return ShortCode(code) if _SHORT.fullmatch(code) else None
