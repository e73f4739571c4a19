"""The agent's own folder: who it is, private to its user, and held by one process at a time."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from turnero_core.errors import Conflict, Unavailable
from turnero_core.i18n import N_

IDENTITY = "identity.json"
OUTBOX = "outbox.db"
LOCK = "running.lock"
# systemd and D-Bus write it; a disk that was cloned to another machine often has the same.
_MACHINE_ID = Path("/etc/machine-id")
_NETWORK = Path("/sys/class/net")


@dataclass(frozen=True)
class Identity:
    """`installation` is made once in this folder; `ca` is a file of certificates to trust."""

    server: str
    token: str
    device: str
    installation: str
    ca: str | None = None
    insecure: bool = False


def instance(identity: Identity, folder: Path) -> str:
    """Tells this installation from a copy of its folder or of its disk. It may change with the
    network card or when the folder is moved: then the server waits until the former is silent."""
    place = folder.resolve()
    marks = (identity.installation, _machine(), str(place), str(place.stat().st_ino))
    return hashlib.sha256("\n".join(marks).encode()).hexdigest()[:32]


def _machine() -> str:
    """What the system's name and the built-in network card say; cards on USB come and go."""
    with suppress(OSError, UnicodeDecodeError):
        return _MACHINE_ID.read_text("ascii").strip() + _built_in_card()
    return _built_in_card()


def _built_in_card() -> str:
    found = []
    with suppress(OSError):
        for card in sorted(_NETWORK.iterdir()):
            device = card / "device"
            if device.exists() and "/usb" not in str(device.resolve()):
                found.append((card / "address").read_text("ascii").strip())
    return min(found, default="")


def default_folder() -> Path:
    """systemd's state folder, else this user's own."""
    given = os.environ.get("STATE_DIRECTORY")
    if given:
        return Path(given.split(":")[0])
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local")
    else:
        base = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state")
    return base / "turnero-agent"


def prepare(folder: Path) -> None:
    """Make the folder if it is not there, for this user alone."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
    except OSError as error:
        raise Unavailable(
            N_("The folder %(path)s cannot be used: %(reason)s"),
            path=folder,
            reason=error.strerror or str(error),
        ) from error


def load(folder: Path) -> Identity:
    """Who this agent is; Conflict `not-enrolled` when nobody said."""
    try:
        return Identity(**json.loads((folder / IDENTITY).read_text("utf-8")))
    except FileNotFoundError as error:
        raise Conflict(
            N_("This machine is not enrolled: run “turnero agent enrol”."), slug="not-enrolled"
        ) from error
    except (OSError, ValueError, TypeError) as error:
        raise Unavailable(
            N_("%(path)s cannot be read: %(reason)s"), path=folder / IDENTITY, reason=str(error)
        ) from error


def installation(folder: Path) -> str:
    """This folder's own name, kept when the machine is enrolled again."""
    try:
        return load(folder).installation
    except (Conflict, Unavailable):
        return secrets.token_hex(16)


def save(folder: Path, identity: Identity) -> None:
    """Write it whole or not at all, readable by this user alone."""
    prepare(folder)
    draft = folder / f"{IDENTITY}.new"
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(identity), file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / IDENTITY)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder; Conflict `already-running` while another agent does. The system lets go
    of it when the process ends, however it ends."""
    prepare(folder)
    with (folder / LOCK).open("a+", encoding="ascii") as file:
        if not _take(file):
            raise Conflict(
                N_("An agent is already running on %(path)s."),
                slug="already-running",
                path=folder,
            )
        yield


def is_running(folder: Path) -> bool:
    try:
        with (folder / LOCK).open("r+", encoding="ascii") as file:
            return not _take(file)
    except OSError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[str]) -> bool:
        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
