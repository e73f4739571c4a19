"""Files on the server that are named in the configuration: whether they can be used, no more."""

import os
import stat
from enum import StrEnum
from pathlib import Path

MOST_BYTES = 8_000


class FileState(StrEnum):
    """How it stands with a file. An `open` one can be read by others on that machine."""

    READY = "ready"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    OPEN = "open"


def is_private(path: Path) -> bool:
    """Whether nobody but the owner can read it."""
    return not stat.S_IMODE(path.stat().st_mode) & 0o077


def secret_state(file: Path) -> FileState:
    """A secret's file: what stands in the way of using it, if anything does."""
    state = state_of(file)
    if state is not FileState.READY:
        return state
    try:
        with file.open("rb") as opened:
            if not opened.read(MOST_BYTES).strip():
                return FileState.EMPTY
        return FileState.READY if is_private(file) else FileState.OPEN
    except OSError:
        return FileState.UNREADABLE


def state_of(file: Path) -> FileState:
    """Any other file: whether it is there and can be read."""
    try:
        if not file.is_file():
            return FileState.MISSING
    except OSError:
        return FileState.UNREADABLE
    return FileState.READY if os.access(file, os.R_OK) else FileState.UNREADABLE
