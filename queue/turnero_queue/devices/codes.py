"""Codes that people read from one screen and type into another, and the tokens they bring."""

import hashlib
import secrets

from turnero_core import sealed

#: A device's token begins so, and no other secret of the product does.
PREFIX = "turnero_device_"
# Without the letters and digits that are mistaken for each other.
_LEGIBLE = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH = 8


def fresh() -> str:
    """A code such as K7QM-2XWP: 40 bits, written in two groups."""
    letters = "".join(secrets.choice(_LEGIBLE) for _ in range(_LENGTH))
    return f"{letters[:4]}-{letters[4:]}"


def tidy(code: str) -> str:
    """What was typed, in capitals and without what stands between letters."""
    return "".join(char for char in code.upper() if char in _LEGIBLE)


def code_digest(code: str) -> str:
    """Keyed with the installation's secret: a copied database does not give a code away."""
    return sealed.digest(f"enrolment:{tidy(code)}")


def technician_digest(device_id: str, code: str) -> str:
    return sealed.digest(f"technician:{device_id}:{code.strip()}")


def fresh_token() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
