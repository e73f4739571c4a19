"""The row of a printer says how it is, without anybody printing, and clears by itself."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core.clock import now
from turnero_core.db import Database
from turnero_hardware import status, tcp
from turnero_hardware.dialogue import CLOSED
from turnero_hardware.models import Printer, PrinterState, PrintJob
from turnero_hardware.monitor import PrinterMonitor
from turnero_hardware.outbox import claim, enqueue
from turnero_hardware.print_worker import PrintWorker
from turnero_hardware.printer_error import PrinterError
from turnero_hardware.slip import Cut, Slip, Text
from turnero_hardware.status import Paper, PrinterStatus, Source
from turnero_hardware.transports import MemoryTransport, Transport, transport_for
from turnero_hardware.virtual_printer import Fault, VirtualPrinter

R012 = Slip((Text("R012", size="huge"), Cut()))


class TalkingTransport(MemoryTransport):
    """Says what it is told to say; `asked` counts."""

    def __init__(self) -> None:
        super().__init__()
        self.says = PrinterStatus(now(), Source.DLE_EOT, online=True, paper=Paper.OK)
        self.asked = 0

    def status(self, timeout: float) -> PrinterStatus:
        self.asked += 1
        if self.error:
            raise self.error
        return self.says

    def is_well(self) -> None:
        self.error = None
        self.says = PrinterStatus(now(), Source.DLE_EOT, online=True, paper=Paper.OK)

    def is_out_of_paper(self) -> None:
        self.says = PrinterStatus(now(), Source.DLE_EOT, online=False, paper=Paper.OUT)
        self.error = None


class Hall:
    """One printer, its worker and its monitor."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.cable: Transport = TalkingTransport()
        self.worker = PrintWorker(database.write, lambda _: self.cable)
        self.writes = 0
        self.monitor = PrinterMonitor(
            database.read, self._write, lambda _: self.cable, self.worker, timeout=0.5
        )
        with database.write() as session:
            session.add(Printer(code="hall", name="Hall", uri="memory://hall"))

    def _write(self) -> AbstractContextManager[Session]:
        self.writes += 1
        return self.database.write()

    @property
    def row(self) -> Printer:
        with self.database.read() as session:
            return session.scalars(select(Printer)).one()

    def says(self) -> tuple[str, str, str | None]:
        row = self.row
        return row.state, row.paper, row.last_error

    def slip(self) -> str:
        with self.database.write() as session:
            printer = session.scalars(select(Printer)).one()
            return enqueue(session, printer, R012, "ticket", None, now()).id

    def job(self, job_id: str) -> PrintJob:
        with self.database.read() as session:
            return session.get_one(PrintJob, job_id)


@pytest.fixture
def hall(outbox_database: Database, clock: time_machine.Traveller) -> Iterator[Hall]:
    opened = Hall(outbox_database)
    yield opened
    opened.monitor.close()
    opened.worker.close()


@pytest.fixture
def cable(hall: Hall) -> TalkingTransport:
    assert isinstance(hall.cable, TalkingTransport)
    return hall.cable


def test_paper_out_stands_in_the_row_and_goes_when_there_is_paper(
    hall: Hall, cable: TalkingTransport
) -> None:
    hall.monitor.look()
    assert hall.says() == ("ready", "ok", None)
    assert hall.row.last_seen_at == now()

    cable.is_out_of_paper()
    hall.monitor.look()
    assert hall.says() == ("failing", "out", status.NO_PAPER)

    cable.is_well()
    hall.monitor.look()
    assert hall.says() == ("ready", "ok", None)


def test_a_printer_that_cannot_be_reached_fails_and_was_last_seen_when_it_was(
    hall: Hall, cable: TalkingTransport, clock: time_machine.Traveller
) -> None:
    hall.monitor.look()
    seen = hall.row.last_seen_at
    clock.shift(30)
    cable.error = PrinterError(tcp.UNREACHABLE)

    hall.monitor.look()

    assert hall.says() == ("failing", "unknown", tcp.UNREACHABLE)
    assert hall.row.last_seen_at == seen


def test_what_waits_for_a_mended_printer_prints_at_once_and_is_no_copy(
    hall: Hall, cable: TalkingTransport
) -> None:
    cable.error = PrinterError(status.NO_PAPER)
    job_id = hall.slip()
    hall.worker.run_once()
    assert hall.job(job_id).not_before > now()

    cable.is_well()
    hall.monitor.look()
    hall.worker.run_once()

    assert (hall.job(job_id).state, hall.job(job_id).copy) == ("printed", False)
    assert len(cable.jobs) == 1


