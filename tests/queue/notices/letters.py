"""What is said to Rosa and her neighbours, and the outbox that says it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from tests.queue.notices.mailbox import MailServer

from turnero_core import clock
from turnero_core.db import Database
from turnero_queue import notices
from turnero_queue.models import Municipality, Notice
from turnero_queue.notices import Contact, due
from turnero_queue.notices.sender import Sender

ROSA = Contact("rosa@example.com", None, "es")
JOAO = Contact("joao@example.com", None, "pt")
ANN = Contact("ann@example.com", None, "en")
LUZ = Contact(None, "+51987654321", "es")


def appointment(start: datetime | None = None, **overrides: Any) -> dict[str, Any]:
    """Rosa's hour: the day after the present one, unless it is given."""
    begins = start or clock.now() + timedelta(days=1)
    values = {
        "uid": "booking-7@sanmartin.example",
        "sequence": 0,
        "code": "K7MQ",
        "services": ["Licencia de obra"],
        "office": "Oficina centro",
        "address": "Av. Grau 100",
        "start": clock.rfc3339(begins),
        "end": clock.rfc3339(begins + timedelta(minutes=20)),
        "zone": "America/Lima",
        "manage_url": "https://turnos.example/a/K7MQ",
    }
    return values | overrides


@dataclass
class Post:
    database: Database
    server: MailServer
    instance: Path

    def enqueue(
        self,
        kind: str = "appointment-confirmed",
        to: Contact = ROSA,
        *,
        key: str | None = None,
        data: dict[str, Any] | None = None,
        **overrides: Any,
    ) -> Notice | None:
        with self.database.write() as session:
            return notices.enqueue(
                session,
                kind,
                key=key or f"{kind}:7",
                to=to,
                data=data if data is not None else appointment(),
                now=clock.now(),
                **{"subject_id": "booking-7", **overrides},
            )

    def withdraw(self, **what: Any) -> int:
        with self.database.write() as session:
            return notices.withdraw(session, now=clock.now(), **what)

    def sender(self, lease: timedelta = due.LEASE) -> Sender:
        return Sender(self.database, self.instance, lease=lease)

    def send(self) -> int:
        return self.sender().run_once()

    def set_notices(self, **channels: Any) -> None:
        with self.database.write() as session:
            row = session.get_one(Municipality, 1)
            row.notices = {**row.notices, **channels}

    def set_rules(self, **rules: Any) -> None:
        with self.database.write() as session:
            session.get_one(Municipality, 1).rules = rules

    def notices(self) -> dict[str, Notice]:
        """By key, as they are stored now."""
        with self.database.read() as session:
            return {one.key: one for one in session.scalars(select(Notice))}

    def states(self) -> dict[str, str]:
        return {key: str(one.state) for key, one in self.notices().items()}
