"""How long a person will wait: the same answer at the kiosk, on the phone, in the hall, by API.

The waiting tickets, in the order they will be called, are handed one by one to the desk that
will be free first among those that are open and attend them; times add up desk by desk, and so
do their variances, from which p50 and p90 follow. Pure, but for `of_office`, which reads.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from math import sqrt
from operator import attrgetter

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.i18n import N_, gettext, ngettext
from turnero_queue import desks, models, moves, order, service_times, waiting
from turnero_queue.appointments.coming import Coming, coming
from turnero_queue.catalogue import Desk, Office
from turnero_queue.models import Ticket
from turnero_queue.order import Waiting
from turnero_queue.service_times import ServiceTime

# Standard normal quantile of 90 %.
Z90 = 1.2816
# Someone already attended longer than usual still needs this share of a usual attention.
AT_LEAST_LEFT = 0.25
# A service and, for somebody sent to one desk, that desk.
Key = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Wait:
    """Seconds until the call, as likely as not (p50) and nine times in ten (p90), and why."""

    p50_s: int
    p90_s: int
    people_ahead: int
    desks_attending: int
    mean_service_s: int
    measured: int

    @property
    def reason(self) -> str:
        """In one sentence of the reader's language."""
        ahead = ngettext("%(n)s person ahead", "%(n)s people ahead", self.people_ahead)
        if self.desks_attending == 0:
            open_desks = gettext(N_("no desk attends now, counted as one"))
        else:
            open_desks = ngettext(
                "%(n)s desk attending", "%(n)s desks attending", self.desks_attending
            )
        minutes = max(1, round(self.mean_service_s / 60))
        source = N_("about %(minutes)s min each, as configured")
        if self.measured:
            source = N_("about %(minutes)s min each, as measured")
        return f"{ahead}; {open_desks}; {gettext(source, minutes=minutes)}"


@dataclass(slots=True)
class _Desk:
    """A desk in the simulation: mean and variance, in seconds from now, of when it is free.

    `doubt` is how far off the mean may be because the mean attention is not known exactly.
    """

    desk: Desk
    mean: float
    variance: float
    doubt: float = 0.0


@dataclass(frozen=True, slots=True)
class _Time:
    """What one person adds to the desk that takes them; see service_times.ServiceTime."""

    mean: float
    variance: float
    doubt: float
    measured: int


# Mean, variance and doubt of the desk when the person is called, people ahead, desks, service.
_Place = tuple[float, float, float, int, int, str]


