"""Which places are taken at which times, as one number for each five minutes: a bit a place."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from threading import Lock

from sqlalchemy import Row, bindparam, literal_column, select
from sqlalchemy.orm import Session

from turnero_core.db import Base
from turnero_queue.appointments import calendar, quanta
from turnero_queue.appointments.values import Slot
from turnero_queue.catalogue import Office
from turnero_queue.models import Appointment, AppointmentBlock

_KEY = "appointment_occupancy"
_A = Base.metadata.tables[Appointment.__tablename__].c
_B = Base.metadata.tables[AppointmentBlock.__tablename__].c
EVERYTHING = -1
# Written out, not bound, so that PostgreSQL can match the partial index.
IS_TAKING = _A.state.in_(
    [literal_column(f"'{s}'") for s in ("held", "confirmed", "checked_in", "done", "no_show")]
)
_TAKING = select(_A.id, _A.first_quantum, _A.until_quantum, _A.seats, _A.expires_at).where(
    _A.office_id == bindparam("office"),
    _A.until_quantum > bindparam("first"),
    _A.first_quantum < bindparam("until"),
    IS_TAKING,
)
# Two simpler questions for whole months: nothing of the many rows needs to be converted.
_FIRM = select(_A.first_quantum, _A.until_quantum, _A.seats).where(
    *_TAKING.whereclause.clauses,  # type: ignore[union-attr]
    _A.state != literal_column("'held'"),
)
_HELD = _TAKING.where(_A.state == literal_column("'held'"))
_BLOCKS = select(_B.starts_at, _B.ends_at, _B.desks).where(
    _B.office_id == bindparam("office"),
    _B.ends_at > bindparam("starts"),
    _B.starts_at < bindparam("ends"),
    _B.removed_at.is_(None),
)


class Bits:
    """The bit of every place of an office that is spoken of, by its label."""

    def __init__(self) -> None:
        self._bits: dict[str, int] = {}
        self._masks: dict[str, int] = {}
        self._lock = Lock()

    def of(self, labels: Iterable[str]) -> int:
        with self._lock:
            return sum(1 << self._bits.setdefault(each, len(self._bits)) for each in set(labels))

    def of_text(self, seats: str) -> int:
        """The same for labels joined by commas, as a booking keeps them."""
        mask = self._masks.get(seats)
        if mask is None:
            mask = self._masks[seats] = self.of(seats.split(","))
        return mask


@dataclass(frozen=True)
class Occupancy:
    """What is taken from step `first` up to `until`, as it was at the calendar's `version`.

    `listed` remembers the slots that were asked for: version of the configuration, availability,
    slots in a row, day.
    """

    version: int
    first: int
    until: int
    good_from: datetime
    good_until: datetime | None
    bits: Bits
    taken: Mapping[int, int]
    listed: dict[tuple[int, str, int, date], tuple[Slot, ...]] = field(default_factory=dict)

    def holds_for(self, version: int, first: int, until: int, now: datetime) -> bool:
        if version != self.version or first < self.first or until > self.until:
            return False
        return self.good_from <= now and (self.good_until is None or now < self.good_until)


def load(session: Session, office: Office, first: int, until: int, now: datetime) -> Occupancy:
    """Read it, or take it as it was last read when nothing has changed since."""
    if calendar.changed_here(session) or session.info.get("configuration_changed"):
        return read(session, office, first, until, now)
    version = calendar.version(session, office.id)
    known: Occupancy | None = session.info.get((_KEY, office.id)) or session.info["cache"].get(
        (_KEY, office.id)
    )
    if known is not None and known.holds_for(version, first, until, now):
        return known
    first, until = _wider(office, first, until, now)
    found = read(session, office, first, until, now, version)
    session.info[_KEY, office.id] = found
    keep = partial(session.info["cache"].__setitem__, (_KEY, office.id), found)
    session.info.setdefault("when_over", []).append(keep)
    return found


def _wider(office: Office, first: int, until: int, now: datetime) -> tuple[int, int]:
    """As much as anybody may ask for, so that one reading serves the next who asks."""
    reach = max((given.horizon_days for given in office.availabilities), default=0) + 2
    return (
        min(first, quanta.before(now - timedelta(days=1))),
        max(until, quanta.after(now + timedelta(days=reach))),
    )


def read(
    session: Session, office: Office, first: int, until: int, now: datetime, version: int = -1
) -> Occupancy:
    asked = {"office": office.id, "first": first, "until": until}
    held = [row for row in session.execute(_HELD, asked) if row.expires_at > now]
    bits, taken = Bits(), defaultdict[int, int](int)
    spans = [*session.execute(_FIRM, asked), *((row[1], row[2], row[3]) for row in held)]
    for begins, ends, seats in spans:
        mask = bits.of_text(seats)
        for quantum in range(begins, ends):
            taken[quantum] |= mask
    _add_blocks(session, office, first, until, bits, taken)
    over = min((row.expires_at for row in held), default=None)
    return Occupancy(version, first, until, now, over, bits, dict(taken))


def taking(
    session: Session, office_id: str, first: int, until: int
) -> "list[Row[str, int, int, str, datetime | None]]":
    """What takes places in that time, holds that have expired among it."""
    asked = {"office": office_id, "first": first, "until": until}
    return list(session.execute(_TAKING, asked))


def blocked(
    session: Session, office: Office, first: int, until: int, labels: Sequence[str]
) -> set[str]:
    """The ones of `labels` that the staff keep free at some time of that span."""
    found: set[str] = set()
    for _, _, desks in _blocks(session, office, first, until):
        found.update((f"desk:{code}" for code in desks) if desks else labels)
    return found.intersection(labels)


def _blocks(
    session: Session, office: Office, first: int, until: int
) -> "Iterable[Row[datetime, datetime, list[str]]]":
    starts, ends = quanta.start_of(first), quanta.start_of(until)
    return session.execute(_BLOCKS, {"office": office.id, "starts": starts, "ends": ends})


def _add_blocks(
    session: Session, office: Office, first: int, until: int, bits: Bits, taken: dict[int, int]
) -> None:
    for begins, ends, desks in _blocks(session, office, first, until):
        mask = bits.of(f"desk:{code}" for code in desks) if desks else EVERYTHING
        span = range(max(first, quanta.before(begins)), min(until, quanta.after(ends)))
        for quantum in span:
            taken[quantum] |= mask
