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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from bench import printing
from bench.installations import free_port
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
    """One that can be killed and started again; never more than one at a time."""

    def __init__(self, *command: str, **environment: str) -> None:
        self._command, self._environment = command, environment
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        words = [sys.executable, "-m", *self._command]
        self._process = subprocess.Popen(
            words, cwd=ROOT, env=self._environment or None, text=True, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

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
        while open_jobs(database) and time.monotonic() - began < most:
            _make_trouble(chance, control, server, agent, outcome)
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
        "turnero_server", "serve", "--port", str(port),
        TURNERO_INSTANCE=str(instance), PYTHONPATH=str(ROOT), LC_ALL="C",
    )  # fmt: skip
    agent = Process("bench.agent_worker", str(machine))
    try:
        yield database, server, agent
    finally:
        agent.kill()
        server.kill()
        database.dispose()


def _make_trouble(
    chance: random.Random, control: Path, server: Process, agent: Process, outcome: Outcome
) -> None:
    """One trouble for a while, then a while of peace."""
    (trouble,) = chance.choices(list(TROUBLES), list(TROUBLES.values()))
    after = chance.randrange(1, 900) if trouble is Fault.HALF else chance.randrange(4)
    lasts, peace = chance.uniform(0.05, 0.7), chance.uniform(0.1, 1.0)
    outcome.troubles[str(trouble)] += 1
    victim = {"kill the agent": agent, "kill the server": server}.get(str(trouble))
    if victim is not None:
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
