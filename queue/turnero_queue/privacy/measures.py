"""How each place that may tell of a person is emptied, once its days are over."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, delete, false, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from turnero_core.i18n import N_
from turnero_hardware.models import OPEN_STATES, PrintJob
from turnero_hardware.slip import Slip
from turnero_queue import catalogue
from turnero_queue.appointments import tending
from turnero_queue.models import (
    Appointment,
    AppointmentWish,
    Certificate,
    DebtReport,
    FeedbackComment,
    Municipality,
    Notice,
    Payment,
    Receipt,
    StaffSession,
    Ticket,
)
from turnero_queue.notices import due as notices
from turnero_queue.notices.policy import rules_of
from turnero_queue.privacy import papers

# What a printer was sent is of use while somebody may ask for it again.
SLIPS_KEPT = timedelta(days=7)
SESSIONS_KEPT = timedelta(days=180)
PAID = ("approved", "partly_refunded", "refunded")
NOTHING = Slip(()).to_dict()
WORDLESS = "…"
NEVER = false()

Where = Callable[[Session, datetime], ColumnElement[bool]]


@dataclass(frozen=True)
class Measure:
    """`where` finds what is due in `table`; `empty` writes over what tells of a person in the rows
    of these ids. `kept` names the rule of so many days, or says the days itself."""

    name: str
    what: str
    table: Any
    kept: str
    where: Where
    empty: Callable[[Session, Collection[Any]], None]

    def due(self, session: Session, now: datetime) -> int:
        return session.scalar(select(func.count()).where(self.where(session, now))) or 0


def with_values(
    table: Any, values: Mapping[str, Any]
) -> Callable[[Session, Collection[Any]], None]:
    def empty(session: Session, ids: Collection[Any]) -> None:
        changing = update(table).where(table.id.in_(ids)).values(values)
        session.execute(changing.execution_options(synchronize_session=False))

    return empty


def without_rows(table: Any) -> Callable[[Session, Collection[Any]], None]:
    def empty(session: Session, ids: Collection[Any]) -> None:
        gone = delete(table).where(table.id.in_(ids))
        session.execute(gone.execution_options(synchronize_session=False))

    return empty


def _over(
    session: Session, office_id: Any, at: InstrumentedAttribute[Any], rule: str, now: datetime
) -> ColumnElement[bool]:
    """Older than the days of `rule`, which each office may set for itself; 0 is never."""
    parts: Iterator[ColumnElement[bool]] = (
        (office_id == office.id) & (at < _before(at, now, days))
        for office in catalogue.current(session).offices_by_id.values()
        if (days := getattr(office.rules, rule))
    )
    return or_(false(), *parts)


def _before(at: InstrumentedAttribute[Any], now: datetime, days: int) -> Any:
    moment = now - timedelta(days=days)
    return moment.date() if isinstance(at.type, Date) else moment


def _notes(session: Session, now: datetime) -> ColumnElement[bool]:
    over = _over(session, Ticket.office_id, Ticket.business_day, "personal_data_days", now)
    return and_(Ticket.notes != "", over)


def _notices(session: Session, now: datetime) -> ColumnElement[bool]:
    municipality = session.get(Municipality, 1)
    days = rules_of(municipality, None).notices_forget_days if municipality else 0
    return notices.forgettable(now - timedelta(days=days)) if days else false()


def _payers(session: Session, now: datetime) -> ColumnElement[bool]:
    """Of what was paid after the years that the law asks for; of what was not, much sooner."""
    paid = _over(session, Payment.office_id, Payment.approved_at, "payer_forget_days", now)
    never = _over(session, Payment.office_id, Payment.created_at, "personal_data_days", now)
    over = or_(
        and_(Payment.state.in_(PAID), paid),
        and_(Payment.state.not_in((*PAID, "created", "pending")), never),
    )
    reporting = select(DebtReport.payment_id).where(DebtReport.state == "waiting")
    return and_(over, papers.tells_of_payer(), Payment.id.not_in(reporting))


def _receipts(session: Session, now: datetime) -> ColumnElement[bool]:
    over = _over(session, Receipt.office_id, Receipt.issued_at, "payer_forget_days", now)
    named = or_(Receipt.payer_name.is_not(None), Receipt.payer_document.is_not(None))
    return and_(over, or_(named, Receipt.payer_digest.is_not(None)))


def _certificates(session: Session, now: datetime) -> ColumnElement[bool]:
    over = _over(session, Certificate.office_id, Certificate.valid_until, "personal_data_days", now)
    return and_(over, Certificate.subject_digest != "")


def _slips(_session: Session, now: datetime) -> ColumnElement[bool]:
    return and_(
        PrintJob.state.not_in(OPEN_STATES),
        PrintJob.created_at < now - SLIPS_KEPT,
        PrintJob.slip != NOTHING,
    )


def _comments(session: Session, now: datetime) -> ColumnElement[bool]:
    table = FeedbackComment
    over = _over(session, table.office_id, table.week, "personal_data_days", now)
    return and_(over, table.text != WORDLESS)


def _browsers(_session: Session, now: datetime) -> ColumnElement[bool]:
    return StaffSession.last_seen_at < now - SESSIONS_KEPT


MEASURES: tuple[Measure, ...] = (
    Measure(
        "ticket-notes",
        N_("notes on turns"),
        Ticket,
        "personal_data_days",
        _notes,
        with_values(Ticket, {"notes": ""}),
    ),
    Measure(
        "appointments",
        N_("who appointments were for"),
        Appointment,
        "appointment_forget_days",
        tending.forgettable,
        with_values(Appointment, tending.NOBODY),
    ),
    Measure(
        "waiting-list",
        N_("who waited for an appointment"),
        AppointmentWish,
        "2",
        lambda _session, now: tending.forgettable_wishes(now),
        with_values(AppointmentWish, tending.NOBODY_WAITS),
    ),
    Measure(
        "notices",
        N_("addresses and contents of messages"),
        Notice,
        "notices_forget_days",
        _notices,
        with_values(Notice, notices.FORGOTTEN),
    ),
    # Receipts before payments: what a line was for is told by the payment's own lines.
    Measure(
        "receipts",
        N_("payers on receipts"),
        Receipt,
        "payer_forget_days",
        _receipts,
        papers.empty_receipts,
    ),
    Measure(
        "payments",
        N_("payers and debts of payments"),
        Payment,
        "payer_forget_days",
        _payers,
        papers.empty_payments,
    ),
    Measure(
        "certificates",
        N_("contents of certificates that are no longer valid"),
        Certificate,
        "personal_data_days",
        _certificates,
        papers.empty_certificates,
    ),
    Measure(
        "slips",
        N_("slips that were printed"),
        PrintJob,
        str(SLIPS_KEPT.days),
        _slips,
        with_values(PrintJob, {"slip": NOTHING}),
    ),
    Measure(
        "comments",
        N_("comments on the service"),
        FeedbackComment,
        "personal_data_days",
        _comments,
        with_values(FeedbackComment, {"text": WORDLESS}),
    ),
    Measure(
        "browsers",
        N_("browsers that staff once used"),
        StaffSession,
        str(SESSIONS_KEPT.days),
        _browsers,
        without_rows(StaffSession),
    ),
)
