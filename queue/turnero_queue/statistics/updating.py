"""Brings the stored days up to the newest event, builds them anew, and proves them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from turnero_queue import catalogue, models, sequence
from turnero_queue.catalogue import Catalogue, Office
from turnero_queue.models import Ticket
from turnero_queue.statistics import history, store

# In one transaction: so that nobody waits long for a queue on a database with one writer.
MOST_EVENTS = 2_000
CHUNK_DAYS = 10
Span = tuple[date, date]


@dataclass(frozen=True)
class Difference:
    """The first value in which what is kept is not what the events tell."""

    table: str
    key: str
    column: str
    stored: Any
    derived: Any


def bring_up_to_date(session: Session, now: datetime) -> int:
    """Write the days that new events have changed; gives how many events were taken in."""
    configured = catalogue.current(session)
    left = MOST_EVENTS
    for office in configured.offices_by_id.values():
        if left > 0:
            left -= advance(session, configured, office, left)
    return MOST_EVENTS - left


def advance(session: Session, configured: Catalogue, office: Office, most: int) -> int:
    """Take in up to `most` more events of one office; gives how many there were."""
    before = _hold(session, office)
    upto = min(sequence.last_seq(session, office.id), before + most)
    for first, last in store.stale(session, office, before, upto):
        store.write(session, configured, office, first, last, upto)
    if upto > before:
        mine = models.StatisticProgress.office_id == office.id
        session.execute(update(models.StatisticProgress).where(mine).values(seq=upto))
    return max(0, upto - before)


def _hold(session: Session, office: Office) -> int:
    """The office's progress, held so that two who write its days come one after the other."""
    row = session.get(models.StatisticProgress, office.id, with_for_update=True)
    if row is None:
        row = models.StatisticProgress(office_id=office.id, seq=0)
        session.add(row)
        session.flush()
    return row.seq


def spans(
    session: Session, office: Office, first: date | None = None, last: date | None = None
) -> list[Span]:
    """The days that an office has, or has stored, in pieces small enough for a transaction."""
    ends: list[date] = []
    for table, day in (
        (Ticket, Ticket.business_day),
        (models.StatisticDay, models.StatisticDay.day),
        (models.StatisticDesk, models.StatisticDesk.day),
    ):
        query = select(func.min(day), func.max(day)).where(table.office_id == office.id)
        ends += [found for found in session.execute(query).one() if found is not None]
    begins, finishes = first or min(ends, default=None), last or max(ends, default=None)
    if begins is None or finishes is None:
        return []
    return list(_pieces(begins, finishes))


def _pieces(first: date, last: date) -> Iterator[Span]:
    while first <= last:
        end = min(last, first + timedelta(days=CHUNK_DAYS - 1))
        yield first, end
        first = end + timedelta(days=1)


def rebuild(
    session: Session, configured: Catalogue, office: Office, first: date, last: date
) -> int:
    """Write some days anew from the events taken in so far; gives how many visits they have."""
    return store.write(session, configured, office, first, last, _hold(session, office))


def verify(
    session: Session, configured: Catalogue, office: Office, first: date, last: date
) -> Difference | None:
    """Compare what is stored of some days with what the events taken in so far tell."""
    seq = store.progress(session, office)
    past = history.read(session, configured, office, first, last, seq)
    derived = store.rows_of(office, past)
    for table, rows in (
        (models.StatisticDay, derived.days),
        (models.StatisticHour, derived.hours),
        (models.StatisticDesk, derived.desks),
    ):
        found = _compare(session, table, office, first, last, rows)
        if found is not None:
            return found
    return None


def _compare(
    session: Session, table: Any, office: Office, first: date, last: date, derived: list[Any]
) -> Difference | None:
    columns = table.__table__
    keys = [column.name for column in columns.primary_key]
    mine = (columns.c.office_id == office.id, columns.c.day.between(first, last))
    query = select(columns).where(*mine)
    kept = {_key(row, keys): row for row in map(dict, session.execute(query).mappings())}
    told = {_key(row, keys): row for row in derived}
    for key in sorted(kept.keys() | told.keys()):
        one, other = kept.get(key), told.get(key)
        for name in columns.columns.keys():  # noqa: SIM118 - a collection of columns
            stored = one[name] if one else None
            right = other[name] if other else None
            if stored != right:
                return Difference(columns.name, ", ".join(key[1:]), name, stored, right)
    return None


def _key(row: Any, keys: list[str]) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in keys)
