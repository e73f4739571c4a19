"""What a query selects: stored days, and those changed since straight from the events."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from turnero_queue import models, sequence
from turnero_queue.catalogue import Catalogue
from turnero_queue.statistics import history, store
from turnero_queue.statistics.block import Block
from turnero_queue.statistics.columns import Day
from turnero_queue.statistics.query import Query

_DAY, _DESK = models.StatisticDay, models.StatisticDesk


@dataclass(frozen=True)
class Hours:
    """Desk time of one dimension's value."""

    open_s: int = 0
    paused_s: int = 0
    serving_s: int = 0
    attentions: int = 0

    def __add__(self, other: "Hours") -> "Hours":
        return Hours(
            self.open_s + other.open_s,
            self.paused_s + other.paused_s,
            self.serving_s + other.serving_s,
            self.attentions + other.attentions,
        )


class Selection:
    """Reads each part of a query's days once; what is stored of a stale day is passed over."""

    def __init__(self, session: Session, configured: Catalogue, query: Query) -> None:
        self._session = session
        self._query = query
        self._codes = {office.id: office.code for office in query.offices}
        self._stale: dict[str, set[date]] = {}
        self._fresh: dict[str, list[store.Rows]] = {}
        for office in query.offices:
            before = store.progress(session, office)
            upto = sequence.last_seq(session, office.id)
            spans = list(_within(store.stale(session, office, before, upto), query))
            self._stale[office.id] = {day for span in spans for day in _days(*span)}
            self._fresh[office.id] = [
                store.rows_of(office, history.read(session, configured, office, *span, upto))
                for span in spans
            ]

    def days(self) -> Iterator[Day]:
        query = select(_DAY.office_id, _DAY.day, _DAY.visits, _DAY.labels, _DAY.data)
        for row in self._session.execute(query.where(self._mine(_DAY)).order_by(_DAY.day)):
            if row.day not in self._stale[row.office_id]:
                block = Block(row.visits, row.labels, row.data)
                yield Day(self._codes[row.office_id], row.day, block)
        for office_id, some in self._fresh.items():
            for values in (values for rows in some for values in rows.days):
                block = Block(values["visits"], values["labels"], values["data"])
                yield Day(self._codes[office_id], values["day"], block)

    def desk_hours(self, *by: str) -> dict[tuple[Any, ...], Hours]:
        """Desk time added up by some of office, desk, staff, day and hour."""
        sums: dict[tuple[Any, ...], Hours] = defaultdict(Hours)
        columns = [getattr(_DESK, name) for name in by]
        figures = [func.sum(getattr(_DESK, name)) for name in Hours.__annotations__]
        query: Select[Any] = select(*columns, *figures).where(self._mine(_DESK), *self._kept())
        for row in self._session.execute(query.group_by(*columns)):
            sums[tuple(row[: len(by)])] += Hours(*map(int, row[len(by) :]))
        for values in self._fresh_hours():
            figures_of = Hours(*(values[name] for name in Hours.__annotations__))
            sums[tuple(values[name] for name in by)] += figures_of
        return sums

    def _mine(self, table: Any) -> Any:
        """The stored rows of the offices and days asked for, but for the stale ones."""
        period = table.day.between(self._query.first, self._query.last)
        offices = table.office_id.in_(list(self._codes))
        if table is _DAY:
            return and_(period, offices)
        fresh = [
            and_(table.office_id == office_id, table.day.not_in(sorted(days)))
            for office_id, days in self._stale.items()
        ]
        return and_(period, offices, or_(*fresh)) if fresh else and_(period, offices)

    def _kept(self) -> list[Any]:
        query = self._query
        kept: list[Any] = []
        if query.desks:
            kept.append((_DESK.office + "/" + _DESK.desk).in_(query.desks))
        if query.staff:
            kept.append(_DESK.staff.in_(query.staff))
        if query.hours:
            kept.append(_DESK.hour.in_(query.hours))
        if query.weekdays:
            days = [day for day in _days(query.first, query.last) if _asked(query, day)]
            kept.append(_DESK.day.in_(days))
        return kept

    def _fresh_hours(self) -> Iterator[dict[str, Any]]:
        query = self._query
        for some in self._fresh.values():
            for values in (values for rows in some for values in rows.desks):
                if (
                    (not query.desks or f"{values['office']}/{values['desk']}" in query.desks)
                    and (not query.staff or values["staff"] in query.staff)
                    and (not query.hours or values["hour"] in query.hours)
                    and _asked(query, values["day"])
                ):
                    yield values


def _asked(query: Query, day: date) -> bool:
    return not query.weekdays or day.weekday() in query.weekdays


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _within(spans: list[tuple[date, date]], query: Query) -> Iterator[tuple[date, date]]:
    for first, last in spans:
        if first <= query.last and last >= query.first:
            yield max(first, query.first), min(last, query.last)
