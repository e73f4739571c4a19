"""Which days a query takes in: stored ones, and those changed since straight from the events."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from turnero_queue import models, sequence
from turnero_queue.catalogue import Catalogue
from turnero_queue.statistics import history, store
from turnero_queue.statistics.block import SHAPES, Block
from turnero_queue.statistics.columns import Columns, Day
from turnero_queue.statistics.query import Query

_TABLE = models.StatisticDay
# As text: what many a figure is counted from needs none of them.
_LABELS = cast(_TABLE.labels, Text)


class Selection:
    """Within one transaction; what is stored of a day that has changed since is passed over."""

    def __init__(self, session: Session, configured: Catalogue, query: Query) -> None:
        self._session = session
        self._query = query
        self._codes = {office.id: office.code for office in query.offices}
        self._stale: set[tuple[str, date]] = set()
        self._fresh: list[store.Values] = []
        for office in query.offices:
            before = store.progress(session, office)
            upto = sequence.last_seq(session, office.id)
            for first, last in _within(store.stale(session, office, before, upto), query):
                self._stale |= {(office.id, day) for day in _days(first, last)}
                told = history.read(session, configured, office, first, last, upto)
                self._fresh += store.rows_of(office, told).days

    def columns(self, kind: str) -> Columns:
        """Of "visits" or "desks"."""
        return Columns(SHAPES[kind], self._blocks(kind), self._query)

    def _blocks(self, kind: str) -> Iterator[Day]:
        query = (
            select(_TABLE.office_id, _TABLE.day, _TABLE.count, _LABELS, _TABLE.data)
            .where(
                _TABLE.kind == kind,
                _TABLE.office_id.in_(list(self._codes)),
                _TABLE.day.between(self._query.first, self._query.last),
            )
            .order_by(_TABLE.day)
        )
        for office_id, day, count, labels, data in self._session.execute(query):
            if (office_id, day) not in self._stale:
                yield Day(self._codes[office_id], day, Block(count, labels, data))
        for row in self._fresh:
            if row["kind"] == kind:
                block = Block(row["count"], row["labels"], row["data"])
                yield Day(self._codes[row["office_id"]], row["day"], block)


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _within(spans: list[tuple[date, date]], query: Query) -> Iterator[tuple[date, date]]:
    for first, last in spans:
        if first <= query.last and last >= query.first:
            yield max(first, query.first), min(last, query.last)
