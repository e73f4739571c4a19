"""Each line of the table: what is done, and what comes out of it."""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from bench import history, installations, pages
from bench.clients import Load, Program
from bench.installations import Server

CLIENTS = 8
STREAMS = (50, 1000, 2000)
HISTORY = (1_000, 1_000_000)


@dataclass(frozen=True)
class Size:
    """How much of everything: a quick look, or numbers worth writing down."""

    rounds: int
    turns: int
    streams: tuple[int, ...]
    calls_per_stream_count: int
    history: tuple[int, int]
    calls_with_history: int


FULL = Size(7, 240, STREAMS, 40, HISTORY, 150)
QUICK = Size(3, 80, (50, 500), 10, (1_000, 100_000), 40)
Row = dict[str, Any]


def rates(size: Size) -> Iterator[Row]:
    """Turns issued and called, beside the bare endpoint: embedded, then on PostgreSQL."""
    with (
        folder() as place,
        installations.product(place) as ours,
        installations.bare(place) as bare,
    ):
        yield from _beside("SQLite, 1 process", ours, bare, size)
    with folder() as place, installations.postgres() as url:
        addresses = url.format("product"), url.format("bare")
        with (
            installations.product(place, addresses[0], 2) as ours,
            installations.bare(place, addresses[1], 2) as bare,
        ):
            yield from _beside("PostgreSQL, 2 processes", ours, bare, size)


def _beside(where: str, ours: Server, bare: Server, size: Size) -> Iterator[Row]:
    sides = ((ours, Load(ours)), (bare, Load(bare)))
    issued: list[list[Pace]] = []
    called: list[list[Pace]] = []
    for turn in range(size.rounds + 1):
        # Interleaved, so that whatever else the machine does weighs on both; the first warms up.
        office = f"office-{turn + 1}"
        issued.append([_pace(s, load.issue, office, size.turns) for s, load in sides])
        called.append([_pace(s, load.call_next, office, size.turns) for s, load in sides])
    for _, load in sides:
        load.close()
    yield _ratio(f"issue a turn, {where}", issued[1:])
    yield _ratio(f"call next, {where}", called[1:])


@dataclass(frozen=True)
class Pace:
    """Requests a second, and the milliseconds of processor time that the server spent on each."""

    per_s: float
    cpu_ms: float


def _pace(
    server: Server, work: Callable[[str, int, int], float], office: str, requests: int
) -> Pace:
    before = server.cpu_seconds()
    per_s = work(office, requests, CLIENTS)
    return Pace(per_s, (server.cpu_seconds() - before) / requests * 1000)


def _ratio(what: str, rounds: list[list[Pace]]) -> Row:
    ours, bare = zip(*rounds, strict=True)
    return {
        "what": what,
        "per_s": round(median(pace.per_s for pace in ours)),
        "bare_per_s": round(median(pace.per_s for pace in bare)),
        "ratio": round(median(a.per_s / b.per_s for a, b in rounds), 2),
        "cpu_ms": round(median(pace.cpu_ms for pace in ours), 2),
        "bare_cpu_ms": round(median(pace.cpu_ms for pace in bare), 2),
    }


def call_to_screen(size: Size) -> Iterator[Row]:
    """From the request to call until each of many open screens has it."""
    with folder() as place, installations.product(place) as server:
        screens = Program("streams.py", str(server.port))
        for number, streams in enumerate(size.streams, 1):
            yield _latency(server, screens, streams, size.calls_per_stream_count, number)
        screens.close()


def _latency(server: Server, screens: Program, streams: int, calls: int, number: int) -> Row:
    office = "office-1"
    Load(server).issue(office, calls + CLIENTS, CLIENTS)
    ready = screens.ask({"path": f"/live/offices/{office}", "streams": streams})["ready"]
    if ready < streams:
        raise RuntimeError(f"only {ready} of {streams} streams opened")
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    from_request: list[float] = []
    from_answer: list[float] = []
    for _ in range(calls):
        asked = time.monotonic()
        ticket = _call(client, server.token, office, str(number))
        answered = time.monotonic()
        heard = screens.ask({"expect": ticket, "timeout": 30})["heard"]
        if len(heard) != streams:
            raise RuntimeError(f"{ticket} reached {len(heard)} of {streams} streams")
        from_request += [at - asked for at in heard]
        from_answer += [at - answered for at in heard]
        time.sleep(0.05)
    client.close()
    return {
        "what": f"call to screen, {streams} streams",
        "p50_ms": _ms(from_request, 0.5),
        "p99_ms": _ms(from_request, 0.99),
        "after_answer_p50_ms": _ms(from_answer, 0.5),
        "after_answer_p99_ms": _ms(from_answer, 0.99),
    }


def _call(client: http.client.HTTPConnection, token: str, office: str, desk: str) -> str:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    path = f"/api/v1/offices/{office}/desks/{desk}/call-next"
    client.request("POST", path, b'{"finish_current": true}', headers)
    answer = client.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"call-next answered {answer.status}: {body.decode()}")
    return str(json.loads(body)["ticket"]["code"])


def _ms(seconds: list[float], share: float) -> float:
    ordered = sorted(seconds)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000, 1)


def with_history(size: Size) -> Iterator[Row]:
    """Calling the next with little and with much history in the same database."""
    places = [TemporaryDirectory(prefix="turnero-bench-") for _ in size.history]
    contexts = []
    loads: list[Load] = []
    try:
        for place, tickets in zip(places, size.history, strict=True):
            context = installations.product(
                Path(place.name), prepare=lambda file, n=tickets: history.fill(file, n)
            )
            contexts.append(context)
            loads.append(Load(context.__enter__()))
        each: list[list[float]] = [[] for _ in loads]
        for turn in range(size.rounds):
            for load, times in zip(loads, each, strict=True):
                office = f"office-{turn + 1}"
                load.issue(office, size.calls_with_history + CLIENTS, CLIENTS)
                path = f"/api/v1/offices/{office}/desks/1/call-next"
                body = {"finish_current": True}
                times.append(median(load.times(path, body, size.calls_with_history)))
    finally:
        for load in loads:
            load.close()
        for context in contexts:
            context.__exit__(None, None, None)
        for place in places:
            place.cleanup()
    little, much = (median(times) * 1000 for times in each)
    yield {
        "what": f"call next, {size.history[1]:,} tickets of history beside {size.history[0]:,}",
        "ms": round(much, 2),
        "beside_ms": round(little, 2),
        "ratio": round(median(b / a for a, b in zip(*each, strict=True)), 2),
    }


def first_pages(size: Size) -> Iterator[Row]:
    """Bytes of the first page of each face, with everything it needs."""
    with folder() as place, installations.product(place) as server:
        ticket = pages.take_turn(server)
        for face, path in pages.addresses(ticket):
            yield pages.weigh(server, face, path)


@contextmanager
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="turnero-bench-") as name:
        yield Path(name)
