"""What is signed, and how it is checked without a database.

A certificate's document is canonical JSON: sorted keys, no spaces, ASCII. Its token, which the
QR code carries, is `TC1.<payload>.<signature>`: the payload is canonical JSON too, with the
document's SHA-256 (`d`), its code (`c`), kind (`k`), subject (`s`), day (`i`), last day of
validity (`u`) and the key's name (`y`); the signature is Ed25519 over "turnero-certificate\\0"
and the payload. A PDF ends with a comment that signs every byte before it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from turnero_queue.certificates.keys import from_text, signing_key, to_text

TOKEN = re.compile(r"TC1\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")
_SCANNED = re.compile(rf"(?:https?://[^\s#]*/v/([0-9A-Z]+)#)?({TOKEN.pattern})")
_SEAL = re.compile(rb"%TURNERO-SIGNED ([0-9a-f]{8}) ([A-Za-z0-9_-]+)\n\Z")
_ATTACHED = re.compile(
    rb'\{"document":\{[^\r\n]*\},"token":"TC1\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+"\}'
)
_TOKEN_CONTEXT, _PDF_CONTEXT = b"turnero-certificate\0", b"turnero-pdf\0"
Keys = Mapping[str, Ed25519PublicKey]


class Forged(Exception):
    """It was not signed with any of the keys, or was changed afterwards."""


@dataclass(frozen=True)
class Summary:
    """What a token says."""

    code: str
    kind: str
    subject: str
    issued: date
    valid_until: date
    digest: str


@dataclass(frozen=True)
class Checked:
    """A genuine certificate; `document` is there when the whole of it was given."""

    summary: Summary
    document: Mapping[str, Any] | None = None


def canonical(document: Mapping[str, Any]) -> str:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def sign(instance: Path, document: Mapping[str, Any]) -> str:
    """The token of a certificate's document."""
    name, key = signing_key(instance)
    payload = canonical(
        {
            "c": document["code"],
            "d": digest_of(canonical(document)),
            "i": document["issued_on"],
            "k": document["kind"],
            "s": document["subject"],
            "u": document["valid_until"],
            "v": 1,
            "y": name,
        }
    ).encode()
    return f"TC1.{to_text(payload)}.{to_text(key.sign(_TOKEN_CONTEXT + payload))}"


def digest_of(document: str) -> str:
    return to_text(hashlib.sha256(document.encode()).digest())


def seal_pdf(instance: Path, pdf: bytes) -> bytes:
    """`pdf` with a last line that signs all of it; readers take that line for a comment."""
    name, key = signing_key(instance)
    whole = pdf if pdf.endswith(b"\n") else pdf + b"\n"
    signature = key.sign(_PDF_CONTEXT + hashlib.sha256(whole).digest())
    return whole + f"%TURNERO-SIGNED {name} {to_text(signature)}\n".encode()


def check(given: bytes, keys: Keys) -> Checked:
    """What a certificate says, given as its PDF, its JSON, its QR's text or its token; Forged
    unless one of `keys` signed it and nothing was changed."""
    if given.startswith(b"%PDF-"):
        _check_seal(given, keys)
        attached = _ATTACHED.search(given)
    else:
        attached = _ATTACHED.fullmatch(given.strip())
    if attached:
        return _check_document(attached.group(), keys)
    scanned = _SCANNED.fullmatch(given.decode("utf-8", "replace").strip())
    if scanned is None:
        raise Forged("there is no certificate in it")
    summary = read_token(scanned[2], keys)
    if scanned[1] not in (None, summary.code):
        raise Forged("the address is of another certificate")
    return Checked(summary)


def read_token(token: str, keys: Keys) -> Summary:
    """What a token says; Forged."""
    match = TOKEN.fullmatch(token)
    if match is None:
        raise Forged("not a certificate's text")
    try:
        payload, signature = from_text(match[1]), from_text(match[2])
        said = json.loads(payload)
        keys[said["y"]].verify(signature, _TOKEN_CONTEXT + payload)
        return Summary(
            code=said["c"],
            kind=said["k"],
            subject=said["s"],
            issued=date.fromisoformat(said["i"]),
            valid_until=date.fromisoformat(said["u"]),
            digest=said["d"],
        )
    except (InvalidSignature, ValueError, KeyError, TypeError) as error:
        raise Forged("the signature does not fit") from error


def _check_document(attached: bytes, keys: Keys) -> Checked:
    try:
        found = json.loads(attached)
    except ValueError as error:
        raise Forged("the document cannot be read") from error
    summary = read_token(found["token"], keys)
    document = found["document"]
    if digest_of(canonical(document)) != summary.digest:
        raise Forged("the document was changed")
    if attached.decode("utf-8", "replace") != canonical(found):
        raise Forged("the document was written anew")
    return Checked(summary, document)


def _check_seal(pdf: bytes, keys: Keys) -> None:
    seal = _SEAL.search(pdf)
    if seal is None:
        raise Forged("the file does not end as it was signed")
    whole = hashlib.sha256(pdf[: seal.start()]).digest()
    try:
        signature = from_text(seal[2].decode())
        keys[seal[1].decode()].verify(signature, _PDF_CONTEXT + whole)
    except (InvalidSignature, ValueError, KeyError) as error:
        raise Forged("the file was changed") from error
