"""Peru's DNI, its Code 39: the eight digits of the number, on some cards with the check sign.

The PDF417 of the blue DNI holds the fingerprint and no text that a reader could use (RENIEC, as
explained by El Comercio, “DNI: cómo ubicar el dígito de verificación”, elcomercio.pe); the
electronic DNI has a machine-readable zone instead, see `mrz`.
"""

from __future__ import annotations

import re

from turnero_hardware.scanning.values import IdentityDocument

_CODE = re.compile(r"\*?([0-9]{8})(?:-?[0-9A-K])?\*?")


def read(text: str) -> IdentityDocument | None:
    """None when this is no such code."""
    found = _CODE.fullmatch(text)
    return IdentityDocument("PE", found[1]) if found else None
