"""Printing under everything that goes wrong at once: `python -m bench.printing --jobs 1000`.

A printer process resets connections, hangs, slows down, opens its cover and runs out of paper,
while the process that prints is killed, at moments that a seed decides. Afterwards every piece of
paper is read: each slip has to be there, none twice without the mark of a copy, in order. The
same seed makes the same troubles in the same order.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import click
from sqlalchemy import func, select

from turnero_core.clock import now
from turnero_core.db import Base, Database
from turnero_hardware.escpos_read import read
from turnero_hardware.models import JobState, Printer, PrintJob, PrintJobEvent
from turnero_hardware.outbox import enqueue
from turnero_hardware.slip import Cut, Qr, Slip, Text
from turnero_hardware.virtual_printer import CONTROL_FILE, Fault

ROOT = Path(__file__).resolve().parents[1]
# How often each trouble comes, against the others.
TROUBLES = {
    Fault.HALF: 6,
    Fault.PAPER_OUT: 4,
    Fault.SILENT: 2,
    Fault.COVER_OPEN: 2,
    Fault.CUTTER: 1,
    Fault.REFUSE: 2,
    Fault.SLOW: 1,
    "kill": 2,
}
MOST_SECONDS_A_JOB = 1.0


@dataclass
class Outcome:
    """What stands on paper after a run; `complaints` is empty when all is as it must be."""

    seed: int
    seconds: float = 0.0
    troubles: Counter[str] = field(default_factory=Counter)
    slips: int = 0
    copies: int = 0
    partials: int = 0
    complaints: list[str] = field(default_factory=list)


def torture(folder: Path, jobs: int, seed: int, url: str = "") -> Outcome:
    """Print `jobs` slips under troubles; `folder` is for the database and the paper."""
    outcome = Outcome(seed)
    chance = random.Random(seed)  # noqa: S311 - repeatable troubles, not a secret
    database = Database(url or f"sqlite:///{folder / 'outbox.db'}")
    began = time.monotonic()
    with printer_process(folder / "paper") as uri, _Workers(str(database.url)) as workers:
        fill(database, uri, jobs)
        workers.go()
        control = folder / "paper" / CONTROL_FILE
        while open_jobs(database) and time.monotonic() - began < 20 + jobs * MOST_SECONDS_A_JOB:
            _make_trouble(chance, control, workers, outcome)
        settle(database, folder / "paper")
        states = states_of(database)
    outcome.seconds = time.monotonic() - began
    if set(states) != {JobState.PRINTED}:
        outcome.complaints.append(f"not everything was printed: {dict(states)}")
    judge(folder / "paper", jobs, outcome)
    database.dispose()
    return outcome


def fill(database: Database, uri: str, jobs: int) -> None:
    tables = [model.__table__ for model in (Printer, PrintJob, PrintJobEvent)]
    Base.metadata.create_all(database.engine, tables=tables)  # type: ignore[arg-type]
    enqueue_slips(database, uri, jobs)


def enqueue_slips(database: Database, uri: str, jobs: int, device_id: str | None = None) -> None:
    """A printer at `uri` with so many slips to print, numbered in their order."""
    with database.write() as session:
        printer = Printer(code="hall", name="Hall", uri=uri, device_id=device_id)
        session.add(printer)
        session.flush()
        first = now()
        for number in range(jobs):
            at = first + timedelta(microseconds=number)
            enqueue(session, printer, slip(number), "receipt", None, at)


def slip(number: int) -> Slip:
    lines = (Text(f"Line {line} of the slip") for line in range(8))
    return Slip(
        (Text(f"T{number:04}", size="huge"), *lines, Qr(f"https://t.example/{number}"), Cut())
    )


def _make_trouble(
    chance: random.Random, control: Path, workers: "_Workers", outcome: Outcome
) -> None:
    """One trouble for a while, then a while of peace."""
    (trouble,) = chance.choices(list(TROUBLES), list(TROUBLES.values()))
    after = chance.randrange(1, 900) if trouble is Fault.HALF else chance.randrange(4)
    lasts, peace = chance.uniform(0.05, 0.7), chance.uniform(0.02, 0.3)
    outcome.troubles[str(trouble)] += 1
    if trouble == "kill":
        workers.kill_and_replace()
    else:
        tell(control, f"{trouble} {after}")
        time.sleep(lasts)
        tell(control, "")
    time.sleep(peace)


def tell(control: Path, words: str) -> None:
    draft = control.with_suffix(".new")
    draft.write_text(words, "utf-8")
    draft.rename(control)


class _Workers:
    """The process that prints, and one that stands by to take its place."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.at_work, self.standing_by = self._start(), self._start()

    def __enter__(self) -> "_Workers":
        return self

    def __exit__(self, *_: object) -> None:
        for process in (self.at_work, self.standing_by):
            end_now(process)

    def go(self) -> None:
        assert self.at_work.stdin
        self.at_work.stdin.write("go\n")
        self.at_work.stdin.flush()

    def kill_and_replace(self) -> None:
        end_now(self.at_work)
        self.at_work, self.standing_by = self.standing_by, self._start()
        self.go()

    def _start(self) -> "subprocess.Popen[str]":
        words = [sys.executable, "-m", "bench.printing_worker", self.url]
        return subprocess.Popen(
            words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip


def end_now(process: "subprocess.Popen[str]", *, group: bool = False) -> None:
    """Kill it without a word of warning, or the whole group that it leads."""
    (os.killpg if group else os.kill)(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()


@contextmanager
def printer_process(paper: Path) -> Iterator[str]:
    """A virtual printer in a process of its own; gives its address."""
    words = [sys.executable, "-m", "turnero_hardware.virtual_printer", "--port", "0", "--tray"]
    process = subprocess.Popen([*words, str(paper)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        said = process.stdout.readline()
        yield "tcp://" + said.split()[2].rstrip(",")
    finally:
        end_now(process)


def open_jobs(database: Database) -> int:
    return sum(count for state, count in states_of(database).items() if state != JobState.PRINTED)


def states_of(database: Database) -> Counter[str]:
    with database.read() as session:
        rows = session.execute(select(PrintJob.state, func.count()).group_by(PrintJob.state))
        return Counter(dict(rows.all()))


def settle(database: Database, paper: Path) -> None:
    """Let everything end in peace, and the printer print what it still holds."""
    end = time.monotonic() + 15
    while open_jobs(database) and time.monotonic() < end:
        time.sleep(0.05)
    before = -1
    while before != (before := len(list(paper.iterdir()))):
        time.sleep(0.5)


def judge(paper: Path, jobs: int, outcome: Outcome) -> None:
    whole, originals = [], Counter[str]()
    for file in sorted([*paper.glob("*.bin"), *paper.glob("*.partial")]):
        lines = read(file.read_bytes()).lines
        number = next((line.text for line in lines if line.text[:1] == "T"), "")
        copy = bool(lines) and lines[0].style.invert
        if file.suffix == ".partial":
            outcome.partials += 1
        elif number:
            outcome.slips += 1
            outcome.copies += copy
            whole.append(number)
        if number and not copy:
            originals[number] += 1
    order = list(dict.fromkeys(whole))
    wanted = [f"T{number:04}" for number in range(jobs)]
    missing = sorted(set(wanted) - set(order))
    doubled = sorted(number for number, count in originals.items() if count > 1)
    if missing:
        outcome.complaints.append(f"never came out: {missing}")
    if doubled:
        outcome.complaints.append(f"came out twice without the mark of a copy: {doubled}")
    if not missing and order != wanted:
        first = next(
            i for i, pair in enumerate(zip(order, wanted, strict=True)) if len({*pair}) > 1
        )
        outcome.complaints.append(f"out of order from {wanted[first]}: {order[first : first + 5]}")


def show(outcome: Outcome) -> None:
    click.echo(f"{outcome.seconds:.0f} s; troubles: {dict(outcome.troubles)}")
    click.echo(
        f"{outcome.slips} whole slips, {outcome.copies} of them marked as copies; "
        f"{outcome.partials} pieces of slips that did not come out whole"
    )
    for complaint in outcome.complaints:
        click.echo(complaint)


@click.command()
@click.option("--jobs", default=1000, show_default=True)
@click.option("--seed", type=int, help="Makes the same troubles again.")
def main(jobs: int, seed: int | None) -> None:
    seed = seed if seed is not None else random.SystemRandom().randrange(10**6)
    click.echo(f"{jobs} slips, seed {seed}")
    with tempfile.TemporaryDirectory() as folder:
        outcome = torture(Path(folder), jobs, seed)
    show(outcome)
    sys.exit(bool(outcome.complaints))


if __name__ == "__main__":
    main()
