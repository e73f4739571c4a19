"""What a device tells of itself every few seconds, and what it is told in return."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_hardware.models import Printer, PrinterState
from turnero_hardware.outbox_rows import announce
from turnero_hardware.status import Paper
from turnero_queue.devices.printers import printers_of
from turnero_queue.models.devices import Device

#: Devices are asked to be heard of this often.
EVERY = timedelta(seconds=15)
_AWAY = timedelta(minutes=1)
_MOST_FACTS = 40
_LONGEST_FACT = 200


@dataclass(frozen=True)
class PrinterReport:
    """How an agent finds one of its printers."""

    code: str
    state: PrinterState = PrinterState.UNKNOWN
    paper: Paper = Paper.UNKNOWN
    error: str | None = None


@dataclass(frozen=True)
class Heartbeat:
    """`time` is the device's own clock; `facts` are numbers, texts and truths by name."""

    version: str = ""
    time: datetime | None = None
    printers: Sequence[PrinterReport] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def heartbeat(session: Session, device: Device, beat: Heartbeat, now: datetime) -> dict[str, Any]:
    """Keep what the device says; gives `server_time`, its `settings`, the `printers` it drives
    and the `commands` that waited for it. Printers that are not its own are passed over."""
    came_back = device.last_seen_at is None or device.last_seen_at < now - _AWAY
    device.last_seen_at = now
    device.version = beat.version[:40] or device.version
    device.facts = _facts(beat, now)
    commands, device.commands = device.commands, []
    own = printers_of(session, device)
    changed = [_note(printer, report, now) for printer, report in _pairs(own, beat.printers)]
    session.flush()
    if came_back or commands or any(changed):
        announce(session, "printer")
    return {
        "device": {"code": device.code, "name": device.name, "kind": device.kind},
        "server_time": clock.rfc3339(now),
        "settings": device.settings,
        "printers": [described(printer) for printer in own],
        "commands": commands,
    }


def described(printer: Printer) -> dict[str, str]:
    """What an agent has to know to drive a printer."""
    return {
        "id": printer.id,
        "code": printer.code,
        "name": printer.name,
        "uri": printer.uri,
        "profile": printer.profile,
    }


def _facts(beat: Heartbeat, now: datetime) -> dict[str, Any]:
    plain = {
        str(key)[:40]: value[:_LONGEST_FACT] if isinstance(value, str) else value
        for key, value in list(beat.facts.items())[:_MOST_FACTS]
        if value is None or isinstance(value, str | int | float | bool)
    }
    if beat.time is not None:
        plain["clock_offset_s"] = round((beat.time - now).total_seconds(), 1)
    return plain


def _pairs(
    own: Sequence[Printer], reports: Sequence[PrinterReport]
) -> list[tuple[Printer, PrinterReport]]:
    told = {report.code: report for report in reports}
    return [(printer, told[printer.code]) for printer in own if printer.code in told]


def _note(printer: Printer, report: PrinterReport, now: datetime) -> bool:
    before = (printer.state, printer.paper, printer.last_error)
    printer.state, printer.paper = report.state, report.paper
    printer.last_error = report.error[:500] if report.error else None
    if report.state is PrinterState.READY or report.paper is not Paper.UNKNOWN:
        printer.last_seen_at = now
    return before != (printer.state, printer.paper, printer.last_error)
