"""The worker empties the outbox into the printers, and no printer waits for another."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core.clock import now
from turnero_core.db import Database
from turnero_hardware.dialogue import Timing
from turnero_hardware.escpos_read import read
from turnero_hardware.models import Printer, PrintJob
from turnero_hardware.outbox import LEASE, claim, enqueue
from turnero_hardware.print_worker import TOO_LONG, UNKNOWN_MODEL, UNPRINTABLE, PrintWorker
from turnero_hardware.printer_error import PrinterError
from turnero_hardware.slip import Picture, Slip, Text
from turnero_hardware.tcp import CLOSED, NO_PAPER, TcpTransport
from turnero_hardware.transports import MemoryTransport, Transport
from turnero_hardware.virtual_printer import Fault, VirtualPrinter


class Office:
    """A database, printers by their code, and a worker that serves them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.cables: dict[str, Transport] = {}
        self.open_units = 0
        self.worker = PrintWorker(self._counted, lambda uri: self.cables[uri])

    @contextmanager
    def _counted(self) -> Iterator[Session]:
        with self.database.write() as session:
            self.open_units += 1
            try:
                yield session
            finally:
                self.open_units -= 1

    def printer(self, code: str, cable: Transport, profile: str = "80mm") -> None:
        self.cables[f"memory://{code}"] = cable
        with self.database.write() as session:
            session.add(Printer(code=code, name=code, uri=f"memory://{code}", profile=profile))

    def slip(self, code: str, text: str, slip: Slip | None = None) -> None:
        with self.database.write() as session:
            printer = session.scalars(select(Printer).where(Printer.code == code)).one()
            enqueue(session, printer, slip or Slip((Text(text),)), "ticket", None, now())

    def jobs(self) -> list[tuple[str, int, bool, str | None]]:
        with self.database.read() as session:
            jobs = session.scalars(select(PrintJob).order_by(PrintJob.created_at, PrintJob.id))
            return [(job.state, job.attempts, job.copy, job.last_error) for job in jobs]

    def printer_state(self, code: str) -> tuple[str, str | None]:
        with self.database.read() as session:
            printer = session.scalars(select(Printer).where(Printer.code == code)).one()
            return printer.state, printer.last_error


@pytest.fixture
def office(outbox_database: Database, clock: time_machine.Traveller) -> Iterator[Office]:
    opened = Office(outbox_database)
    yield opened
    opened.worker.close()


def test_everything_due_is_printed_in_order(office: Office) -> None:
    cable = MemoryTransport()
    office.printer("hall", cable)
    for number in ("R012", "R013", "R014"):
        office.slip("hall", number)

    assert office.worker.run_once() == 3

    assert [read(job).text for job in cable.jobs] == ["R012", "R013", "R014"]
    assert office.jobs() == [("printed", 1, False, None)] * 3
    assert office.printer_state("hall") == ("ready", None)
    assert office.worker.run_once() == 0
    assert len(cable.jobs) == 3


def test_a_printer_without_paper_prints_nothing_twice_and_goes_on_when_it_has_some(
    office: Office, clock: time_machine.Traveller
) -> None:
    cable = MemoryTransport()
    cable.error = PrinterError(NO_PAPER)
    office.printer("hall", cable)
    office.slip("hall", "R012")
    office.slip("hall", "R013")

    assert office.worker.run_once() == 1
    assert office.worker.run_once() == 0
    assert office.jobs() == [("queued", 1, False, NO_PAPER), ("queued", 0, False, None)]
    assert office.printer_state("hall") == ("failing", NO_PAPER)

    cable.error = None
    clock.shift(timedelta(seconds=2))
    assert office.worker.run_once() == 2
    assert [read(job).text for job in cable.jobs] == ["R012", "R013"]
    assert office.printer_state("hall") == ("ready", None)


def test_a_hanging_printer_does_not_hold_up_the_others(office: Office) -> None:
    release = threading.Event()

    class HangingTransport:
        def send(self, data: bytes) -> None:
            release.wait(10)

    hall = MemoryTransport()
    office.printer("annex", HangingTransport())
    office.printer("hall", hall)
    office.slip("annex", "A001")
    office.slip("hall", "R012")

    lanes = office.worker.dispatch()
    office.slip("hall", "R013")
    for _ in range(500):
        lanes += office.worker.dispatch()
        if len(hall.jobs) == 2:
            break
        release.wait(0.01)

    assert [read(job).text for job in hall.jobs] == ["R012", "R013"]
    release.set()
    assert sum(lane.result() for lane in lanes) == 3


