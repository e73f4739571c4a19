"""Finding what is held of one person, by what they can say: a document, an e-mail, a telephone."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from turnero_core import sealed
from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_hardware.models import Printer, PrintJob
from turnero_queue.connectors import asked
from turnero_queue.models import (
    Appointment,
    AppointmentWish,
    Certificate,
    FeedbackComment,
    Municipality,
    Notice,
    Payment,
    Receipt,
    Ticket,
)
from turnero_queue.notices.contacts import normal_email, normal_phone
from turnero_queue.notices.settings import region_of
from turnero_queue.privacy import measures

Kind = Literal["document", "email", "phone"]
KINDS: tuple[Kind, ...] = ("document", "email", "phone")
# Shorter texts are in too many notes of other people.
SHORTEST_IN_NOTES = 6
BATCH = 1000
Offices = Collection[str] | None


@dataclass(frozen=True)
class Sought:
    """`texts` are the ways in which it may be written; `digests` those of its usual forms."""

    kind: Kind
    texts: tuple[str, ...]
    digests: tuple[str, ...]


@dataclass
class Found:
    """Ids of rows that are about the person, by the measure that empties them."""

    rows: dict[str, list[str]] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        return {name: len(ids) for name, ids in self.rows.items() if ids}

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def add(self, name: str, ids: Iterable[str]) -> None:
        self.rows[name] = sorted({*self.rows.get(name, ()), *ids})


def sought(session: Session, kind: str, text: str) -> Sought:
    """What somebody wrote in its usual form; Invalid when it is none."""
    written = text.strip()
    if kind not in KINDS:
        raise Invalid(errors={"kind": [", ".join(KINDS)]})
    try:
        usual = _usual(session, kind, written)
    except ValueError as error:
        raise Invalid(errors={"text": [str(error)]}) from None
    texts = tuple(dict.fromkeys((usual, written)))
    digests = {sealed.digest(one) for text in texts for one in (text, text.lower())}
    return Sought(kind, texts, tuple(sorted(digests)))


def find(session: Session, who: Sought, offices: Offices = None) -> Found:
    """Everything of that person in those offices (None is all, and what is of no office)."""
    found = Found()
    appointments = _appointments(session, who, offices)
    found.add("appointments", [row.id for row in appointments])
    found.add("waiting-list", _ids(session, AppointmentWish, offices, _wishes(who)))
    found.add("receipts", _ids(session, Receipt, offices, Receipt.payer_digest.in_(who.digests)))
    certificates = Certificate.subject_digest.in_(who.digests)
    found.add("certificates", _ids(session, Certificate, offices, certificates))
    found.add("payments", _payments(session, who, offices))
    paid = Receipt.payment_id.in_(found.rows["payments"])
    found.add("receipts", _ids(session, Receipt, offices, paid))
    tickets = [row.ticket_id for row in appointments if row.ticket_id]
    noted = or_(Ticket.id.in_(tickets), _mentioned(Ticket.notes, who))
    found.add("ticket-notes", _ids(session, Ticket, offices, Ticket.notes != "", noted))
    found.add("comments", _ids(session, FeedbackComment, offices, _commented(who)))
    subjects = [one for name in ("appointments", "receipts", "certificates", "payments")
                for one in found.rows[name]] + tickets  # fmt: skip
    found.add("notices", _ids(session, Notice, offices, _told(who, subjects)))
    found.add("slips", _slips(session, subjects, offices))
    return found


def _usual(session: Session, kind: str, text: str) -> str:
    if kind == "email":
        return normal_email(text).lower()
    if kind == "phone":
        municipality = session.get(Municipality, 1)
        return normal_phone(text, region_of(municipality) if municipality else "")
    try:
        return asked("document", text).value
    except Invalid:
        raise ValueError(gettext(N_("Use 3 to 40 letters and digits."))) from None


def _ids(session: Session, table: Any, offices: Offices, *where: ColumnElement[bool]) -> list[str]:
    query = select(table.id).where(*where)
    if offices is not None:
        query = query.where(table.office_id.in_(offices))
    return list(session.scalars(query))


def _appointments(session: Session, who: Sought, offices: Offices) -> list[Appointment]:
    digests = who.digests
    query = select(Appointment).where(
        or_(
            Appointment.email_digest.in_(digests),
            Appointment.phone_digest.in_(digests),
            _mentioned(Appointment.notes, who),
        )
    )
    if offices is not None:
        query = query.where(Appointment.office_id.in_(offices))
    return list(session.scalars(query))


def _wishes(who: Sought) -> ColumnElement[bool]:
    return AppointmentWish.contact_digest.in_(who.digests)


def _payments(session: Session, who: Sought, offices: Offices) -> list[str]:
    """By the document's digest; addresses have none and are opened one after another."""
    found = _ids(session, Payment, offices, Payment.payer_digest.in_(who.digests))
    if who.kind != "email":
        return found
    query = select(Payment.id, Payment.payer_email).where(Payment.payer_email.is_not(None))
    if offices is not None:
        query = query.where(Payment.office_id.in_(offices))
    rows = session.execute(query.execution_options(yield_per=BATCH))
    return [*found, *(row.id for row in rows if (row.payer_email or "").lower() == who.texts[0])]


def _mentioned(column: Any, who: Sought) -> ColumnElement[bool]:
    long = [one for one in who.texts if len(one) >= SHORTEST_IN_NOTES]
    return or_(measures.NEVER, *(column.icontains(one, autoescape=True) for one in long))


def _commented(who: Sought) -> ColumnElement[bool]:
    return _mentioned(FeedbackComment.text, who)


def _told(who: Sought, subjects: Collection[str]) -> ColumnElement[bool]:
    about = Notice.subject_id.in_(subjects) & (Notice.address_digest != "")
    return or_(Notice.address_digest.in_(who.digests), about)


def _slips(session: Session, subjects: Collection[str], offices: Offices) -> list[str]:
    query = select(PrintJob.id).where(
        PrintJob.subject_id.in_(subjects), PrintJob.slip != measures.NOTHING
    )
    if offices is not None:
        mine = select(Printer.id).where(Printer.office_id.in_(offices))
        query = query.where(PrintJob.printer_id.in_(mine))
    return list(session.scalars(query))
