"""An embedded database belongs to one server at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from turnero_core.errors import Conflict
from turnero_core.i18n import N_
from turnero_core.settings import Settings

NAME = "serving.lock"


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold the instance's embedded database; Conflict when a running server holds it.

    With PostgreSQL servers may be many, and nothing is held.
    """
    if not settings.embedded:
        yield
        return
    descriptor = os.open(_file(settings), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise Conflict(
            N_("A server is already running on %(path)s: stop it first."), path=settings.instance
        ) from error
    try:
        yield
    finally:
        os.close(descriptor)


def _file(settings: Settings) -> Path:
    return settings.instance / NAME
