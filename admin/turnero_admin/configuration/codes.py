"""A code for something new, made of its name: people think of names, not of codes."""

import re
import unicodedata
from collections.abc import Collection, Mapping

LONGEST = 40


def made_of(names: Mapping[str, str], taken: Collection[str], otherwise: str) -> str:
    """Small letters, digits and - of the name; with a number behind it where that is taken."""
    name = next(iter(names.values()), "")
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: LONGEST - 4].strip("-") or otherwise
    code, number = base, 1
    while code in taken:
        number += 1
        code = f"{base}-{number}"
    return code
