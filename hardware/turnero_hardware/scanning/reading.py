"""Which of the known codes a scan is."""

from __future__ import annotations

from collections.abc import Collection

from turnero_hardware.scanning import argentina, colombia, mrz, own, peru
from turnero_hardware.scanning.layouts import as_us_keys, clean
from turnero_hardware.scanning.values import LONGEST, Refusal, Scan, Why


def read(text: str, *, hosts: Collection[str] = (), country: str = "") -> Scan:
    """What `text` says. `hosts` are the addresses of this installation as they stand in its links;
    `country` (ISO 3166 alpha-2) is where it is, for a bare number says nothing of its country."""
    if len(text) > LONGEST:
        return Refusal(Why.TOO_LONG)
    tidy = clean(text)
    if not tidy:
        return Refusal(Why.EMPTY)
    known = frozenset(host.lower() for host in hosts)
    found = _read(tidy, known, country)
    if not isinstance(found, Refusal):
        return found
    # Read again as if typed on another layout; what that cannot read either is told as it came.
    again = _read(as_us_keys(tidy), known, country)
    return found if isinstance(again, Refusal) and again.why is Why.UNKNOWN else again


def _read(text: str, hosts: frozenset[str], country: str) -> Scan:
    return (
        own.read_link(text, hosts)
        or argentina.read(text)
        or colombia.read(text)
        or mrz.read(text)
        or (peru.read(text) if country == "PE" else None)
        or own.read_short(text)
        or Refusal(Why.UNKNOWN)
    )
