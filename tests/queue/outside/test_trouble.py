"""A database that somebody else holds, a full disk, a second server."""

import resource
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg

OFFICE = "office-1"


def take(api: httpx.Client) -> httpx.Response:
    return api.post(f"/offices/{OFFICE}/tickets", json={"service": "rentas"})


def check_unavailable(answer: httpx.Response) -> None:
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/database-unavailable"


@contextmanager
def held_by_somebody_else(server: Any) -> Iterator[None]:
    """Another program keeps a transaction open that every turn has to wait for."""
    if server.embedded:
        other = sqlite3.connect(server.folder / "instance" / "turnero.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()
        return
    with psycopg.connect(server.database_url.replace("+psycopg", "")) as held:
        held.execute("SELECT 1 FROM office_sequence FOR UPDATE")
        yield


def test_a_database_held_by_another_program_delays_turns_and_stops_nothing_else(
    install: Callable[[str], Any],
    listen: Callable[..., Any],
    eventually: Callable[..., None],
    check_consistent: Callable[[str], None],
) -> None:
    servers = [install(engine) for engine in ("sqlite", "postgres")]
    for server in servers:
        server.start()
    # Most of it is waiting, so both are troubled at the same time.
    with ThreadPoolExecutor(len(servers)) as pool:
        for troubled in [pool.submit(trouble, server, listen, eventually) for server in servers]:
            troubled.result()
    for server in servers:
        check_consistent(server.database_url)


def trouble(server: Any, listen: Callable[..., Any], eventually: Callable[..., None]) -> None:
    """Hold the database for too long, and then for a moment."""
    with server.client() as api, ThreadPoolExecutor(1) as person:
        assert take(api).status_code == 201
        hall = listen(server, f"/live/offices/{OFFICE}")
        with held_by_somebody_else(server):
            refused = person.submit(take, api)
            time.sleep(0.5)
            for _ in range(5):
                assert httpx.get(f"{server.url}/healthz", timeout=60, trust_env=False).is_success
                assert len(api.get(f"/offices/{OFFICE}/queue").json()["tickets"]) == 1
            # All that was answered while the turn still waited, which it does for fifteen seconds.
            assert not refused.done()
            check_unavailable(refused.result(60))
            # Meanwhile the hall is told that the server is there.
            eventually(lambda: hall.comments >= 1, "a sign of life in the stream", server.log)
        with held_by_somebody_else(server):
            waited = person.submit(take, api)
            time.sleep(1)
            assert not waited.done()
        assert waited.result(60).status_code == 201
        assert [t["code"] for t in queue(api)] == ["R001", "R002"]


def queue(api: httpx.Client) -> list[dict[str, Any]]:
    tickets: list[dict[str, Any]] = api.get(f"/offices/{OFFICE}/queue").json()["tickets"]
    return tickets


def test_a_full_disk_refuses_turns_whole_and_is_over_when_there_is_room(
    install: Callable[[str], Any], check_consistent: Callable[[str], None]
) -> None:
    server = install("sqlite")
    server.start()
    files = [Path(f"{server.folder}/instance/turnero.db{end}") for end in ("", "-wal")]
    with server.client() as api:
        given = [take(api).json()["code"]]
        (worker,) = server.worker_pids()
        # A file may grow no further, as when nothing is left on its disk.
        full = max(file.stat().st_size for file in files)
        _, hard = resource.prlimit(worker, resource.RLIMIT_FSIZE)
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (full, hard))
        answers = [take(api) for _ in range(50)]
        refused = [answer for answer in answers if answer.status_code != 201]
        assert refused
        for answer in refused:
            check_unavailable(answer)
        assert httpx.get(f"{server.url}/healthz", trust_env=False).is_success
        given += [answer.json()["code"] for answer in answers if answer.status_code == 201]
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (hard, hard))
        given += [take(api).json()["code"] for _ in range(5)]
        assert [ticket["code"] for ticket in queue(api)] == given
        assert given == [f"R{n:03}" for n in range(1, len(given) + 1)]
    check_consistent(server.database_url)


def test_an_embedded_database_is_served_by_one_server_at_a_time(
    running: Callable[[str], Any],
) -> None:
    refused = serve(running("sqlite"))
    assert refused.returncode != 0
    assert "already running" in refused.stderr


def serve(installation: Any) -> subprocess.CompletedProcess[str]:
    port = str(installation.port + 1 if installation.port < 65535 else 20001)
    result: subprocess.CompletedProcess[str] = installation.turnero(
        "serve", "--port", port, check=False
    )
    return result
