"""turnero serve and demo: they answer, they stop, and they refuse to start for a good reason."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text, update
from tests.server.installation import Installation

from turnero_core import clock
from turnero_core.db import Database
from turnero_queue.models import OfficeSequence

PATIENCE_S = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(installation: Installation, *args: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The command `turnero args --port …` once it answers, with its address."""
    port = free_port()
    command = [sys.executable, "-m", "turnero_server", *args, "--port", str(port)]
    with subprocess.Popen(
        command,
        env=installation.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            _await(f"http://127.0.0.1:{port}/healthz", server)
            yield f"http://127.0.0.1:{port}", server
        finally:
            server.terminate()
            server.communicate(timeout=PATIENCE_S)


def _await(address: str, server: subprocess.Popen[str]) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and server.poll() is None:
        try:
            httpx.get(address, timeout=PATIENCE_S)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    server.kill()
    pytest.fail(f"no answer from {address}: {server.communicate()[1]}")


def test_a_configured_server_is_ready_and_stops_when_told(configured: Installation) -> None:
    with running(configured, "serve") as (site, server):
        assert httpx.get(f"{site}/readyz").json()["status"] == "ready"
        refused = configured.refused("serve", "--port", str(free_port()))
        assert "A server is already running" in refused
        restore = configured.refused("restore", "--force", __file__)
        assert "is not a backup" in restore
        assert "run by" in configured.run("doctor")
        server.send_signal(signal.SIGTERM)
        assert server.wait(PATIENCE_S) == 0
    assert "nobody runs them at the moment" in configured.run("doctor")


def test_turns_are_given_and_saved_while_serving(configured: Installation) -> None:
    token = configured.run("token", "create", "--name", "app", "--scope", "all").strip()
    with running(configured, "serve", "--workers", "4") as (site, _):
        backup = configured.instance.parent / "while-serving.zip"
        assert "Saved " in configured.run("backup", backup)
        answer = httpx.get(
            f"{site}/api/v1/offices/centro/queue", headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.json()["tickets"] == []


def test_a_taken_port_is_said_before_anything_else(embedded: Installation) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = embedded.refused("serve", "--port", port)
        assert f"Cannot listen on 127.0.0.1:{port}" in said
        assert "--port" in said
        assert f"Cannot listen on 127.0.0.1:{port}" in embedded.refused("demo", "--port", port)


def test_it_does_not_start_on_tables_of_another_version(embedded: Installation) -> None:
    database = Database(embedded.database_url)
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    said = embedded.refused("serve")
    assert "made by a newer Turnero" in said
    assert "9999" in said
    assert "made by a newer Turnero" in embedded.try_to("doctor").stdout
    assert "made by a newer Turnero" in embedded.refused("migrate")
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    database.dispose()
    assert "run “turnero migrate”" in embedded.refused("serve")


def test_it_does_not_start_with_a_clock_behind_until_that_is_accepted(
    configured: Installation,
) -> None:
    database = Database(configured.database_url)
    with database.write() as session:
        session.execute(update(OfficeSequence).values(last_at=clock.now() + timedelta(days=1)))
    database.dispose()
    assert "turnero doctor --accept-clock" in configured.refused("serve")
    assert configured.try_to("doctor").returncode == 1
    configured.run("doctor", "--accept-clock")
    with running(configured, "serve") as (site, _):
        assert httpx.get(f"{site}/readyz").status_code == 200


def test_it_does_not_start_without_an_instance(blank: Installation) -> None:
    assert "run “turnero init”" in blank.refused("serve")


def test_the_demonstration_keeps_its_logins_and_token_from_run_to_run(
    embedded: Installation,
) -> None:
    with running(embedded, "demo", "--without-past") as (site, _):
        token = (embedded.instance / "demo_token").read_text().strip()
        office = httpx.get(f"{site}/api/v1/offices/centro").json()
        assert office["open_now"] is True
    people = embedded.run("staff", "list")
    assert "ventanilla.centro\tattendant@centro" in people
    with running(embedded, "demo", "--without-past"):
        assert (embedded.instance / "demo_token").read_text().strip() == token
    assert embedded.run("staff", "list") == people
    with running(embedded, "demo", "--reset", "--without-past"):
        assert (embedded.instance / "demo_token").read_text().strip() != token
