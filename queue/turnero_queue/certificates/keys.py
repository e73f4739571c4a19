"""The keys that sign certificates: Ed25519, in the instance folder, for nobody but its owner.

The last file of the folder signs; the others are kept, so that what they signed still verifies.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from turnero_core.errors import Invalid, Unavailable
from turnero_core.i18n import N_, gettext

FOLDER = "certificate_keys"
_FIRST = "0001.pem"


def signing_key(instance: Path) -> tuple[str, Ed25519PrivateKey]:
    """The key that signs now with its name, made at first use; Unavailable when there is a file
    that is none."""
    folder = instance / FOLDER
    if not list(folder.glob("*.pem")):
        _make(folder)
    key = _read(max(folder.glob("*.pem")))
    return name_of(key.public_key()), key


def public_keys(instance: Path) -> dict[str, Ed25519PublicKey]:
    """Every key of this installation that may have signed, by name."""
    keys = (_read(file).public_key() for file in sorted((instance / FOLDER).glob("*.pem")))
    return {name_of(key): key for key in keys}


def published(instance: Path) -> dict[str, Any]:
    """What is published: a JSON Web Key Set (RFC 7517, with keys of RFC 8037)."""
    signing_key(instance)
    kind = {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA"}
    keys = public_keys(instance)
    return {"keys": [{**kind, "kid": name, "x": to_text(raw(key))} for name, key in keys.items()]}


def read_public(text: str) -> dict[str, Ed25519PublicKey]:
    """Public keys by name from what was published, a PEM, or the bare key in base64url; Invalid
    when it is none of them."""
    try:
        if text.lstrip().startswith("{"):
            return _by_name(from_text(key["x"]) for key in json.loads(text)["keys"])
        if "BEGIN PUBLIC KEY" in text:
            key = serialization.load_pem_public_key(text.encode())
            if isinstance(key, Ed25519PublicKey):
                return {name_of(key): key}
            raise ValueError("of another kind")
        return _by_name([from_text(text.strip())])
    except (ValueError, KeyError, TypeError, UnsupportedAlgorithm) as error:
        message = gettext(N_("This is no public key: give the published file, a PEM or its text."))
        raise Invalid(errors={"key": [message]}) from error


def name_of(key: Ed25519PublicKey) -> str:
    """A key's name: the beginning of its digest."""
    return hashlib.sha256(raw(key)).hexdigest()[:8]


def raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def to_text(data: bytes) -> str:
    """base64url without its padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """ValueError unless `text` is base64url, without padding and in its one canonical form."""
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if to_text(data) != text:
        raise ValueError("not canonical")
    return data


def _by_name(raws: Iterable[bytes]) -> dict[str, Ed25519PublicKey]:
    keys = [Ed25519PublicKey.from_public_bytes(data) for data in raws]
    return {name_of(key): key for key in keys}


def _make(folder: Path) -> None:
    """A new key, whole or not at all; of two processes that come at once one wins."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    draft = folder / f"{_FIRST}.{os.getpid()}"
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, folder / _FIRST)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _read(file: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise Unavailable(
            N_("The key %(file)s cannot be used: restore it from a backup."), file=file.name
        )
    return key
