"""The process that prints also watches its printers: what is wrong shows before anybody prints."""

import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from turnero_core import clock, live
from turnero_core.db import Database
from turnero_core.live import Hub
from turnero_hardware import outbox
from turnero_hardware.models import JobState, Printer, PrintJob
from turnero_hardware.slip import Cut, Slip, Text
from turnero_hardware.status import NO_PAPER
from turnero_hardware.transports import transport_for
from turnero_hardware.virtual_printer import Fault, VirtualPrinter
from turnero_server.printing import Printing

# It takes two; a loaded machine is slow, not wrong.
SHOWN_WITHIN_S = 30.0
R012 = Slip((Text("R012", size="huge"), Cut()))


def test_paper_out_shows_within_seconds_clears_by_itself_and_costs_no_slip(
    database: Database, tmp_path: Path
) -> None:
    hub = Hub()
    live.connect(database, hub)
    with VirtualPrinter(tmp_path / "paper") as device:
        with database.write() as session:
            uri = f"tcp://127.0.0.1:{device.port}"
            session.add(Printer(code="kiosco", name="Kiosco", uri=uri))
        watching = Printing(
            database, hub, lambda uri: transport_for(uri, tray=tmp_path), lambda: True
        )
        watching.start()
        try:
            until(lambda: stands(database) == ("ready", "ok", None))
            device.set_fault(Fault.PAPER_OUT)
            until(lambda: stands(database) == ("failing", "out", NO_PAPER))
            with database.write() as session:
                printer = session.scalars(select(Printer)).one()
                outbox.enqueue(session, printer, R012, "receipt", None, clock.now())
            device.set_fault(Fault.NONE)
            until(lambda: state_of_job(database) == JobState.PRINTED)
            until(lambda: stands(database) == ("ready", "ok", None))
        finally:
            watching.stop()
        assert (len(device.jobs()), device.partials()) == (1, [])


def stands(database: Database) -> tuple[str, str, str | None]:
    with database.read() as session:
        row = session.scalars(select(Printer)).one()
        return row.state, row.paper, row.last_error


def state_of_job(database: Database) -> str:
    with database.read() as session:
        return session.scalars(select(PrintJob.state)).one()


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + SHOWN_WITHIN_S
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)
