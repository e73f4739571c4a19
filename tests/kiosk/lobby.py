"""San Martín's lobby: its configuration, the people who touch its kiosks, and the server."""

import re
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import func, select
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import TestResponse

from turnero_core import clock
from turnero_core.db import Database
from turnero_core.i18n import gettext, speaking
from turnero_core.settings import Settings
from turnero_hardware.models import Printer, PrintJob
from turnero_queue import catalogue, configuration, models, sequence
from turnero_queue.verbs import VERBS, Request
from turnero_server.app import create_app

CONFIGURATION = """
municipality:
  name: San Martín
  timezone: America/Lima
  locale: es
  languages: [es, en, pt]
  currency: PEN
categories:
  - {code: tributos, name: {es: Tributos, en: Taxes}, icon: coins}
  - {code: obras, name: {es: Obras, en: Works}, icon: hard-hat}
services:
  - code: rentas
    prefix: R
    name: {es: Impuesto predial, en: Property tax}
    category: tributos
    requirements: [{es: Documento de identidad, en: Identity document}]
    place: {es: Primer piso, en: First floor}
  - {code: constancia, prefix: R, name: {es: Constancia}, category: tributos, fee: "15.00"}
  - {code: cuotas, prefix: R, name: {es: Cuotas}, category: tributos}
  - {code: alcabala, prefix: R, name: {es: Alcabala}, category: tributos}
  - {code: predios, prefix: R, name: {es: Predios}, category: tributos}
  - {code: multas, prefix: R, name: {es: Multas}, category: tributos}
  - {code: vehiculos, prefix: R, name: {es: Vehículos}, category: tributos}
  - {code: licencia, prefix: C, name: {es: Licencia de obra}, category: obras, daily_limit: 1}
  - {code: consulta, prefix: X, name: {es: Consulta}}
priorities:
  - {code: standard, name: {es: General, en: General}}
  - {code: preferential, name: {es: Preferencial, en: Priority}, head_start_minutes: 45}
offices:
  - code: centro
    name: {es: Palacio Municipal, en: City Hall}
    address: Plaza Mayor 1
    hours: {mon-fri: ["08:00-16:30"]}
    desks:
      - code: "1"
        name: {es: Ventanilla 1, en: Desk 1}
        services: [rentas, constancia, cuotas, alcabala, predios, multas, vehiculos]
      - {code: "2", name: {es: Ventanilla 2, en: Desk 2}, services: [licencia, consulta]}
  - code: norte
    name: {es: Agencia Norte, en: North Office}
    address: Avenida Los Molles 845
    hours: {mon-fri: ["08:00-16:30"]}
    desks:
      - {code: "1", name: {es: Ventanilla 1, en: Desk 1}, services: [rentas, licencia]}
"""
FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
QR = re.compile(r"/t/([^/]+)/qr\.svg")


class Quiet(WSGIRequestHandler):
    """Logs nothing: a test's output is its own."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing."""


@dataclass
class Lobby:
    """The application on one database, and what happens behind the desks."""

    database: Database
    folder: Path
    app: Flask = field(init=False)
    url: str = ""

    def __post_init__(self) -> None:
        settings = Settings(self.folder, str(self.database.url), "a secret of this test", "", 0)
        self.app = create_app(settings, self.database)

    def furnish(self, text: str = CONFIGURATION, *, round_the_clock: bool = False) -> "Lobby":
        wanted = configuration.parse(text, "lobby.yaml")
        if round_the_clock:
            wanted = configuration.open_round_the_clock(wanted)
        with self.database.write() as session:
            configuration.apply(session, wanted, actor="test")
        return self

    def kiosk(self, office: str = "centro") -> "Kiosk":
        return Kiosk(self.app.test_client(), office)

    def add_printer(self, code: str = "entrada", office: str = "centro") -> None:
        with self.database.write() as session:
            found = session.scalars(
                select(models.Office.id).where(models.Office.code == office)
            ).one()
            session.add(Printer(code=code, name=code, uri=f"virtual:{code}", office_id=found))

    def tickets(self) -> list[models.Ticket]:
        with self.database.read() as session:
            return list(session.scalars(select(models.Ticket).order_by(models.Ticket.seq)))

    def ticket(self, token: str) -> models.Ticket:
        return next(ticket for ticket in self.tickets() if ticket.public_token == token)

    def jobs(self) -> list[PrintJob]:
        with self.database.read() as session:
            return list(session.scalars(select(PrintJob)))

    def issued_events(self) -> list[models.TicketEvent]:
        with self.database.read() as session:
            query = select(models.TicketEvent).where(models.TicketEvent.kind == "issued")
            return list(session.scalars(query))

    def count_keys(self) -> int:
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(models.IdempotencyKey)) or 0

    def does(self, verb: str, token: str, desk: str = "1") -> None:
        """A member of staff does `verb` to the turn."""
        with self.database.write() as session:
            known = catalogue.current(session)
            ticket = session.scalars(
                select(models.Ticket).where(models.Ticket.public_token == token)
            ).one()
            moment = sequence.hold(session, ticket.office_id, clock.now())
            body = {"desk": desk, "reason": "because"}
            VERBS[verb](Request.of(session, moment, known, ticket, "ana", body))

    @contextmanager
    def served(self) -> Iterator[str]:
        """The lobby behind a real server; its address."""
        server = make_server("127.0.0.1", 0, self.app, threaded=True, request_handler=Quiet)
        server.daemon_threads = True  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_port}"
        yield self.url
        server.shutdown()
        thread.join()
        server.server_close()


