"""Jacarandá's city hall at work: the demo municipality, its clerks, and people who take turns."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

import turnero_server
from turnero_core import clock
from turnero_core.db import Database
from turnero_core.settings import Settings
from turnero_queue import catalogue, configuration, issuing, models, sequence, staff, waiting
from turnero_queue.issuing import Visit
from turnero_queue.models import DeskEvent, Ticket, TicketEvent
from turnero_server.app import create_app

MUNICIPALITY = Path(turnero_server.__file__).parent / "demo" / "municipality.yaml"
PASSWORD = "jacaranda-azul"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS_OPEN = {day: ["00:00-24:00"] for day in DAYS}
HTMX = {"HX-Request": "true", "Accept": "*/*"}


def furnish(url: str) -> None:
    """Load the municipality and its staff into a migrated database.

    Ana and Bruno work anywhere, Nora in the north only; Ines has never signed in before.
    """
    database = Database(url)
    with database.write() as session:
        configuration.apply(
            session, configuration.parse(MUNICIPALITY.read_bytes(), "demo"), actor="tests"
        )
        offices = {office.code: office for office in session.scalars(select(models.Office))}
        for office in offices.values():
            office.hours, office.holidays = ALWAYS_OPEN, None
        now = clock.now()
        for login, name, where, must_change in (
            ("ana", "Ana Flores", None, False),
            ("bruno", "Bruno Quispe", None, False),
            ("nora", "Nora Paredes", offices["norte"].id, False),
            ("ines", "Inés Rojas", None, True),
        ):
            staff.create(
                session,
                login,
                PASSWORD,
                now,
                name=name,
                role="attendant",
                office_id=where,
                must_change_password=must_change,
            )
    database.dispose()


class CityHall:
    """One application on one database file; `reopen` gives every test a fresh day."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "turnero.db"
        url = f"sqlite:///{self.file}"
        # The application's own, so that what happens is announced to its screens.
        self.database = Database(url)
        settings = Settings(folder, url, "a-secret-of-the-tests", "", 0)
        self.app: Flask = create_app(settings, self.database)

    def reopen(self, furnished: Path) -> None:
        self.database.dispose()
        self.database.cache.clear()
        for leftover in self.file.parent.glob("turnero.db*"):
            leftover.unlink()
        shutil.copyfile(furnished, self.file)
        for limiter in self.app.extensions["limiter"]:
            limiter.reset()

    def take_turn(
        self,
        service: str = "rentas",
        priority: str = "standard",
        also: Sequence[str] = (),
        office: str = "centro",
    ) -> str:
        """Somebody takes a turn; gives the ticket's id."""
        with self.database.write() as session:
            town = catalogue.current(session)
            place = town.office(office)
            visit = Visit(
                town.service(service),
                town.priority(priority),
                "es",
                "kiosk",
                [town.service(code) for code in also],
            )
            moment = sequence.hold(session, place.id, clock.now())
            return issuing.issue(session, moment, place, visit, "public").id

    def ticket(self, ticket_id: str) -> Ticket:
        with self.database.read() as session:
            return session.get_one(Ticket, ticket_id)

    def code(self, ticket_id: str) -> str:
        ticket = self.ticket(ticket_id)
        return waiting.code_of(ticket.prefix, ticket.number)

    def states(self) -> dict[str, str]:
        """Every ticket's state by its id."""
        with self.database.read() as session:
            return {row.id: row.state for row in session.execute(select(Ticket.id, Ticket.state))}

    def events(self, ticket_id: str) -> list[TicketEvent]:
        with self.database.read() as session:
            query = select(TicketEvent).where(TicketEvent.ticket_id == ticket_id)
            return list(session.scalars(query.order_by(TicketEvent.seq)))

    def desk_events(self, office: str = "centro", desk: str = "1") -> list[DeskEvent]:
        with self.database.read() as session:
            place = catalogue.current(session).office(office)
            query = select(DeskEvent).where(DeskEvent.desk_id == place.desk(desk).id)
            return list(session.scalars(query.order_by(DeskEvent.seq)))

    def browser(self) -> "Browser":
        client = self.app.test_client()
        client.set_cookie("turnero_language", "en")
        return Browser(client)

    def clerk(self, login: str = "ana") -> "Browser":
        """A browser in which `login` has signed in."""
        browser = self.browser()
        assert browser.sign_in(login).status_code == 303
        return browser


class Browser:
    """A person's browser without scripts, or with htmx when `htmx=True` is asked for."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        headers = {"Accept": "text/html", **kwargs.pop("headers", {})}
        return self.client.get(path, headers=headers, **kwargs)

    def token(self, path: str = "/login") -> str:
        page = self.get(path, follow_redirects=True).get_data(as_text=True)
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert found, path
        return found[1]

    def post(
        self,
        path: str,
        data: dict[str, Any] | None = None,
        *,
        htmx: bool = False,
        token: str | None = None,
        **kwargs: Any,
    ) -> TestResponse:
        headers = {"Accept": "text/html", **(HTMX if htmx else {}), **kwargs.pop("headers", {})}
        form = {"csrf_token": self.token() if token is None else token, **(data or {})}
        return self.client.post(path, data=form, headers=headers, **kwargs)

    def upload(
        self, path: str, fields: dict[str, str], name: str, file: tuple[bytes, str]
    ) -> TestResponse:
        """A form with a file, written by hand: the test client does not close large ones."""
        content, filename = file
        form = {"csrf_token": self.token(), **fields}
        parts = [
            f'--edge\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in form.items()
        ]
        head = f'--edge\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        body = b"".join([*parts, head.encode(), b"\r\n", content, b"\r\n--edge--\r\n"])
        kind = "multipart/form-data; boundary=edge"
        return self.client.post(path, data=body, content_type=kind, headers={"Accept": "text/html"})

    def sign_in(self, login: str, password: str = PASSWORD, **data: str) -> TestResponse:
        return self.post("/login", {"login": login, "password": password, **data})

    def at_desk(self, action: str, desk: str = "centro/1", **data: Any) -> TestResponse:
        """An action of the desk, as htmx asks for it."""
        return self.post(f"/console/{desk}/{action}", data, htmx=True)

    def do(self, verb: str, ticket_id: str, desk: str = "centro/1", **data: Any) -> TestResponse:
        """An action on a person, as htmx asks for it."""
        return self.at_desk(f"tickets/{ticket_id}/{verb}", desk, **data)
