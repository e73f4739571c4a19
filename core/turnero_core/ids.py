"""Identifiers made by the application."""

import secrets

import uuid_utils


def new_id() -> str:
    """A UUIDv7 (RFC 9562) as text: unique across offices and sorted by the time it was made."""
    return str(uuid_utils.uuid7())


def new_secret(nbytes: int = 16) -> str:
    """An unguessable URL-safe token of `nbytes` random bytes."""
    return secrets.token_urlsafe(nbytes)
