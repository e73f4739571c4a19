"""Statistics over a year of half a million tickets, on both databases."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from bench import installations
from bench.measurements import Row, Size

from turnero_core.db import Database
from turnero_queue import catalogue, configuration, statistics
from turnero_queue.statistics import DIMENSIONS, Query, Report, updating
from turnero_server import schema
from turnero_server.demo import past

OFFICES, DESKS, SERVICES, DAYS = 10, 8, 6, 250
TICKETS = {True: 500_000, False: 50_000}
CITY = """
municipality: {name: San Martín, timezone: America/Lima, locale: es, languages: [es], currency: PEN}
priorities:
  - {code: standard, name: {es: General}}
  - {code: preferential, name: {es: Preferencial}, head_start_minutes: 45}
services:
"""


def city() -> str:
    services = [f"s{n}" for n in range(SERVICES)]
    lines = [f"  - {{code: {code}, prefix: A, name: {{es: {code}}}}}" for code in services]
    lines.append("offices:")
    for office in range(OFFICES):
        lines += [
            f"  - code: office-{office}",
            f"    name: {{es: Oficina {office}}}",
            '    hours: {mon-fri: ["08:00-16:00"]}',
            "    desks:",
        ]
        lines += [
            f'      - {{code: "{n}", name: {{es: Uno}}, services: [{", ".join(services)}]}}'
            for n in range(DESKS)
        ]
    return CITY + "\n".join(lines) + "\n"


def everything(size: Size) -> Iterator[Row]:
    tickets = TICKETS[size.rounds > 3]
    with TemporaryDirectory(prefix="turnero-bench-") as name, installations.postgres() as url:
        embedded = f"sqlite:///{Path(name) / 'year.db'}"
        served = url.format("product").replace("postgresql://", "postgresql+psycopg://", 1)
        for where, address in (("SQLite", embedded), ("PostgreSQL", served)):
            with year(address, tickets) as (database, days, row):
                yield {"what": f"take {tickets:,} tickets into the statistics, {where}", **row}
                yield from queries(database, days, where, size.rounds)


@contextmanager
def year(address: str, tickets: int) -> Iterator[tuple[Database, list[date], Row]]:
    """A database with a year in it, taken into the statistics; and what that took."""
    database = Database(address)
    schema.upgrade(database)
    with database.write() as session:
        wanted = configuration.parse(city().encode(), "city.yaml")
        configuration.apply(session, wanted, actor="bench")
    days = past.weekdays(datetime.now(UTC).date(), DAYS)
    made = past.fill(database, tickets, days)
    began = time.perf_counter()
    while _advance(database):
        pass
    took = time.perf_counter() - began
    yield database, days, {"s": round(took, 1), "tickets": made}
    database.dispose()


def _advance(database: Database) -> int:
    with database.write() as session:
        return updating.bring_up_to_date(session, datetime.now(UTC))


def queries(database: Database, days: list[date], where: str, rounds: int) -> Iterator[Row]:
    """The whole year with every table, and the same for each filter."""
    filters: dict[str, dict[str, Any]] = {
        "everything": {},
        "one service": {"services": ["s1"]},
        "one desk": {"desks": ["office-3/2"]},
        "one of staff": {"staff": ["office-3-2a"]},
        "one priority": {"priorities": ["standard"]},
        "one origin": {"origins": ["kiosk"]},
        "some hours": {"hours": [9, 10, 11]},
        "weekdays": {"weekdays": [0, 1, 2, 3]},
    }
    for name, wanted in filters.items():
        totals, whole = [], []
        for _ in range(rounds + 1):
            totals.append(_timed(database, days, wanted, lambda report: report.totals))
            whole.append(_timed(database, days, wanted, every_table))
        yield {
            "what": f"a year's statistics, {name}, {where}",
            "totals_ms": round(median(totals[1:])),
            "every_table_ms": round(median(whole[1:])),
        }


def every_table(report: Report) -> None:
    report.heat_map()
    for dimension in DIMENSIONS:
        report.by(dimension)


def _timed(
    database: Database, days: list[date], wanted: dict[str, Any], look: Callable[[Report], object]
) -> float:
    began = time.perf_counter()
    with database.read() as session:
        offices = catalogue.current(session).offices
        look(statistics.report(session, Query(offices, days[0], days[-1], **wanted)))
    return (time.perf_counter() - began) * 1000
