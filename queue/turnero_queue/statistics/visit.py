"""One visit from its ticket's events: what it was, how long it took, how it stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

STAFF = "staff:"
# Where somebody is after an event: those that follow another end bring them back.
_OUTCOMES = {
    "finished": "served",
    "left": "left",
    "cancelled": "cancelled",
    "no_show": "no_show",
    "readmitted": "there",
}
_COUNTED = ("called", "recalled", "transferred", "readmitted")
_AT_DESK = frozenset({"called", "started", "resumed"})
NO_MINUTES = 65535
MOST = 255


class Event(NamedTuple):
    """`data` is given where a visit needs it: of the issue, and of calls out of order."""

    kind: str
    at: datetime
    actor: str
    desk_id: str | None
    data: Mapping[str, Any] | None


@dataclass(frozen=True)
class Known:
    """What the ticket's row says of its arrival, for events from before they said it."""

    service: str
    priority: str
    origin: str
    appointment_at: datetime | None
    target_s: int


class Visit(NamedTuple):
    """`minutes` are whole, counted down; NO_MINUTES where there was no call, or no attention.

    `desk` and `staff` are the last that called or attended; `target` is 1 when the wait was over
    the target, 2 when within, 0 without a call; `paper` is 0 unasked, 1 printed, 2 without.
    """

    hour: int
    service: str
    desk: str
    staff: str
    priority: str
    origin: str
    outcome: str
    target: int
    paper: int
    calls: int
    recalls: int
    transfers: int
    out_of_order: int
    readmitted: int
    wait_minutes: int
    service_minutes: int
    wait_s: int
    service_s: int


def of(
    events: Iterable[Event], known: Known, zone: ZoneInfo, desk_codes: Mapping[str, str]
) -> Visit:
    """The visit that a ticket's events, in order, tell."""
    first, *later = events
    tale = _Tale(first)
    for event in later:
        tale.hear(event)
    return tale.visit(known, zone, desk_codes)


class _Tale:
    def __init__(self, issued: Event) -> None:
        self.issued = issued
        self.first_call: datetime | None = None
        self.undoable = False
        self.since: datetime | None = None
        self.served_s = 0
        self.outcome = "there"
        self.desk_id: str | None = None
        self.staff = ""
        self.counts = dict.fromkeys(_COUNTED, 0)
        self.out_of_order = 0

    def hear(self, event: Event) -> None:
        kind = event.kind
        if kind in self.counts:
            self.counts[kind] = min(MOST, self.counts[kind] + 1)
        self.outcome = _OUTCOMES.get(kind, self.outcome)
        if kind in _AT_DESK:
            self.desk_id, self.staff = event.desk_id, login(event.actor)
        self._note_call(event)
        self._note_attention(event)

    def _note_call(self, event: Event) -> None:
        """A call put back before anything came of it is as if it had not been."""
        if event.kind == "called":
            if self.first_call is None:
                self.first_call, self.undoable = event.at, True
            if event.data and event.data.get("out_of_order"):
                self.out_of_order = min(MOST, self.out_of_order + 1)
        elif event.kind == "put_back" and self.undoable:
            self.first_call = None
        elif event.kind != "recalled":
            self.undoable = False

    def _note_attention(self, event: Event) -> None:
        if event.kind in ("started", "resumed"):
            self.since = event.at
        elif event.kind in ("parked", "transferred", "finished") and self.since is not None:
            self.served_s += seconds(self.since, event.at)
            self.since = None

    def visit(self, known: Known, zone: ZoneInfo, desk_codes: Mapping[str, str]) -> Visit:
        said = self.issued.data or {}
        wait_s = self._wait_s(known, said)
        served = self.outcome == "served"
        paper = said.get("paper")
        return Visit(
            hour=self.issued.at.astimezone(zone).hour,
            service=said.get("service", known.service),
            desk=desk_codes.get(self.desk_id or "", ""),
            staff=self.staff,
            priority=said.get("priority", known.priority),
            origin=said.get("origin", known.origin),
            outcome=self.outcome,
            target=_target(wait_s, said.get("target_s", known.target_s)),
            paper=0 if paper is None else 1 if paper else 2,
            calls=self.counts["called"],
            recalls=self.counts["recalled"],
            transfers=self.counts["transferred"],
            out_of_order=self.out_of_order,
            readmitted=self.counts["readmitted"],
            wait_minutes=_minutes(wait_s),
            service_minutes=_minutes(self.served_s if served else None),
            wait_s=wait_s or 0,
            service_s=self.served_s if served else 0,
        )

    def _wait_s(self, known: Known, said: Mapping[str, Any]) -> int | None:
        """From the arrival, or from an appointment's hour, to the first call that stood."""
        if self.first_call is None:
            return None
        hour = known.appointment_at
        if "appointment_at" in said:
            hour = datetime.fromisoformat(said["appointment_at"])
        begins = max(self.issued.at, hour) if hour else self.issued.at
        return seconds(begins, self.first_call)


def login(actor: str) -> str:
    """Whose hand it was; empty for a program's."""
    return actor.removeprefix(STAFF) if actor.startswith(STAFF) else ""


def seconds(begins: datetime, ends: datetime) -> int:
    return max(0, int((ends - begins).total_seconds()))


def _minutes(whole_seconds: int | None) -> int:
    return NO_MINUTES if whole_seconds is None else min(whole_seconds // 60, NO_MINUTES - 1)


def _target(wait_s: int | None, target_s: int) -> int:
    return 0 if wait_s is None else 1 if wait_s > target_s else 2
