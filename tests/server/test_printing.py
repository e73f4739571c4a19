"""What is queued comes out of a printer at once, without anybody asking again."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core import clock, live, live_postgres
from turnero_core.db import Database
from turnero_core.live import Hub
from turnero_core.live_postgres import Listener
from turnero_core.settings import Settings
from turnero_hardware import outbox
from turnero_hardware.models import JobState, Printer, PrinterState, PrintJob
from turnero_hardware.printer_error import PrinterError
from turnero_hardware.slip import Cut, Slip, Text
from turnero_hardware.tcp import NO_PAPER
from turnero_hardware.transports import MemoryTransport, Transport, transport_for
from turnero_hardware.virtual_printer import VirtualPrinter
from turnero_server import printing
from turnero_server.printing import Printing, tray

PATIENCE_S = 60.0
R012 = Slip((Text("R012", size="huge"), Cut()))


@pytest.fixture(autouse=True)
def nobody_asks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the fallback, only the commit itself can wake the printing."""
    monkeypatch.setattr(printing, "POLL_S", 3600.0)
    monkeypatch.setattr(live_postgres, "CHECK_S", 0.05)


@contextmanager
def at_work(
    database: Database, transports: Callable[[str], Transport], *, leads: bool = True
) -> Iterator[Printing]:
    hub = Hub()
    live.connect(database, hub)
    listener = Listener(database, hub)
    hears = None
    if not database.sqlite:
        heard = hub.subscribe("any")
        hears = listener.start()
        heard.get(PATIENCE_S)
    worker = Printing(database, hub, transports, lambda: leads)
    worker.start()
    yield worker
    worker.stop()
    listener.stop()
    if hears is not None:
        hears.join(PATIENCE_S)


def create_printer(database: Database, uri: str = "virtual://tray") -> str:
    with database.write() as session:
        printer = Printer(code="kiosco", name="Kiosco", uri=uri)
        session.add(printer)
        session.flush()
        return printer.id


def enqueue(database: Database, printer_id: str) -> str:
    with database.write() as session:
        return enqueue_in(session, printer_id)


def enqueue_in(session: Session, printer_id: str) -> str:
    printer = session.get_one(Printer, printer_id)
    return outbox.enqueue(session, printer, R012, "ticket", None, clock.now()).id


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


def job(database: Database, job_id: str) -> PrintJob:
    with database.read() as session:
        return session.get_one(PrintJob, job_id)


def test_the_commit_sends_the_slip_to_a_network_printer(database: Database, tmp_path: Path) -> None:
    with VirtualPrinter(tmp_path / "paper") as device:
        printer_id = create_printer(database, f"tcp://127.0.0.1:{device.port}")
        with at_work(database, lambda uri: transport_for(uri, tray=tmp_path)):
            job_id = enqueue(database, printer_id)
            until(lambda: len(device.jobs()) == 1)
            until(lambda: job(database, job_id).state == JobState.PRINTED)
            assert job(database, job_id).attempts == 1


def test_what_waited_before_the_start_prints_at_the_start(database: Database) -> None:
    paper = MemoryTransport()
    enqueue(database, create_printer(database))
    with at_work(database, lambda _: paper):
        until(lambda: len(paper.jobs) == 1)


def test_a_change_that_is_rolled_back_prints_nothing(database: Database) -> None:
    paper = MemoryTransport()
    printer_id = create_printer(database)
    with at_work(database, lambda _: paper):
        with pytest.raises(ZeroDivisionError), database.write() as session:
            enqueue_in(session, printer_id)
            raise ZeroDivisionError
        kept = enqueue(database, printer_id)
        until(lambda: job(database, kept).state == JobState.PRINTED)
    assert len(paper.jobs) == 1


def test_a_process_that_does_not_lead_leaves_the_slips_alone(database: Database) -> None:
    paper = MemoryTransport()
    printer_id = create_printer(database)
    with at_work(database, lambda _: paper, leads=False) as worker:
        job_id = enqueue(database, printer_id)
        worker._print_due()
    assert (paper.jobs, job(database, job_id).state) == ([], JobState.QUEUED)


def test_slips_that_come_while_others_print_are_not_forgotten(database: Database) -> None:
    paper = MemoryTransport()
    printer_id = create_printer(database)
    with at_work(database, lambda _: paper):
        for _ in range(25):
            enqueue(database, printer_id)
        until(lambda: len(paper.jobs) == 25)


def test_a_dead_printer_costs_nobody_a_wait_and_prints_when_it_is_mended(
    database: Database,
) -> None:
    paper = MemoryTransport()
    paper.error = PrinterError(NO_PAPER)
    printer_id = create_printer(database)
    with at_work(database, lambda _: paper):
        job_id = enqueue(database, printer_id)
        until(lambda: job(database, job_id).attempts == 1)
        until(lambda: job(database, job_id).state == JobState.QUEUED)
        assert job(database, job_id).last_error == NO_PAPER
        with database.read() as session:
            printer = session.scalars(select(Printer)).one()
            assert (printer.state, printer.last_error) == (PrinterState.FAILING, NO_PAPER)
        paper.error = None
        with database.write() as session:
            assert outbox.retry_now(session, printer_id, clock.now()) == 1
        until(lambda: job(database, job_id).state == JobState.PRINTED)
    assert len(paper.jobs) == 1
    assert not job(database, job_id).copy


def test_a_printer_that_hangs_holds_up_neither_the_others_nor_the_queue(
    database: Database,
) -> None:
    freed = threading.Event()
    hung, working = MemoryTransport(), MemoryTransport()

    class Hung:
        def send(self, data: bytes) -> None:
            freed.wait(PATIENCE_S)
            hung.send(data)

    def find(uri: str) -> Transport:
        return Hung() if uri.endswith("hung") else working

    with database.write() as session:
        session.add(Printer(code="caja", name="Caja", uri="virtual://hung"))
    with database.read() as session:
        hung_id = session.scalars(select(Printer.id)).one()
    printer_id = create_printer(database)
    with at_work(database, find):
        enqueue(database, hung_id)
        enqueue(database, printer_id)
        until(lambda: len(working.jobs) == 1)
        assert hung.jobs == []
        freed.set()
        until(lambda: len(hung.jobs) == 1)


def test_stopping_lets_the_slip_in_the_printer_end(database: Database) -> None:
    begun = threading.Event()
    paper = MemoryTransport()

    class Slow:
        def send(self, data: bytes) -> None:
            begun.set()
            time.sleep(0.3)
            paper.send(data)

    printer_id = create_printer(database)
    with at_work(database, lambda _: Slow()) as worker:
        job_id = enqueue(database, printer_id)
        assert begun.wait(PATIENCE_S)
        worker.stop()
        assert job(database, job_id).state == JobState.PRINTED
        later = enqueue(database, printer_id)
        time.sleep(0.1)
        assert job(database, later).state == JobState.QUEUED


@pytest.mark.parametrize(
    ("uri", "folder"),
    [
        ("virtual://tray", "tray"),
        ("virtual://centro", "tray/centro"),
        ("virtual://../..", "tray"),
        ("virtual://a/b", "tray"),
    ],
)
def test_each_virtual_printer_has_a_folder_inside_the_instance(
    uri: str, folder: str, tmp_path: Path
) -> None:
    settings = Settings(tmp_path, "sqlite://", "key", "", 0)
    assert tray(settings, uri) == tmp_path / folder
