"""The report of a counted session (arqueo): what came in and went out, what there was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_datetime
from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from turnero_core.errors import Conflict
from turnero_core.i18n import N_, gettext, pick, speaking
from turnero_hardware import outbox
from turnero_hardware.models import Printer, PrintJob
from turnero_hardware.slip import Block, Cut, Pair, Rule, Slip, Space, Text
from turnero_queue import catalogue, points_of_sale
from turnero_queue.models import CashMovement, CashSession, Staff
from turnero_queue.payments import money
from turnero_queue.receipts.printing import paper_logo
from turnero_queue.receipts.slips import head

KIND = "arqueo"
KIND_NAMES = {
    "float": N_("Opening float"),
    "cash": N_("Taken in cash"),
    "card": N_("Taken by card"),
    "deposit": N_("Put in"),
    "withdrawal": N_("Withdrawn"),
    "refund": N_("Given back in cash"),
    "refund_card": N_("Given back by card"),
}


@dataclass(frozen=True)
class Line:
    """The movements of one kind: how many, what they were about, what the drawer gained."""

    kind: str
    count: int
    amount_minor: int
    drawer_minor: int


@dataclass(frozen=True)
class Arqueo:
    """`difference_minor` is above zero when there is too much. Times are local words."""

    municipality: str
    office: str
    point_of_sale: str
    cashier: str
    opened: str
    counted: str
    currency: str
    lines: tuple[Line, ...]
    rounding_minor: int
    expected_minor: int
    counted_minor: int
    difference_minor: int
    reason: str
    approver: str
    state: str


def arqueo(session: Session, row: CashSession, language: str) -> Arqueo:
    """The report of a session that was counted; Conflict before, for the count is blind."""
    if row.counted_minor is None or row.expected_minor is None or row.counted_at is None:
        raise Conflict(N_("Count the drawer first."), slug="cash-not-counted")
    configured = catalogue.current(session)
    office = configured.offices_by_id[row.office_id]
    place = points_of_sale.settled(session, row.office_id, row.point_of_sale)

    def local(at: datetime) -> str:
        pattern = "d MMM y, H:mm"
        return str(format_datetime(at, pattern, tzinfo=office.zone, locale=language))

    return Arqueo(
        municipality=configured.name,
        office=pick(office.name, language),
        point_of_sale=pick(place.name, language),
        cashier=session.get_one(Staff, row.staff_id).name,
        opened=local(row.opened_at),
        counted=local(row.counted_at),
        currency=row.currency,
        lines=_lines(session, row.id),
        rounding_minor=_rounding(session, row.id),
        expected_minor=row.expected_minor,
        counted_minor=row.counted_minor,
        difference_minor=row.difference_minor,
        reason=row.reason,
        approver=session.get_one(Staff, row.approver_id).name if row.approver_id else "",
        state=row.state,
    )


def arqueo_slip(report: Arqueo, language: str, logo: bytes | None = None) -> Slip:
    """The report on the cash desk's paper, with room for two signatures."""
    with speaking(language):
        money_of = [Pair(label, value) for label, value in _sums(report, language)]
        total = [Pair(label, value, bold=True) for label, value in _result(report, language)]
        blocks: list[Block] = [
            *head(report.municipality, report.office, logo),
            Rule(),
            Text(gettext(N_("CASH REPORT")), size="large", bold=True, align="center"),
            Space(),
            *(Pair(label, value) for label, value in _facts(report)),
            Rule(),
            *money_of,
            Rule(),
            *total,
            *([Text(_why(report))] if report.reason else []),
            Space(2),
            Text(gettext(N_("Signature of the cashier")) + " " + "." * 12),
            Space(2),
            Text(gettext(N_("Signature of the supervisor")) + " " + "." * 12),
            Cut(),
        ]
        return Slip(tuple(blocks), language=language)


def arqueo_pdf(report: Arqueo, language: str, at: datetime, logo: bytes | None = None) -> bytes:
    """The same as a page of A4, made `at`."""
    # Drawing PDF takes long to load, and most of what runs never draws one.
    from turnero_queue.sheets import Sheet

    with speaking(language):
        title = gettext(N_("Cash report"))
        sheet = Sheet(title, language, at)
        sheet.letterhead(report.municipality, report.office, logo)
        sheet.say(title, size=18, bold=True)
        sheet.ln(3)
        sheet.pairs(_facts(report))
        sheet.rule()
        sheet.pairs(_sums(report, language))
        sheet.rule()
        for label, value in _result(report, language):
            sheet.pair(label, value, bold=True)
        if report.reason:
            sheet.say(_why(report))
        sheet.ln(20)
        sheet.pair(gettext(N_("Signature of the cashier")), "." * 30)
        sheet.ln(12)
        sheet.pair(gettext(N_("Signature of the supervisor")), "." * 30)
        return sheet.bytes()


def print_arqueo(
    session: Session, row: CashSession, printer: Printer, language: str, now: datetime
) -> PrintJob:
    """Queue the report's slip; every time it is asked for, as it then is."""
    slip = arqueo_slip(arqueo(session, row, language), language, paper_logo(session))
    return outbox.enqueue(session, printer, slip, KIND, row.id, now)


def _lines(session: Session, session_id: str) -> tuple[Line, ...]:
    by_card = and_(CashMovement.kind == "refund", CashMovement.drawer_minor == 0)
    kind = case((by_card, "refund_card"), else_=CashMovement.kind).label("what")
    query = (
        select(
            kind,
            func.count(),
            func.sum(CashMovement.amount_minor),
            func.sum(CashMovement.drawer_minor),
        )
        .where(CashMovement.session_id == session_id)
        .group_by(kind)
    )
    found = {row[0]: row for row in session.execute(query)}
    return tuple(
        Line(kind, int(found[kind][1]), int(found[kind][2]), int(found[kind][3]))
        for kind in KIND_NAMES
        if kind in found
    )


def _rounding(session: Session, session_id: str) -> int:
    query = select(func.coalesce(func.sum(CashMovement.rounding_minor), 0))
    return int(session.scalar(query.where(CashMovement.session_id == session_id)) or 0)


def _facts(report: Arqueo) -> list[tuple[str, str]]:
    facts = [
        (gettext(N_("Point of sale")), report.point_of_sale),
        (gettext(N_("Cashier")), report.cashier),
        (gettext(N_("Opened")), report.opened),
        (gettext(N_("Counted")), report.counted),
        (gettext(N_("Approved by")), report.approver),
    ]
    return [(label, value) for label, value in facts if value]


def _sums(report: Arqueo, language: str) -> list[tuple[str, str]]:
    rows = []
    for line in report.lines:
        many = f" ({line.count})" if line.kind != "float" else ""
        sign = -1 if line.kind in ("withdrawal", "refund", "refund_card") else 1
        amount = money.written(sign * line.amount_minor, report.currency, language)
        rows.append((gettext(KIND_NAMES[line.kind]) + many, amount))
    if report.rounding_minor:
        amount = money.written(report.rounding_minor, report.currency, language)
        rows.append((gettext(N_("Rounding")), amount))
    return rows


def _result(report: Arqueo, language: str) -> list[tuple[str, str]]:
    def written(minor: int) -> str:
        return money.written(minor, report.currency, language)

    return [
        (gettext(N_("In the drawer by the books")), written(report.expected_minor)),
        (gettext(N_("Counted in the drawer")), written(report.counted_minor)),
        (gettext(N_("Difference")), written(report.difference_minor)),
    ]


def _why(report: Arqueo) -> str:
    return gettext(N_("Reason: %(reason)s"), reason=report.reason)