class Lobbies:
    """One application on one file, which begins every test as a lobby furnished before."""

    def __init__(self, migrated: Path, folder: Path) -> None:
        self._file = folder / "turnero.db"
        self._migrated = migrated
        self._furnished: dict[str, Path] = {}
        self._lobby = Lobby(Database(f"sqlite:///{self._file}"), folder)

    def open(self, text: str = CONFIGURATION) -> Lobby:
        """A lobby with that configuration and a printer, in which nothing has happened yet."""
        if text not in self._furnished:
            self._begin_with(self._migrated)
            self._lobby.furnish(text).add_printer()
            self._lobby.database.dispose()
            kept = self._file.with_name(f"furnished-{len(self._furnished)}")
            self._furnished[text] = Path(shutil.copyfile(self._file, kept))
        self._begin_with(self._furnished[text])
        return self._lobby

    def close(self) -> None:
        self._lobby.database.dispose()

    def _begin_with(self, file: Path) -> None:
        self.close()
        self._lobby.database.cache.clear()
        for left in self._file.parent.iterdir():
            if left.is_dir():
                shutil.rmtree(left)
            elif left not in self._furnished.values():
                left.unlink()
        shutil.copyfile(file, self._file)
        for limiter in self._lobby.app.extensions["limiter"]:
            limiter.reset()


@dataclass
class Kiosk:
    """A kiosk's browser, without its scripts: the plain pages must do by themselves."""

    client: FlaskClient
    office: str

    def get(self, path: str = "", **kwargs: Any) -> TestResponse:
        return self.client.get(f"/kiosk/{self.office}{path}", **kwargs)

    def form(self, service: str) -> dict[str, str]:
        """The hidden fields of a service's sheet."""
        return dict(FIELD.findall(self.get(f"/service/{service}").text))

    def send(self, form: dict[str, str], **changes: str | None) -> TestResponse:
        """Touch the button of a form, "print" unless said otherwise; None leaves a field out."""
        fields = {"priority": "standard", "how": "paper", **form, **changes}
        data = {name: value for name, value in fields.items() if value is not None}
        return self.client.post(f"/kiosk/{self.office}/turn", data=data)

    def send_at_once(self, form: dict[str, str], times: int) -> list[TestResponse]:
        """The same form sent several times at the same moment."""
        cookie = self.client.get_cookie("session")
        assert cookie is not None
        barrier = threading.Barrier(times)

        def one(_n: int) -> TestResponse:
            twin = Kiosk(self.client.application.test_client(), self.office)
            twin.client.set_cookie("session", cookie.value)
            barrier.wait()
            return twin.send(form)

        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(one, range(times)))

    def take(self, service: str = "rentas", **changes: str | None) -> str:
        """A whole visit; the token of the turn taken."""
        self.get()
        answer = self.send(self.form(service), **changes)
        assert answer.status_code == 303, answer.text
        return token_of(self.client.get(answer.location).text)


def token_of(page: str) -> str:
    """The public token in the QR of a turn's page."""
    found = QR.search(page)
    assert found, page
    return found[1]


def said(message: str, language: str = "es", **params: object) -> str:
    """`message` as a page writes it in `language`."""
    with speaking(language):
        return str(escape(gettext(message, **params)))
