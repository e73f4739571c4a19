"""Signatures under what is posted to other systems."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"


def hmac_hex(secret: str, message: bytes) -> str:
    """HMAC-SHA256 as 64 hex digits; the secret's own characters are the key."""
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def new_key() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def stamped(keys: Iterable[str], body: bytes, at: int) -> str:
    """`t=…,v1=…`, with a `v1` for each key: of the second and the body, so that neither can be
    passed off with another of the other."""
    signed = str(at).encode() + b"." + body
    return ",".join([f"t={at}", *(f"v1={hmac_hex(key, signed)}" for key in keys)])
