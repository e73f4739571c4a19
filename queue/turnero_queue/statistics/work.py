"""What each desk did in each local hour, from when it opened, paused, served and closed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from turnero_queue.statistics.visit import login

_SECOND = timedelta(seconds=1)
_HOUR = timedelta(hours=1)


class DeskHour(NamedTuple):
    """Which hour of which desk, and in whose hands; `staff` is empty for a program's."""

    day: date
    hour: int
    desk: str
    staff: str


@dataclass
class Work:
    """Time in a desk hour. A desk counts as open while it serves, whatever else it says."""

    open: timedelta = timedelta()
    paused: timedelta = timedelta()
    serving: timedelta = timedelta()
    attentions: int = 0

    @property
    def open_s(self) -> int:
        return self.open // _SECOND

    @property
    def paused_s(self) -> int:
        return self.paused // _SECOND

    @property
    def serving_s(self) -> int:
        return self.serving // _SECOND


class Happening(NamedTuple):
    """At a desk: its own event, with the status it took; or a ticket's there."""

    seq: int
    at: datetime
    desk_id: str
    kind: str
    actor: str
    ticket_id: str | None


def desk_hours(
    begins: Mapping[str, str],
    happenings: Iterable[Happening],
    until: datetime,
    start: datetime,
    zone: ZoneInfo,
    desk_codes: Mapping[str, str],
) -> dict[DeskHour, Work]:
    """From `start`, when desks had the statuses `begins`, to `until`; happenings by their seq."""
    hours: dict[DeskHour, Work] = {}
    desks = {key: _Desk(desk_codes[key], zone, hours, start, said) for key, said in begins.items()}
    for happening in happenings:
        desk = desks.get(happening.desk_id)
        if desk is None:
            code = desk_codes[happening.desk_id]
            desk = desks[happening.desk_id] = _Desk(code, zone, hours, start, "closed")
        desk.hear(happening)
    for desk in desks.values():
        desk.pass_time(until)
    return hours


@dataclass
class _Desk:
    code: str
    zone: ZoneInfo
    hours: dict[DeskHour, Work]
    since: datetime
    status: str
    staff: str = ""
    serving: str | None = field(default=None)

    def hear(self, event: Happening) -> None:
        self.pass_time(event.at)
        if event.ticket_id is None:
            self.status = event.kind
        if event.kind in ("open", "called", "started", "resumed"):
            self.staff = login(event.actor)
        if event.kind in ("started", "resumed"):
            self.serving = event.ticket_id
        elif event.ticket_id is not None and event.ticket_id == self.serving:
            self.serving = None
        if event.kind == "started":
            self._work(event.at).attentions += 1

    def pass_time(self, until: datetime) -> None:
        """Note how the time since the last happening was spent."""
        if until > self.since and (self.serving or self.status != "closed"):
            for begins, ends in _hours(self.since, until, self.zone):
                self._spend(self._work(begins), ends - begins)
        self.since = max(self.since, until)

    def _spend(self, work: Work, time: timedelta) -> None:
        if self.serving is not None:
            work.serving += time
        if self.serving is not None or self.status == "open":
            work.open += time
        else:
            work.paused += time

    def _work(self, at: datetime) -> Work:
        local = at.astimezone(self.zone)
        key = DeskHour(local.date(), local.hour, self.code, self.staff)
        return self.hours.setdefault(key, Work())


def _hours(begins: datetime, ends: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """The stretch cut where a local hour ends."""
    while begins < ends:
        local = begins.astimezone(zone)
        passed = timedelta(
            minutes=local.minute, seconds=local.second, microseconds=local.microsecond
        )
        cut = min(ends, begins + (_HOUR - passed))
        yield begins, cut
        begins = cut
