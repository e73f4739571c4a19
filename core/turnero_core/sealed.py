"""Personal data at rest: a column that is encrypted, and a digest by which one is found again.

The keys come from the installation's secret (`use` is called when an application or a command
opens the database); a database that is copied without its secret tells nobody's name.
"""

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class SealedError(Exception):
    """A sealed value cannot be read: it was written with another secret, or was changed."""


class _Keys:
    secret: str = ""


def use(secret: str) -> None:
    """Seal and open with keys made of `secret` (an installation's secret key) from now on."""
    _Keys.secret = secret


def seal(text: str) -> str:
    return _fernet(_Keys.secret).encrypt(text.encode()).decode()


def unseal(token: str) -> str:
    """The text sealed in `token`; SealedError when this installation's secret did not make it."""
    try:
        return _fernet(_Keys.secret).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise SealedError("sealed with another secret key, or changed since") from error


def digest(text: str) -> str:
    """64 hex digits, always the same for a text: what a sealed column is searched by."""
    return hmac.new(_key(_Keys.secret, "digest"), text.encode(), hashlib.sha256).hexdigest()


class Sealed(TypeDecorator[str]):
    """Text that is encrypted in the database; nothing can be searched or ordered by it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else seal(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else unseal(value)


@lru_cache(maxsize=8)
def _fernet(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key(secret, "seal")))


@lru_cache(maxsize=16)
def _key(secret: str, purpose: str) -> bytes:
    if not secret:
        raise SealedError("no secret key is in use")
    derive = HKDF(hashes.SHA256(), 32, salt=None, info=f"turnero {purpose}".encode())
    return derive.derive(secret.encode())
