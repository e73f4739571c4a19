"""Printing through an agent while everything fails: `python -m bench.agent_printing --jobs 1000`.

A server process holds the slips, an agent process claims and prints them, a printer process
resets connections, hangs and runs out of paper; server and agent are killed at moments that a
seed decides. Afterwards every piece of paper is read, as in `bench.printing`.
"""

import random
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
from bench import printing
from bench.installations import START_S, free_port
from bench.printing import ROOT, Outcome, end_now, enqueue_slips, judge, open_jobs, states_of, tell

from turnero_core import clock, sealed, settings
from turnero_core.db import Database
from turnero_hardware.agent import state
from turnero_hardware.agent.state import Identity
from turnero_hardware.models import JobState
from turnero_hardware.virtual_printer import CONTROL_FILE, Fault
from turnero_queue import configuration, devices
from turnero_server import schema

TROUBLES = {
    Fault.HALF: 6,
    Fault.PAPER_OUT: 3,
    Fault.SILENT: 1,
    Fault.COVER_OPEN: 2,
    Fault.REFUSE: 2,
    "kill the agent": 4,
    "kill the server": 2,
}
CITY = b"""
municipality: {name: San Martin, timezone: America/Lima, locale: es, languages: [es], currency: PEN}
services:
  - {code: rentas, prefix: R, name: {es: Rentas}}
priorities:
  - {code: standard, name: {es: General}}
offices:
  - code: centro
    name: {es: Centro}
    hours: {mon-sun: ["00:00-24:00"]}
"""
MOST_SECONDS_A_JOB = 1.5


class Process:
    """One that can be killed and started again; never more than one at a time. `is_up` says
    whether it has begun its work."""

    def __init__(self, is_up: Callable[[], bool], *command: str, **environment: str) -> None:
        self._is_up, self._command, self._environment = is_up, command, environment
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        words = [sys.executable, "-m", *self._command]
        self._process = subprocess.Popen(
            words, cwd=ROOT, env=self._environment or None, text=True, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        # A loaded machine starts it slowly: killed before it works, it would never do any.
        end = time.monotonic() + START_S
        while not self._is_up() and time.monotonic() < end:
            time.sleep(0.05)

    def kill(self) -> None:
        """With everything it started, and without a word of warning."""
        if self._process is not None:
            end_now(self._process, group=True)
            self._process = None


def torture(folder: Path, jobs: int, seed: int) -> Outcome:
    """Print `jobs` slips under troubles; `folder` is for the installation and the paper."""
    outcome = Outcome(seed)
    chance = random.Random(seed)  # noqa: S311 - repeatable troubles, not a secret
    began = time.monotonic()
    with (
        printing.printer_process(folder / "paper") as uri,
        _installation(folder, uri, jobs) as (database, server, agent),
    ):
        server.start()
        agent.start()
        control = folder / "paper" / CONTROL_FILE
        most = 40 + jobs * MOST_SECONDS_A_JOB
        for trouble in ("kill the agent", "kill the server"):
            _make_trouble(chance, control, {"agent": agent, "server": server}, outcome, trouble)
        while open_jobs(database) and time.monotonic() - began < most:
            (trouble,) = chance.choices(list(TROUBLES), list(TROUBLES.values()))
            _make_trouble(chance, control, {"agent": agent, "server": server}, outcome, trouble)
        printing.settle(database, folder / "paper")
        states = states_of(database)
    outcome.seconds = time.monotonic() - began
    if set(states) != {JobState.PRINTED}:
        outcome.complaints.append(f"not everything was printed: {dict(states)}")
    judge(folder / "paper", jobs, outcome)
    return outcome


@contextmanager
def _installation(folder: Path, uri: str, jobs: int) -> Iterator[tuple[Database, Process, Process]]:
    """A server with slips for the printer of one agent, which is enrolled; both not started."""
    instance, machine, port = folder / "instance", folder / "machine", free_port()
    settings.make_instance(instance)
    chosen = settings.read({"TURNERO_INSTANCE": str(instance)})
    sealed.use(chosen.secret_key)
    database = Database(chosen.database_url)
    schema.upgrade(database)
    now = clock.now()
    with database.write() as session:
        configuration.apply(session, configuration.parse(CITY, "city.yaml"), actor="bench")
        code = devices.invite(session, "agent", name="Hall", office_id=None, actor="b", now=now)
        device, token = devices.redeem(session, code, now)
        own = device.id
    enqueue_slips(database, uri, jobs, own)
    state.save(machine, Identity(f"http://127.0.0.1:{port}", token, "hall", "first"))
    server = Process(
        lambda: _answers(port), "turnero_server", "serve", "--port", str(port),
        TURNERO_INSTANCE=str(instance), PYTHONPATH=str(ROOT), LC_ALL="C",
    )  # fmt: skip
    agent = Process(lambda: state.is_running(machine), "bench.agent_worker", str(machine))
    try:
        yield database, server, agent
    finally:
        agent.kill()
        server.kill()
        database.dispose()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
            return True
    except OSError:
        return False


def _make_trouble(
    chance: random.Random,
    control: Path,
    victims: Mapping[str, Process],
    outcome: Outcome,
    trouble: str,
) -> None:
    """One trouble for a while, then a while of peace."""
    after = chance.randrange(1, 900) if trouble is Fault.HALF else chance.randrange(4)
    lasts, peace = chance.uniform(0.05, 0.5), chance.uniform(0.05, 0.5)
    outcome.troubles[str(trouble)] += 1
    if trouble in ("kill the agent", "kill the server"):
        victim = victims[trouble.removeprefix("kill the ")]
        time.sleep(peace)
        victim.kill()
        time.sleep(lasts)
        victim.start()
    else:
        tell(control, f"{trouble} {after}")
        time.sleep(lasts)
        tell(control, "")
    time.sleep(peace)


@click.command()
@click.option("--jobs", default=1000, show_default=True)
@click.option("--seed", type=int, help="Makes the same troubles again.")
def main(jobs: int, seed: int | None) -> None:
    seed = seed if seed is not None else random.SystemRandom().randrange(10**6)
    click.echo(f"{jobs} slips, seed {seed}")
    with tempfile.TemporaryDirectory() as folder:
        outcome = torture(Path(folder), jobs, seed)
    printing.show(outcome)
    sys.exit(bool(outcome.complaints))


if __name__ == "__main__":
    main()