class Estimate:
    """The waits of one office at one instant: of every waiting ticket, and of a new arrival."""

    def __init__(
        self,
        office: Office,
        ordered: Sequence[Waiting],
        attending: Iterable[tuple[Desk, float, float]],
        times: Mapping[str, ServiceTime],
        now: datetime,
        coming: Sequence[Coming] = (),
    ) -> None:
        """`attending` gives each open desk with the mean and variance of its seconds to free;
        `coming` who has an appointment soon: from their hour on they wait with the others."""
        self._office = office
        self._times = {
            service_id: _Time(time.mean, time.variance, time.doubt, time.measured)
            for service_id, time in times.items()
        }
        self.ordered = ordered
        self._now = now
        self._attending = list(attending)
        self._coming = coming
        self._pending: deque[Coming] = deque()
        self._desks: list[_Desk] = []
        self._eligible: dict[Key, tuple[list[_Desk], int]] = {}
        self._competing: dict[str, frozenset[str]] = {}

    def of_waiting(self) -> Mapping[str, Wait]:
        """Ticket id -> its wait, for all who wait."""
        return {ticket_id: self._wait(place) for ticket_id, place in self._everybody[0].items()}

    def of_ticket(self, ticket_id: str) -> Wait | None:
        """The wait of one waiting ticket; None when it does not wait."""
        self._open()
        passed: dict[Key, int] = {}
        for ticket in self.ordered:
            key = (ticket.service_id, ticket.for_desk_id)
            self._admit(key, ticket)
            if ticket.id == ticket_id:
                return self._wait(self._look(key, self._count_passed(key, passed)))
            self._serve(key)
            passed[key] = passed.get(key, 0) + 1
        return None

    def of_arrival(self, service_id: str) -> Wait:
        """The wait of an ordinary person who would come now for a service offered here."""
        return self._everybody[1][service_id]

    @cached_property
    def _everybody(self) -> tuple[dict[str, _Place], dict[str, Wait]]:
        """Everybody's place, and in passing the waits of arrivals where they would be."""
        self._open()
        places: dict[str, _Place] = {}
        arrivals: dict[str, Wait] = {}
        passed: dict[Key, int] = {}
        # An ordinary person who comes now would be due then, for each service.
        services = self._office.services
        coming = deque(sorted((self._now + each.target_wait, each.id) for each in services))
        for ticket in self.ordered:
            due = order.due(ticket, self._now)
            while coming and coming[0][0] < due:
                service_id = coming.popleft()[1]
                arrivals[service_id] = self._arrive(service_id, passed)
            key = (ticket.service_id, ticket.for_desk_id)
            self._admit(key, ticket)
            places[ticket.id] = self._look(key, self._count_passed(key, passed))
            self._serve(key)
            passed[key] = passed.get(key, 0) + 1
        return places, arrivals | {key: self._arrive(key, passed) for _, key in coming}

    def _open(self) -> None:
        """The desks as they are before the first person is handed to one."""
        self._desks = [_Desk(*desk) for desk in self._attending]
        self._eligible = {}
        self._pending = deque(self._coming)

    def _admit(self, key: Key, before: Waiting | None = None) -> None:
        """Serve whoever has an appointment by the time that a desk would take this person."""
        due = order.due(before, self._now) if before is not None and self._pending else None
        while self._pending:
            first = self._pending[0]
            desk = min(self._open_desks(key)[0], key=_mean)
            there_in = (first.at - self._now).total_seconds()
            if there_in > desk.mean or (due is not None and due < first.due_at):
                return
            self._serve((first.service_id, None), max(0.0, there_in))
            self._pending.popleft()

    def _arrive(self, service_id: str, passed: Mapping[Key, int]) -> Wait:
        ahead = self._count_passed((service_id, None), passed)
        self._admit((service_id, None))
        return self._wait(self._look((service_id, None), ahead))

    def _count_passed(self, key: Key, passed: Mapping[Key, int]) -> int:
        return sum(n for other, n in passed.items() if self._compete(key, other))

    def _compete(self, one: Key, other: Key) -> bool:
        """Whether some desk might call either; people for other desks are not ahead of you."""
        if one[0] == other[0] and one[1] == other[1]:
            return True
        return not self._desks_of(one).isdisjoint(self._desks_of(other))

    def _desks_of(self, key: Key) -> frozenset[str]:
        service_id, for_desk_id = key
        if for_desk_id is not None:
            return frozenset([for_desk_id])
        if service_id not in self._competing:
            self._competing[service_id] = frozenset(
                desk.id for desk in self._office.desks if service_id in desk.handicaps
            )
        return self._competing[service_id]

    def _serve(self, key: Key, not_before: float = 0.0) -> None:
        eligible = self._open_desks(key)[0]
        desk = min(eligible, key=_mean) if len(eligible) > 1 else eligible[0]
        time = self._times.get(key[0]) or self._time(key[0])
        desk.mean = max(desk.mean, not_before) + time.mean
        desk.variance += time.variance
        desk.doubt += time.doubt

    def _look(self, key: Key, ahead: int) -> _Place:
        eligible, attending = self._open_desks(key)
        first = min(eligible, key=_mean) if len(eligible) > 1 else eligible[0]
        return first.mean, first.variance, first.doubt, ahead, attending, key[0]

    def _wait(self, place: _Place) -> Wait:
        mean, variance, doubt, ahead, attending, service_id = place
        time = self._time(service_id)
        p90 = mean + Z90 * sqrt(variance + doubt**2)
        return Wait(round(mean), round(p90), ahead, attending, round(time.mean), time.measured)

    def _open_desks(self, key: Key) -> tuple[list[_Desk], int]:
        known = self._eligible.get(key)
        if known is None:
            wanted = self._desks_of(key)
            found = [desk for desk in self._desks if desk.desk.id in wanted]
            # Nobody attends: as if one desk were opened now, so that a person sees a number.
            known = self._eligible[key] = (found or [self._stand_in(wanted)], len(found))
        return known

    def _stand_in(self, wanted: frozenset[str]) -> _Desk:
        for (service_id, for_desk_id), (found, attending) in self._eligible.items():
            if not attending and wanted & self._desks_of((service_id, for_desk_id)):
                return found[0]
        return _Desk(Desk("", "", {}, {}), 0.0, 0.0)

    def _time(self, service_id: str) -> _Time:
        time = self._times.get(service_id)
        if time is None:
            # A service no longer offered here still has people waiting for it.
            unknown = ServiceTime(600.0, 360.0**2, 0)
            time = _Time(unknown.mean, unknown.variance, unknown.doubt, 0)
            self._times[service_id] = time
        return time


_mean = attrgetter("mean")


def of_office(
    session: Session, office: Office, now: datetime, queue: Sequence[Waiting] | None = None
) -> Estimate:
    """The estimate from the office's queue as it is in this transaction."""
    day = clock.local_date(now, office.zone)
    ordered = order.in_order(waiting.load(session, office.id, day) if queue is None else queue, now)
    times = service_times.of_office(session, office, now)
    attending = attending_desks(session, office, times, now)
    expected = coming(session, office, now)
    return Estimate(office, ordered, attending, times, now, expected)


# From the desks to whoever is at each, so that no past ticket is looked at.
_OPEN_DESKS = (
    select(models.Desk.id, Ticket)
    .outerjoin(Ticket, (Ticket.desk_id == models.Desk.id) & desks.IS_AT_DESK)
    .where(
        models.Desk.office_id == bindparam("office"),
        models.Desk.active,
        models.Desk.status == "open",
    )
)


def attending_desks(
    session: Session, office: Office, times: Mapping[str, ServiceTime], now: datetime
) -> list[tuple[Desk, float, float]]:
    """The open desks, each with the mean and variance of the seconds until it is free."""
    rows = session.execute(_OPEN_DESKS, {"office": office.id})
    people: dict[str, Ticket | None] = {row[0]: row[1] for row in rows}
    return [
        (desk, *until_free(people[desk.id], times, now))
        for desk in office.desks
        if desk.id in people
    ]


def until_free(
    ticket: Ticket | None, times: Mapping[str, ServiceTime], now: datetime
) -> tuple[float, float]:
    """Mean and variance of the seconds until the desk that has `ticket` is free."""
    if ticket is None or ticket.called_at is None:
        return 0.0, 0.0
    time = times.get(ticket.service_id)
    if time is None:
        return 0.0, 0.0
    served = moves.served_until(ticket, now)
    left = time.mean - service_times.busy_seconds(served, ticket.called_at, now)
    return max(left, AT_LEAST_LEFT * time.mean), time.variance
