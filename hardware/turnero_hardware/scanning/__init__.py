"""What readers that type like keyboards send: our own codes, and identity documents.

`read` never raises: whatever is not understood comes back as a `Refusal` that says why.
"""

from turnero_hardware.scanning.reading import read
from turnero_hardware.scanning.values import (
    LONGEST,
    IdentityDocument,
    OwnLink,
    Refusal,
    Scan,
    ShortCode,
    Why,
)

__all__ = [
    "LONGEST",
    "IdentityDocument",
    "OwnLink",
    "Refusal",
    "Scan",
    "ShortCode",
    "Why",
    "read",
]
