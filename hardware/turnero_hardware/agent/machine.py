"""What an agent tells of the machine it runs on."""

from __future__ import annotations

import platform
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, urlsplit

from turnero_hardware.printer_error import PrinterError
from turnero_hardware.transports import BAD_URI, Transport, transport_for

_STARTED = monotonic()


def facts(folder: Path, server: str) -> dict[str, Any]:
    """Numbers and texts by name, none of them about a person."""
    return {
        "host": socket.gethostname(),
        "system": f"{platform.system()} {platform.release()}",
        "address": _own_address(urlsplit(server)),
        "uptime_s": int(monotonic() - _STARTED),
        "machine_uptime_s": _machine_uptime(),
        "disk_free_bytes": shutil.disk_usage(folder).free,
    }


def transports(folder: Path) -> Callable[[str], Transport]:
    """A printer's address -> its transport. The server names the address, so a file is taken
    only where devices are: whoever holds the server cannot write elsewhere on this machine."""

    def open_transport(uri: str) -> Transport:
        parts = urlsplit(uri)
        path = Path(parts.path)
        if parts.scheme == "file" and (not parts.path.startswith("/dev/") or ".." in path.parts):
            raise PrinterError(BAD_URI, detail=f"{uri}: an agent writes to files in /dev only")
        return transport_for(uri, tray=folder / "tray")

    return open_transport


def _own_address(server: SplitResult) -> str | None:
    """The address this machine has towards the server; nothing is sent to find it."""
    try:
        target = (server.hostname or "", server.port or 443)
        family, _, _, _, where = socket.getaddrinfo(*target, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect(where)
            return str(probe.getsockname()[0])
    except (OSError, ValueError):
        return None


def _machine_uptime() -> int | None:
    try:
        return int(float(Path("/proc/uptime").read_text("ascii").split()[0]))
    except (OSError, ValueError, IndexError):
        return None
