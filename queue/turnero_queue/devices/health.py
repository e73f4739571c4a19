"""How every device is: kiosks, agents, displays and printers, each with the reasons."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from turnero_core.i18n import N_, gettext
from turnero_hardware.models import OPEN_STATES, Printer, PrinterState, PrintJob
from turnero_hardware.status import Paper
from turnero_queue.models import Municipality, Office
from turnero_queue.models.devices import Device
from turnero_queue.rules import Rules, merged

PRINTER = "printer"
CLOCK_MAY_DIFFER = timedelta(minutes=1)
DISK_SHOULD_HAVE = 200 * 1024 * 1024


class HealthState(StrEnum):
    OK = "ok"
    WARNING = "warning"
    TROUBLE = "trouble"
    OFFLINE = "offline"
    NEVER = "never"


# The worst first: one of several counts.
_WORST = (HealthState.OFFLINE, HealthState.TROUBLE, HealthState.WARNING, HealthState.NEVER)


@dataclass(frozen=True)
class Reason:
    """`slug` for programs, `message` for people: a message id and what fills it."""

    slug: str
    state: HealthState
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return gettext(self.message, **self.params)


@dataclass(frozen=True)
class DeviceHealth:
    """`id` is the device's or the printer's; `driven_by` is a printer's agent, by its code."""

    id: str
    code: str
    kind: str
    name: str
    office_id: str | None
    state: HealthState
    reasons: tuple[Reason, ...]
    last_seen_at: datetime | None
    paper: str | None = None
    jobs_waiting: int = 0
    version: str = ""
    clock_offset_s: float | None = None
    driven_by: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def device_health(session: Session, office_id: str | None, now: datetime) -> list[DeviceHealth]:
    """Every device in force and every printer that stands in an office or has an agent, of one
    office when it is named; in the order of their codes, devices first."""
    rules = _rules(session)
    devices = _of_office(select(Device).where(Device.revoked_at.is_(None)), Device, office_id)
    found = list(session.scalars(devices.order_by(Device.code)))
    health = [_device(device, rules.of(device.office_id), now) for device in found]
    drivers = {row.id: row for row in session.scalars(select(Device))}
    placed = select(Printer).where(Printer.office_id.is_not(None) | Printer.device_id.is_not(None))
    waiting = _waiting(session)
    for printer in session.scalars(_of_office(placed, Printer, office_id).order_by(Printer.code)):
        agent = drivers.get(printer.device_id or "")
        own = rules.of(printer.office_id)
        health.append(_printer(printer, agent, waiting.get(printer.id, 0), own, now))
    return health


def _of_office(query: Any, table: Any, office_id: str | None) -> Any:
    return query if office_id is None else query.where(table.office_id == office_id)


@dataclass(frozen=True)
class _RulesOf:
    everywhere: Rules
    offices: Mapping[str, Rules]

    def of(self, office_id: str | None) -> Rules:
        return self.offices.get(office_id or "", self.everywhere)


def _rules(session: Session) -> _RulesOf:
    common = session.scalar(select(Municipality.rules)) or {}
    offices = session.execute(select(Office.id, Office.rules)).all()
    return _RulesOf(merged(common), {row.id: merged(common, row.rules) for row in offices})


def _waiting(session: Session) -> dict[str, int]:
    rows = session.execute(
        select(PrintJob.printer_id, func.count())
        .where(PrintJob.state.in_(OPEN_STATES))
        .group_by(PrintJob.printer_id)
    )
    return {row[0]: row[1] for row in rows}


def _device(device: Device, rules: Rules, now: datetime) -> DeviceHealth:
    reasons = tuple(_of_device(device, rules, now))
    return DeviceHealth(
        id=device.id,
        code=device.code,
        kind=device.kind,
        name=device.name,
        office_id=device.office_id,
        state=_worst(reasons),
        reasons=reasons,
        last_seen_at=device.last_seen_at,
        version=device.version,
        clock_offset_s=_number(device.facts.get("clock_offset_s")),
        facts=device.facts,
    )


def _of_device(device: Device, rules: Rules, now: datetime) -> Iterator[Reason]:
    if device.last_seen_at is None:
        yield Reason("never-seen", HealthState.NEVER, N_("It was never heard of."))
        return
    if _is_silent(device, rules, now):
        minutes = int((now - device.last_seen_at).total_seconds() // 60)
        said = N_("It was last heard of %(minutes)s minutes ago.")
        yield Reason("offline", HealthState.OFFLINE, said, {"minutes": minutes})
    offset = _number(device.facts.get("clock_offset_s"))
    if offset is not None and abs(offset) > CLOCK_MAY_DIFFER.total_seconds():
        said = N_("Its clock is wrong by %(minutes)s minutes. Set its date and time.")
        yield Reason("clock", HealthState.WARNING, said, {"minutes": round(abs(offset) / 60)})
    free = _number(device.facts.get("disk_free_bytes"))
    if free is not None and free < DISK_SHOULD_HAVE:
        said = N_("Its disk is almost full: %(megabytes)s MB are left.")
        yield Reason("disk", HealthState.WARNING, said, {"megabytes": int(free // 1_048_576)})


def _printer(
    printer: Printer, agent: Device | None, waiting: int, rules: Rules, now: datetime
) -> DeviceHealth:
    reasons = tuple(_of_printer(printer, agent, waiting, rules, now))
    return DeviceHealth(
        id=printer.id,
        code=printer.code,
        kind=PRINTER,
        name=printer.name,
        office_id=printer.office_id,
        state=_worst(reasons),
        reasons=reasons,
        last_seen_at=printer.last_seen_at,
        paper=printer.paper,
        jobs_waiting=waiting,
        driven_by=agent.code if agent else None,
    )


def _of_printer(
    printer: Printer, agent: Device | None, waiting: int, rules: Rules, now: datetime
) -> Iterator[Reason]:
    if agent and (agent.revoked_at or _is_silent(agent, rules, now)):
        said = N_("Its agent %(agent)s is not heard of.")
        yield Reason("agent-offline", HealthState.OFFLINE, said, {"agent": agent.name})
    if printer.paper == Paper.OUT:
        yield Reason("paper-out", HealthState.TROUBLE, N_("The printer is out of paper."))
    elif printer.state == PrinterState.FAILING:
        said = printer.last_error or N_("Its last slip did not print.")
        yield Reason("failing", HealthState.TROUBLE, said)
    if printer.paper == Paper.NEAR_END:
        yield Reason("paper-low", HealthState.WARNING, N_("Its paper is near its end."))
    if waiting >= max(rules.print_jobs_waiting_alert, 1):
        said = N_("%(count)s slips wait to be printed.")
        yield Reason("jobs-waiting", HealthState.WARNING, said, {"count": waiting})
    if printer.last_seen_at is None and printer.state == PrinterState.UNKNOWN:
        yield Reason("never-seen", HealthState.NEVER, N_("Nothing was printed on it yet."))


def _is_silent(device: Device, rules: Rules, now: datetime) -> bool:
    after = timedelta(minutes=max(rules.device_offline_after_minutes, 1))
    return device.last_seen_at is None or device.last_seen_at < now - after


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _worst(reasons: tuple[Reason, ...]) -> HealthState:
    states = {reason.state for reason in reasons}
    return next((state for state in _WORST if state in states), HealthState.OK)
