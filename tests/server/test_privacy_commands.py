"""turnero retention and turnero person, as somebody at the machine uses them."""

import json
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from tests.server.installation import Installation

from turnero_core.db import Database
from turnero_core.ids import new_id
from turnero_queue.models import AuditEntry, Office, Priority, Service, Ticket

NOTE, NUMBER = "DNI 70998877", "70998877"


def noted_long_ago(database: Database, days: int) -> str:
    """A turn of so many days ago, with a note; its id."""
    at = datetime.now(UTC) - timedelta(days=days)
    with database.write() as session:
        office = session.scalars(select(Office.id).where(Office.code == "centro")).one()
        ticket = Ticket(
            public_token=new_id()[:32],
            office_id=office,
            business_day=at.date(),
            prefix="Z",
            number=days,
            seq=1,
            service_id=session.scalars(select(Service.id).limit(1)).one(),
            priority_id=session.scalars(select(Priority.id).limit(1)).one(),
            state="left",
            origin="kiosk",
            language="es",
            issued_at=at,
            counts_from=at,
            due_at=at,
            ended_at=at,
            notes=NOTE,
        )
        session.add(ticket)
        session.flush()
        return ticket.id


def test_what_is_due_is_shown_then_forgotten_and_one_person_is_erased(
    configured: Installation,
) -> None:
    database = Database(configured.database_url)
    old, recent = noted_long_ago(database, 200), noted_long_ago(database, 3)

    def notes() -> list[str]:
        with database.read() as session:
            return [session.get_one(Ticket, one).notes for one in (old, recent)]

    def line(output: str) -> list[str]:
        return next(row for row in output.splitlines() if "notes on turns" in row).split()

    assert line(configured.run("retention", "report"))[-4:] == ["after", "180", "days", "1"]
    assert notes() == [NOTE, NOTE]
    assert line(configured.run("retention", "run"))[-2:] == ["1", "1"]
    assert notes() == ["", NOTE]
    sought = ("--by", "document", "--text", NUMBER)
    assert "1  notes on turns" in configured.run("person", "show", *sought)
    given = json.loads(configured.run("person", "export", *sought))
    assert [row["notes"] for row in given["held"]["ticket-notes"]] == [NOTE]
    configured.run("person", "erase", *sought, "--reason", f"asked, {NUMBER}")
    assert notes() == ["", ""]
    assert "Nothing is held" in configured.run("person", "show", *sought)
    with database.read() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action.contains("personal")))
        found = [(row.action, row.address[:8], row.reason) for row in entries]
    database.dispose()
    assert found == [
        ("personal-data.forget", "command:", ""),
        ("export.personal-data", "command:", ""),
        ("personal-data.erase", "command:", "asked, …"),
    ]
