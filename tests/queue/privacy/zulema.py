"""Zulema at the city hall: she takes a turn, books, waits, pays, is certified, told and heard."""

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from tests.admin import bookings
from tests.admin.cityhall import CityHall

from turnero_core import clock, sealed
from turnero_core.db import Database
from turnero_core.ids import new_id
from turnero_hardware import outbox
from turnero_hardware.models import Printer
from turnero_hardware.slip import Cut, Slip, Text
from turnero_queue import (
    appointments,
    attending,
    calling,
    catalogue,
    certificates,
    idempotency,
    receipts,
    sequence,
    verification_codes,
)
from turnero_queue.appointments import Person
from turnero_queue.idempotency import Answer
from turnero_queue.models import Certificate, FeedbackComment, Ticket
from turnero_queue.payments import moves as payment_moves
from turnero_queue.payments import paying, starting
from turnero_queue.payments.starting import Errand, How, Item, Payer, Where
from turnero_server.tables import metadata

NAME, EMAIL, PHONE, DOCUMENT = (
    "Zulema Quiroga",
    "zulema@example.com",
    "+51987000222",
    "70998877",
)
PLATE = "ZUL-998"
TELLING = ("zulema", "quiroga", "987000222", DOCUMENT, PLATE.lower())


class Place(CityHall):
    """The domain alone, without its pages."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def office(self) -> Any:
        with self.database.read() as session:
            return catalogue.current(session).office("centro")

    def everything(self) -> str:
        """All that is stored, opened where it is sealed; small letters."""
        with self.database.read() as session:
            rows = [
                str(tuple(row))
                for table in metadata.sorted_tables
                for row in session.execute(select(table))
            ]
        return "\n".join(rows).lower()


def told(place: Place) -> list[str]:
    text = place.everything()
    return [word for word in TELLING if word in text]


def live(place: Place) -> None:
    """Everything that she does here, through the functions that do it."""
    booked = bookings.book(place, bookings.lima(bookings.working_day(), 10), person=_her())
    _wait(place)
    _be_attended(place)
    payment = _pay(place, "approved")
    _pay(place, "cancelled")
    certificate = _be_certified(place)
    with place.database.write() as session:
        now = clock.now()
        paper = receipts.of_payment(session, payment)
        assert paper is not None
        receipts.mail(session, paper, EMAIL, now, key=f"again:{paper.id}")
        printer = Printer(code="hall", name="Hall", uri="memory:", office_id=place.office().id)
        session.add(printer)
        session.flush()
        for subject in (paper.id, certificate, booked.id):
            slip = Slip((Text(f"{NAME} {DOCUMENT}"), Cut()))
            job = outbox.enqueue(session, printer, slip, "receipt", subject, now)
            job.state, job.printed_at = "printed", now
        said = FeedbackComment(
            id="c" * 32,
            office_id=place.office().id,
            week=now.date(),
            score=2,
            text=f"{NAME} {DOCUMENT} waited",
        )
        session.add(said)
        asked = idempotency.fingerprint("POST", "/x", None)
        idempotency.claim(session, "kiosk", "k", asked, now)
        idempotency.keep(session, "kiosk", "k", Answer(201, {"name": NAME, "email": EMAIL}))


def _her() -> Person:
    return Person(NAME, EMAIL, PHONE)


def _wait(place: Place) -> None:
    with place.database.write() as session:
        town = catalogue.current(session)
        office = town.office("centro")
        day = bookings.working_day(3)
        wanted = appointments.wish(town, office, [("rentas", 1)])
        appointments.join_waiting_list(session, office, wanted, day, day, clock.now(), _her())


def _be_attended(place: Place) -> None:
    """Called out of order, for a reason that tells too much."""
    ticket_id = place.take_turn()
    with place.database.write() as session:
        town = catalogue.current(session)
        office = town.office("centro")
        moment = sequence.hold(session, office.id, clock.now())
        ticket = session.get_one(Ticket, ticket_id)
        reason = f"ill, document {DOCUMENT}, {EMAIL}"
        calling.call_this(session, moment, town, ticket, office.desk("1"), "staff:ana", reason)
        attending.start(session, moment, ticket, "staff:ana")
        attending.finish(session, moment, town, ticket, "staff:ana")
        ticket.notes = f"{NAME}, DNI {DOCUMENT}"


def _pay(place: Place, how: str) -> str:
    """The tax of her car; gives the payment's id."""
    payer = Payer(NAME, DOCUMENT, EMAIL)
    debt = f"rentas:{PLATE}-{how}"
    item = Item({"es": f"Patente {PLATE}"}, 4_000, debt_key=debt)
    where = Where(place.office().id, "PEN", language="es")
    way = How("qr", provider="simulated", simulated=True)
    with place.database.write() as session:
        begun = starting.start(
            session, [item], way, Errand("debt", debt), where, new_id(), clock.now(), payer=payer
        )
        held = payment_moves.hold(session, begun.id)
        if how == "approved":
            paying.approve(session, held, "provider:simulated", clock.now())
        else:
            payment_moves.move(session, held, "expire", "system", clock.now())
        return begun.id


def _be_certified(place: Place) -> str:
    now, code = clock.now(), verification_codes.make()
    document = {
        "v": 1,
        "code": code,
        "kind": "no_debt",
        "title": "Certificado",
        "text": f"{DOCUMENT} owes nothing",
        "municipality": "Jacarandá",
        "office": "Centro",
        "subject_kind": "document",
        "subject": DOCUMENT,
        "issued_on": "2026-03-02",
        "valid_until": "2026-04-01",
        "language": "es",
    }
    row = Certificate(
        code=code,
        kind="no_debt",
        office_id=place.office().id,
        language="es",
        names={"es": "Certificado"},
        subject_digest=sealed.digest(DOCUMENT),
        subject_hint="…877",
        document=json.dumps(document),
        token=f"{DOCUMENT}.x",
        issued_at=now,
        issued_by="citizen",
        valid_until=now.date() + timedelta(days=30),
    )
    with place.database.write() as session:
        session.add(row)
        session.flush()
        assert certificates.document_of(row)["subject"] == DOCUMENT
        return row.id


def figures(place: Place) -> dict[str, Any]:
    """What statistics are made of: every event, and every ticket without its notes."""
    with place.database.read() as session:
        found: dict[str, Any] = {}
        for name in ("ticket", "ticket_event", "ticket_service", "desk_event", "receipt"):
            table = metadata.tables[name]
            hidden = {"notes", "content", "payer_name", "payer_document", "payer_digest"}
            columns = [column for column in table.columns if column.name not in hidden]
            rows = session.execute(select(*columns).order_by(*table.primary_key))
            found[name] = [tuple(row) for row in rows]
        payments = metadata.tables["payment"].c
        query = select(payments.id, payments.state, payments.amount_minor, payments.approved_at)
        found["payment"] = [tuple(row) for row in session.execute(query.order_by(payments.id))]
        return found


def later(days: int) -> datetime:
    return clock.now() + timedelta(days=days)
