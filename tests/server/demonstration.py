"""The demonstration, served to a browser and to tests from inside this process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server

from turnero_core import clock
from turnero_core.db import Database
from turnero_core.settings import Settings
from turnero_core.web.runtime import Runtime
from turnero_hardware.models import Printer, PrintJob
from turnero_hardware.print_worker import PrintWorker
from turnero_queue import catalogue, issuing, printing, sequence
from turnero_queue.issuing import Visit
from turnero_queue.models import Ticket
from turnero_server.app import create_app
from turnero_server.printing import TRANSPORTS


class Demonstration:
    """The demonstration municipality in an instance of its own; `url` once it is served."""

    def __init__(self, instance: Path) -> None:
        url = f"sqlite:///{instance / 'turnero.db'}"
        self.database = Database(url)
        self.settings = Settings(instance, url, "a-secret-of-the-tests", "", 0)
        self.app: Flask = create_app(self.settings, self.database, demo=True)
        self.runtime: Runtime = self.app.extensions["turnero"]
        self.worker = PrintWorker(self.database.write, self.app.extensions[TRANSPORTS])
        self.url = ""

    def take(
        self, office: str = "centro", service: str = "rentas", *, paper: bool = True
    ) -> Ticket:
        """A turn taken at the kiosk, on paper unless told otherwise."""
        with self.database.write() as session:
            found = catalogue.current(session)
            place = found.office(office)
            moment = sequence.hold(session, place.id, clock.now())
            visit = Visit(found.service(service), found.priority(None), "es", "kiosk")
            ticket = issuing.issue(session, moment, place, visit, "kiosk:rosa")
            printer = printing.printer_for(session, place)
            if paper and printer is not None:
                printing.print_ticket(
                    session, found, ticket, printer, "http://t.example", moment.at
                )
            return ticket

    def print_due(self) -> None:
        self.worker.run_once()

    def jobs(self) -> list[PrintJob]:
        with self.database.read() as session:
            return list(session.scalars(select(PrintJob).order_by(PrintJob.created_at)))

    def printer(self, code: str = "centro") -> Printer:
        with self.database.read() as session:
            return session.scalars(select(Printer).where(Printer.code == code)).one()

    @contextmanager
    def served(self) -> Iterator[None]:
        server = make_server("127.0.0.1", 0, self.app, threaded=True)
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield
        server.shutdown()
        thread.join()
        server.server_close()

    def close(self) -> None:
        self.worker.close()
        self.database.dispose()
