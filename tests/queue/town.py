"""A municipality that runs: its database, its application, and people who use them over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from tests.queue import factories
from werkzeug.test import TestResponse

from turnero_core import clock
from turnero_core.db import Database
from turnero_core.settings import Settings
from turnero_queue import catalogue, sequence
from turnero_queue.catalogue import Catalogue, Office
from turnero_queue.models import Ticket
from turnero_queue.sequence import Moment
from turnero_server.tables import metadata

Rows = dict[str, list[dict[str, Any]]]
BASE = "/api/v1"
OUTSIDE = ("/api", "/live", "/healthz", "/readyz", "/metrics")


class Town:
    """One database with one application on it; `prepare` gives every test a fresh San Martín."""

    def __init__(self, url: str, folder: Path) -> None:
        from turnero_server.app import create_app

        self.database = Database(url)
        if self.database.sqlite:
            # Safe because the file is thrown away: a power cut may lose it, a test cannot notice.
            listens = event.listens_for(self.database.engine, "connect")
            listens(lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        settings = Settings(folder, url, "a-secret-of-the-tests", "https://turnos.example", 0)
        self.app: Flask = create_app(settings, self.database)
        self.hub = self.app.extensions["turnero"].hub
        self.token = ""

    def prepare(self) -> None:
        with self.database.write() as session:
            for table in reversed(metadata.sorted_tables):
                if not table.info.get("append_only"):
                    session.execute(table.delete())
            factories.create_san_martin(session)
            self.database.cache.clear()
            self.token = factories.create_token(session)

    def create_token(self, *scopes: str, office: str | None = None, name: str = "other") -> str:
        with self.database.write() as session:
            return factories.create_token(session, *scopes, office=office, name=name)

    # What people do, over HTTP. `token=None` sends none.

    def ask(self, method: str, path: str, token: str | None = "", **kwargs: Any) -> TestResponse:
        headers = dict(kwargs.pop("headers", {}))
        headers.setdefault("Accept-Language", "en")
        if token is not None:
            headers.setdefault("Authorization", f"Bearer {token or self.token}")
        where = path if path.startswith(OUTSIDE) else BASE + path
        return self.app.test_client().open(where, method=method, headers=headers, **kwargs)

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self.ask("GET", path, **kwargs)

    def post(self, path: str, body: Any = None, **kwargs: Any) -> TestResponse:
        if body is not None:
            kwargs["json"] = body
        return self.ask("POST", path, **kwargs)

    def take(self, service: str = "rentas", office: str = "centro", **body: Any) -> dict[str, Any]:
        """A turn, as the API shows it."""
        return self._good(self.post(f"/offices/{office}/tickets", {"service": service, **body}))

    def call_next(self, desk: str = "1", office: str = "centro", **body: Any) -> TestResponse:
        return self.post(f"/offices/{office}/desks/{desk}/call-next", body)

    def called(self, desk: str = "1", **body: Any) -> dict[str, Any]:
        """The ticket that the desk calls next."""
        answer: dict[str, Any] = self._good(self.call_next(desk, **body))["ticket"]
        return answer

    def verb(self, verb: str, ticket: dict[str, Any], **body: Any) -> TestResponse:
        return self.post(f"/tickets/{ticket['id']}/{verb}", body)

    def do(self, verb: str, ticket: dict[str, Any], **body: Any) -> dict[str, Any]:
        return self._good(self.verb(verb, ticket, **body))

    def desk(self, verb: str, desk: str = "1", office: str = "centro") -> dict[str, Any]:
        return self._good(self.post(f"/offices/{office}/desks/{desk}/{verb}"))

    def ticket(self, ticket: dict[str, Any]) -> dict[str, Any]:
        """A ticket as it is now, with its events."""
        return self._good(self.get(f"/tickets/{ticket['id']}"))

    def kinds(self, ticket: dict[str, Any]) -> list[str]:
        return [event["kind"] for event in self.ticket(ticket)["events"]]

    def queue(self, office: str = "centro") -> list[dict[str, Any]]:
        tickets: list[dict[str, Any]] = self._good(self.get(f"/offices/{office}/queue"))["tickets"]
        return tickets

    def services(self, office: str = "centro") -> dict[str, dict[str, Any]]:
        found = self._good(self.get(f"/offices/{office}/services"))["services"]
        return {service["code"]: service for service in found}

    # What tests look at behind it.

    @contextmanager
    def holding(self, office: str = "centro") -> Iterator[tuple[Session, Moment, Catalogue]]:
        """A transaction that holds an office, for calls of the domain."""
        with self.database.write() as session:
            configured = catalogue.current(session)
            moment = sequence.hold(session, configured.office(office).id, clock.now())
            yield session, moment, configured

    def office(self, code: str = "centro") -> Office:
        with self.database.read() as session:
            return catalogue.current(session).office(code)

    def configure(self, **rows: dict[str, Any]) -> None:
        """Change configuration by class and code: `configure(Office__centro={"rules": {…}})`."""
        from turnero_queue import models

        with self.database.write() as session:
            for name, values in rows.items():
                table, _, code = name.partition("__")
                model = getattr(models, table)
                row = session.scalars(
                    select(model).where(model.code == code) if code else select(model)
                ).one()
                for column, value in values.items():
                    setattr(row, column, value)
            catalogue.bump_version(session)

    def row(self, ticket: dict[str, Any]) -> Ticket:
        with self.database.read() as session:
            return session.get_one(Ticket, ticket["id"])

    def everything(self, *without: str) -> Rows:
        """Every row of every table, to show that nothing else has changed."""
        with self.database.read() as session:
            return {
                table.name: sorted(
                    (dict(row._mapping) for row in session.execute(select(table))), key=repr
                )
                for table in metadata.sorted_tables
                if table.name not in without
            }

    def _good(self, response: TestResponse) -> dict[str, Any]:
        assert response.status_code in (200, 201), response.get_data(as_text=True)
        answer: dict[str, Any] = response.get_json()
        return answer