def test_a_printer_that_loses_every_job_in_the_middle_is_not_hurried(
    hall: Hall, cable: TalkingTransport
) -> None:
    cable.error = PrinterError(CLOSED, fate_unknown=True)
    job_id = hall.slip()
    hall.worker.run_once()
    due = hall.job(job_id).not_before

    cable.is_well()
    hall.monitor.look()

    assert hall.says()[0] == "ready"
    assert hall.job(job_id).not_before == due
    assert due > now()


def test_a_printer_is_not_asked_while_it_prints(hall: Hall, cable: TalkingTransport) -> None:
    job_id = hall.slip()
    with hall.database.write() as session:
        claim(session, hall.row.id, "another process", now())

    hall.monitor.look()

    assert (cable.asked, hall.job(job_id).state) == (0, "claimed")


def test_asking_and_printing_take_turns_in_one_process(hall: Hall, cable: TalkingTransport) -> None:
    printer_id = hall.row.id
    assert hall.worker.reserve(printer_id)
    hall.monitor.look_at(printer_id, "memory://hall")
    assert cable.asked == 0
    hall.slip()
    assert hall.worker.run_once() == 0

    hall.worker.release(printer_id)
    assert hall.worker.run_once() == 1


def test_a_healthy_printer_costs_a_write_a_minute(
    hall: Hall, clock: time_machine.Traveller
) -> None:
    for _ in range(10):
        hall.monitor.look()
        clock.shift(3)
    assert hall.writes == 1

    clock.shift(60)
    hall.monitor.look()
    assert hall.writes == 2


def test_a_printer_that_cannot_say_how_it_is_keeps_what_its_jobs_said(hall: Hall) -> None:
    mute = MemoryTransport()
    hall.cable = mute
    mute.error = PrinterError(status.NO_PAPER)
    hall.slip()
    hall.worker.run_once()

    hall.monitor.look()

    assert hall.says() == ("failing", "unknown", status.NO_PAPER)


def test_a_printer_of_an_unknown_model_stays_failing(hall: Hall, cable: TalkingTransport) -> None:
    with hall.database.write() as session:
        session.scalars(select(Printer)).one().profile = "112mm"
    hall.slip()
    hall.worker.run_once()

    hall.monitor.look()

    assert (hall.says()[0], cable.asked) == (PrinterState.FAILING, 0)


def test_a_look_that_breaks_leaves_the_printer_free(hall: Hall) -> None:
    class Broken(MemoryTransport):
        def status(self, timeout: float) -> PrinterStatus:
            raise RuntimeError("unforeseen")

    hall.cable = Broken()
    hall.monitor.look()

    assert hall.worker.reserve(hall.row.id)


def test_paper_out_on_a_real_line_is_in_the_row_within_seconds(
    outbox_database: Database, virtual_printer: VirtualPrinter
) -> None:
    def find(uri: str) -> Transport:
        return transport_for(uri, tray=virtual_printer.tray)

    with outbox_database.write() as session:
        uri = f"tcp://127.0.0.1:{virtual_printer.port}"
        session.add(Printer(code="hall", name="Hall", uri=uri))
    worker = PrintWorker(outbox_database.write, find)
    monitor = PrinterMonitor(outbox_database.read, outbox_database.write, find, worker, every=1.0)
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(0.1):
            monitor.look_if_due()

    turning = threading.Thread(target=run)
    turning.start()
    try:
        for fault, wanted in [
            (Fault.NONE, ("ready", "ok")),
            (Fault.PAPER_OUT, ("failing", "out")),
            (Fault.NEAR_END, ("ready", "near_end")),
            (Fault.REFUSE, ("failing", "unknown")),
            (Fault.NONE, ("ready", "ok")),
        ]:
            virtual_printer.set_fault(fault)
            until(lambda wanted=wanted: stands(outbox_database) == wanted)  # type: ignore[misc]
    finally:
        stop.set()
        turning.join()
        monitor.close()
        worker.close()
    assert virtual_printer.jobs() == []


def stands(database: Database) -> tuple[str, str]:
    with database.read() as session:
        row = session.scalars(select(Printer)).one()
        return row.state, row.paper


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)
