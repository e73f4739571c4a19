"""Whether the printers that the server drives can be reached. Nothing is printed."""

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core.i18n import N_, gettext
from turnero_core.settings import Settings
from turnero_hardware.models import Printer, PrinterState
from turnero_hardware.transports import DEFAULT_PORT
from turnero_server.checks.finding import Finding, ok, warn

TIMEOUT_S = 2.0


def printers(session: Session, _settings: Settings) -> Iterator[Finding]:
    for printer in session.scalars(select(Printer).order_by(Printer.code)):
        about = gettext(N_("printer %(printer)s"), printer=printer.code)
        # One that an agent drives is reached from there, and its heartbeats say how it is.
        wrong = "" if printer.device_id else _unreachable(printer.uri)
        if not wrong and printer.state == PrinterState.FAILING:
            wrong = gettext(printer.last_error or N_("its last slip did not print"))
        if wrong:
            yield warn(about, wrong, gettext(N_("Look at its power, cable, paper and address.")))
        else:
            yield ok(about, printer.uri)


def _unreachable(uri: str) -> str:
    """Why nothing answers at a printer's address; empty when something does."""
    try:
        parts = urlsplit(uri)
        if parts.scheme == "tcp":
            address = (parts.hostname or "", parts.port or DEFAULT_PORT)
            socket.create_connection(address, timeout=TIMEOUT_S).close()
    except (OSError, ValueError) as error:
        return f"{uri}: {error}"
    if parts.scheme == "file" and not Path(parts.path).exists():
        return gettext(N_("%(path)s does not exist"), path=parts.path)
    return ""