def test_no_transaction_is_open_while_a_printer_is_spoken_to(office: Office) -> None:
    seen: list[int] = []

    class WatchingTransport:
        def send(self, data: bytes) -> None:
            seen.append(office.open_units)

    office.printer("hall", WatchingTransport())
    office.slip("hall", "R012")
    office.worker.run_once()

    assert seen == [0]


def test_a_job_left_by_a_crashed_worker_comes_out_marked_as_a_copy(
    office: Office, clock: time_machine.Traveller
) -> None:
    cable = MemoryTransport()
    office.printer("hall", cable)
    office.slip("hall", "R012")
    with office.database.write() as session:
        printer = session.scalars(select(Printer)).one()
        claim(session, printer.id, "crashed", now())

    assert office.worker.run_once() == 0
    clock.shift(LEASE + timedelta(seconds=1))
    assert office.worker.run_once() == 1

    lines = read(cable.jobs[0]).lines
    assert lines[0].style.invert
    assert lines[-1].text == "R012"
    assert office.jobs() == [("printed", 2, True, None)]


def test_a_broken_slip_is_given_up_and_the_next_one_prints(office: Office) -> None:
    cable = MemoryTransport()
    office.printer("hall", cable)
    office.slip("hall", "", Slip((Picture(b"not a picture"),)))
    office.slip("hall", "R013")

    assert office.worker.run_once() == 2

    assert office.jobs() == [("failed", 1, False, UNPRINTABLE), ("printed", 1, False, None)]
    assert [read(job).text for job in cable.jobs] == ["R013"]


def test_a_slip_of_more_than_a_metre_is_given_up_with_a_clear_error(office: Office) -> None:
    cable = MemoryTransport()
    office.printer("hall", cable)
    office.slip("hall", "", Slip((Text("a " * 20_000),)))
    office.slip("hall", "R013")

    assert office.worker.run_once() == 2

    assert office.jobs() == [("failed", 1, False, TOO_LONG), ("printed", 1, False, None)]
    assert [read(job).text for job in cable.jobs] == ["R013"]


def test_a_printer_of_an_unknown_model_waits_for_the_administrator(office: Office) -> None:
    cable = MemoryTransport()
    office.printer("hall", cable, profile="112mm")
    office.slip("hall", "R012")

    office.worker.run_once()

    assert office.jobs() == [("queued", 1, False, UNKNOWN_MODEL)]
    assert cable.jobs == []


def test_a_transport_that_breaks_in_an_unforeseen_way_leaves_the_job_to_its_lease(
    office: Office, clock: time_machine.Traveller
) -> None:
    class BrokenTransport:
        def send(self, data: bytes) -> None:
            raise RuntimeError("unforeseen")

    office.printer("hall", BrokenTransport())
    office.slip("hall", "R012")

    assert office.worker.run_once() == 0

    assert office.jobs() == [("claimed", 1, False, None)]
    office.cables["memory://hall"] = cable = MemoryTransport()
    clock.shift(LEASE + timedelta(seconds=1))
    assert office.worker.run_once() == 1
    assert read(cable.jobs[0]).lines[0].style.invert


@pytest.fixture
def cable_to() -> Callable[[VirtualPrinter], TcpTransport]:
    return lambda printer: TcpTransport(
        printer.host, printer.port, timing=Timing(connect=1, answer=0.4)
    )


def test_over_a_real_socket_a_job_cut_off_comes_out_once_marked_as_a_copy(
    office: Office,
    clock: time_machine.Traveller,
    virtual_printer: VirtualPrinter,
    cable_to: Callable[[VirtualPrinter], TcpTransport],
    turn_slip: Callable[..., Slip],
) -> None:
    office.printer("hall", cable_to(virtual_printer))
    office.slip("hall", "", turn_slip("es"))
    virtual_printer.set_fault(Fault.HALF)
    office.worker.run_once()
    assert office.jobs() == [("queued", 1, True, CLOSED)]

    virtual_printer.set_fault(Fault.NONE)
    clock.shift(timedelta(seconds=2))
    office.worker.run_once()

    assert office.jobs() == [("printed", 2, True, None)]
    (job,) = virtual_printer.jobs()
    assert read(job).lines[0].style.invert
    assert "R012" in read(job).text
