"""Appointments: booking end to end beside the bare endpoint, and two months of free slots."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from bench import installations, timetable
from bench.clients import Program
from bench.installations import Server
from bench.measurements import CLIENTS, Size, folder

Row = dict[str, Any]
BOOKED = 5_000
DAYS = 60
SERVICES = 10


def everything(size: Size) -> Iterator[Row]:
    yield from bookings(size)
    yield from slots(size)


def bookings(size: Size) -> Iterator[Row]:
    """Two requests each: the place is held, then confirmed with an e-mail address."""
    with (
        folder() as place,
        installations.product(place) as ours,
        installations.bare(place) as bare,
    ):
        sides = [
            (server, Program("booking.py", str(server.port), server.token or "none"))
            for server in (ours, bare)
        ]
        rounds = []
        for turn in range(size.rounds + 1):
            # Interleaved as all the others are; the first warms up.
            office = f"office-{turn + 1}"
            rounds.append([_book(server, program, office, size.turns) for server, program in sides])
        for _, program in sides:
            program.close()
    mine, theirs = zip(*rounds[1:], strict=True)
    yield {
        "what": "book an appointment (hold, confirm), SQLite, 1 process",
        "per_s": round(median(pace for pace, _ in mine)),
        "bare_per_s": round(median(pace for pace, _ in theirs)),
        "ratio": round(median(a[0] / b[0] for a, b in zip(mine, theirs, strict=True)), 2),
        "cpu_ms": round(median(cpu for _, cpu in mine), 2),
        "bare_cpu_ms": round(median(cpu for _, cpu in theirs), 2),
    }


def _book(server: Server, program: Program, office: str, count: int) -> tuple[float, float]:
    before = server.cpu_seconds()
    task = {"connections": CLIENTS, "bookings": count, "office": office, "starts": _starts()}
    answer = program.ask(task)
    if set(answer["states"]) != {"confirmed"}:
        raise RuntimeError(f"{server.name} answered {answer['states']}")
    cpu_ms = (server.cpu_seconds() - before) / count * 1000
    return count / float(answer["seconds"]), cpu_ms


def _starts() -> list[str]:
    first = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    return [(first + timedelta(minutes=15 * n)).strftime("%Y-%m-%dT%H:%M:%SZ") for n in range(96)]


def slots(size: Size) -> Iterator[Row]:
    """The free slots of ten services, each for 60 days, one service after another."""
    with TemporaryDirectory(prefix="turnero-bench-") as name:
        database = timetable.make(Path(name) / "slots.db", SERVICES, BOOKED)
        fresh, known, found = [], [], 0
        for _ in range(size.rounds + 1):
            timetable.forget(database)
            fresh.append(_timed(database))
            known.append(_timed(database))
            found = timetable.list_all(database, DAYS)
        database.dispose()
    yield {
        "what": f"slots of {SERVICES} services, {DAYS} days, {BOOKED:,} bookings",
        "ms": round(median(fresh[1:]), 1),
        "unchanged_ms": round(median(known[1:]), 1),
        "slots": found,
    }


def _timed(database: Any) -> float:
    began = time.perf_counter()
    timetable.list_all(database, DAYS)
    return (time.perf_counter() - began) * 1000
