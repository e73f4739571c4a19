"""The stored days: written from the events, brought up to date, read back.

Every function takes the number of an event: what is kept is what the events up to it tell, so
that writing a day again, by whomever, gives the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.db import Base
from turnero_queue import models
from turnero_queue.catalogue import Catalogue, Office
from turnero_queue.statistics import block, history
from turnero_queue.statistics.block import Block
from turnero_queue.statistics.history import Past
from turnero_queue.statistics.visit import Visit
from turnero_queue.statistics.work import DeskHour, Work

Values = dict[str, Any]
_ONE_DAY = timedelta(days=1)
_DAYS, _HOURS, _DESKS = (
    Base.metadata.tables[table.__tablename__]
    for table in (models.StatisticDay, models.StatisticHour, models.StatisticDesk)
)
_COLUMNS_OF_OUTCOME = {
    "served": "served",
    "left": "left_unserved",
    "cancelled": "cancelled",
    "no_show": "no_show",
    "there": "still_there",
}


@dataclass(frozen=True)
class Rows:
    """What is kept of a span of days, table by table, in the order of the keys."""

    days: list[Values]
    hours: list[Values]
    desks: list[Values]


def rows_of(office: Office, past: Past) -> Rows:
    days, hours = [], []
    for day, visits in sorted(past.visits.items()):
        days += _packed(office, day, "visits", block.pack_visits(visits))
        own = {"office_id": office.id, "day": day, "office": office.code}
        hours += [own | values for values in _by_hour(visits)]
    desks = []
    for day, done in groupby(sorted(past.hours.items()), key=lambda pair: pair[0].day):
        own_hours = list(done)
        days += _packed(office, day, "desks", block.pack_desks(own_hours))
        desks += [_desk_hour(office, key, work) for key, work in own_hours]
    return Rows(days, hours, desks)


def _packed(office: Office, day: date, kind: str, blocks: list[Block]) -> list[Values]:
    own = {"office_id": office.id, "day": day, "kind": kind}
    return [
        {**own, "part": part, "count": one.count, "labels": one.labels, "data": one.data}
        for part, one in enumerate(blocks)
    ]


def _desk_hour(office: Office, key: DeskHour, done: Work) -> Values:
    return {
        "office_id": office.id,
        **key._asdict(),
        "office": office.code,
        "open_s": done.open_s,
        "paused_s": done.paused_s,
        "serving_s": done.serving_s,
        "attentions": done.attentions,
    }


_KEY = ("hour", "service", "priority", "origin")
_SUMS = ("recalls", "transfers", "out_of_order", "wait_s", "service_s")
_COUNTS = (
    "issued",
    *_COLUMNS_OF_OUTCOME.values(),
    "called",
    "on_target",
    "on_paper",
    "paperless",
    *_SUMS,
)


def _by_hour(visits: Sequence[Visit]) -> Iterator[Values]:
    sums: dict[tuple[Any, ...], Values] = defaultdict(lambda: dict.fromkeys(_COUNTS, 0))
    for visit in visits:
        cell = sums[visit.hour, visit.service, visit.priority, visit.origin]
        cell["issued"] += 1
        cell[_COLUMNS_OF_OUTCOME[visit.outcome]] += 1
        cell["called"] += visit.target > 0
        cell["on_target"] += visit.target == 2
        cell["on_paper"] += visit.paper == 1
        cell["paperless"] += visit.paper == 2
        for name in _SUMS:
            cell[name] += getattr(visit, name)
    for key, cell in sorted(sums.items()):
        yield dict(zip(_KEY, key, strict=True)) | cell


def write(
    session: Session, configured: Catalogue, office: Office, first: date, last: date, seq: int
) -> int:
    """Keep the days `first` to `last` anew; gives how many visits they have."""
    rows = rows_of(office, history.read(session, configured, office, first, last, seq))
    for table, values in ((_DAYS, rows.days), (_HOURS, rows.hours), (_DESKS, rows.desks)):
        mine = (table.c.office_id == office.id, table.c.day.between(first, last))
        session.execute(delete(table).where(*mine))
        if values:
            session.execute(insert(table), values)
    return sum(row["count"] for row in rows.days if row["kind"] == "visits")


def progress(session: Session, office: Office) -> int:
    """Up to which event the stored days of an office have been brought."""
    mine = models.StatisticProgress.office_id == office.id
    return session.scalar(select(models.StatisticProgress.seq).where(mine)) or 0


def stale(session: Session, office: Office, after: int, upto: int) -> list[tuple[date, date]]:
    """The spans of days that the events after `after`, up to `upto`, have changed."""
    if upto <= after:
        return []
    days = set(history.touched_days(session, office, after, upto))
    # Desks go on from where they were: every day since the last event has their hours.
    times = [history.last_time(session, office, seq) for seq in (after, upto)]
    seen = [clock.local_date(at, office.zone) for at in times if at is not None]
    if len(seen) == 1:
        first = history.first_time(session, office)
        seen += [clock.local_date(first, office.zone)] if first is not None else []
    days.update(_days_between(min(seen), max(seen)) if seen else ())
    return list(_spans(sorted(days)))


def _days_between(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + number * _ONE_DAY


def _spans(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    begins: date | None = None
    before: date | None = None
    for day in days:
        if begins is None or before is None or day - before > _ONE_DAY:
            if begins is not None and before is not None:
                yield begins, before
            begins = day
        before = day
    if begins is not None and before is not None:
        yield begins, before
