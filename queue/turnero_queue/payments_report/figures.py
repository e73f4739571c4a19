"""What was paid and given back in an office's days, added up; every figure in minor units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core import sealed
from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext, pick
from turnero_queue import catalogue, verification_codes
from turnero_queue.catalogue import Catalogue, Office
from turnero_queue.connectors import asked
from turnero_queue.models import (
    CashMovement,
    Payment,
    PaymentItem,
    Receipt,
    Staff,
)
from turnero_queue.receipts.content import METHOD_NAMES
from turnero_queue.receipts.issuing import number_of

By = Literal["method", "service", "point_of_sale", "staff"]
WAYS: tuple[By, ...] = ("method", "service", "point_of_sale", "staff")
NOT_A_SERVICE = N_("Debts and other things")
NOBODY = N_("Without staff")


@dataclass(frozen=True)
class Entry:
    """One receipt or credit note, as a row of the report; `amount_minor` is below zero for what
    went back. `method` is cash, desk_card, qr or card_terminal."""

    at: datetime
    local_at: str
    office: str
    point_of_sale: str
    number: str
    kind: str
    code: str
    method: str
    concepts: str
    amount_minor: int
    currency: str
    staff: str
    reference: str
    simulated: bool
    payment_id: str


@dataclass(frozen=True)
class Total:
    """`net_minor` is what stayed."""

    key: str
    name: str
    payments: int
    paid_minor: int
    refunds: int
    refunded_minor: int

    @property
    def net_minor(self) -> int:
        return self.paid_minor - self.refunded_minor


@dataclass(frozen=True)
class Report:
    currency: str
    totals: tuple[Total, ...]
    entries: tuple[Entry, ...]

    @property
    def paid_minor(self) -> int:
        return sum(total.paid_minor for total in self.totals)

    @property
    def refunded_minor(self) -> int:
        return sum(total.refunded_minor for total in self.totals)

    @property
    def net_minor(self) -> int:
        return self.paid_minor - self.refunded_minor


def payments_report(
    session: Session, offices: Sequence[Office], first: date, last: date, *, by: By
) -> Report:
    """The receipts and credit notes of the local days `first` to `last`, both included, and their
    sums by method, service, point of sale or member of staff."""
    configured = catalogue.current(session)
    papers = [paper for office in offices for paper in _papers(session, office, first, last)]
    papers.sort(key=lambda paper: (paper.issued_at, paper.id))
    read = _Reader(session, configured, papers)
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for paper in papers:
        back = paper.kind == "credit_note"
        for key, minor in read.shares(paper, by):
            cell = sums[key]
            cell[2 * back] += 1
            cell[2 * back + 1] += minor
    totals = tuple(
        Total(key, read.name(key, by), *sums[key])
        for key in sorted(sums, key=lambda key: read.name(key, by))
    )
    return Report(configured.currency, totals, tuple(map(read.entry, papers)))


def search(
    session: Session, text: str, offices: Sequence[Office], limit: int = 50
) -> list[Receipt]:
    """Receipts by number, verification code, payment's voucher, or the payer's document; the
    newest first."""
    wanted = text.strip()
    number = wanted.rpartition("-")
    conditions = [Receipt.code == (verification_codes.normal(wanted) or "-")]
    if number[2].isdecimal() and len(number[2]) <= 9:
        match = Receipt.number == int(number[2])
        conditions.append(match & (Receipt.point_of_sale == number[0]) if number[0] else match)
    voucher = "".join(letter for letter in wanted.upper() if letter.isalnum())
    conditions.append(Receipt.payment_id.in_(select(Payment.id).where(Payment.voucher == voucher)))
    conditions.append(Receipt.payer_digest.in_([_digest(wanted), sealed.digest(wanted)]))
    found = conditions[0]
    for condition in conditions[1:]:
        found = found | condition
    mine = Receipt.office_id.in_([office.id for office in offices])
    query = select(Receipt).where(mine, found).order_by(Receipt.issued_at.desc()).limit(limit)
    return list(session.scalars(query))


def _digest(text: str) -> str:
    try:
        return sealed.digest(asked("document", text).value)
    except Invalid:
        return "-"


def _papers(session: Session, office: Office, first: date, last: date) -> list[Receipt]:
    begins = datetime.combine(first, time(), office.zone)
    ends = datetime.combine(last + timedelta(days=1), time(), office.zone)
    query = select(Receipt).where(
        Receipt.office_id == office.id, Receipt.issued_at >= begins, Receipt.issued_at < ends
    )
    return list(session.scalars(query))


class _Reader:
    """What the report's papers refer to, read once."""

    def __init__(self, session: Session, configured: Catalogue, papers: list[Receipt]) -> None:
        ids = {paper.payment_id for paper in papers}
        self._configured = configured
        self._payments: dict[str, Payment] = {}
        self._items: dict[str, list[PaymentItem]] = defaultdict(list)
        self._by_card: set[str] = set()
        self._staff = {row.login: row.name for row in session.scalars(select(Staff))}
        for some in _batches(sorted(ids)):
            found = session.scalars(select(Payment).where(Payment.id.in_(some)))
            self._payments.update((row.id, row) for row in found)
            items = select(PaymentItem).where(PaymentItem.payment_id.in_(some))
            for item in session.scalars(items.order_by(PaymentItem.position)):
                self._items[item.payment_id].append(item)
            cards = select(CashMovement.payment_id).where(
                CashMovement.payment_id.in_(some), CashMovement.kind == "card"
            )
            self._by_card.update(filter(None, session.scalars(cards)))

    def shares(self, paper: Receipt, by: By) -> list[tuple[str, int]]:
        """Under what a paper counts, and with how much. A credit note counts where its payment's
        largest line does: who gives money back does not say for what."""
        if by == "method":
            return [(self._method(paper), paper.amount_minor)]
        if by == "point_of_sale":
            return [(paper.point_of_sale, paper.amount_minor)]
        if by == "staff":
            return [(_login(paper), paper.amount_minor)]
        items = self._items[paper.payment_id]
        if paper.kind == "credit_note":
            largest = max(items, key=lambda item: item.amount_minor)
            return [(largest.service_id or "", paper.amount_minor)]
        shares: dict[str, int] = defaultdict(int)
        for item in items:
            shares[item.service_id or ""] += item.amount_minor
        return list(shares.items())

    def name(self, key: str, by: By) -> str:
        if by == "method":
            return gettext(METHOD_NAMES[key])
        if by == "staff":
            return self._staff.get(key, key) or gettext(NOBODY)
        if by == "service":
            service = self._configured.services_by_id.get(key)
            return pick(service.name) if service else gettext(NOT_A_SERVICE)
        return key

    def entry(self, paper: Receipt) -> Entry:
        office = self._configured.offices_by_id[paper.office_id]
        sign = -1 if paper.kind == "credit_note" else 1
        return Entry(
            at=paper.issued_at,
            local_at=paper.issued_at.astimezone(office.zone).strftime("%Y-%m-%d %H:%M:%S"),
            office=office.code,
            point_of_sale=paper.point_of_sale,
            number=number_of(paper),
            kind=paper.kind,
            code=paper.code,
            method=self._method(paper),
            concepts=", ".join(line["text"] for line in paper.content["lines"]),
            amount_minor=sign * paper.amount_minor,
            currency=paper.currency,
            staff=_login(paper),
            reference=paper.content["reference"],
            simulated=paper.simulated,
            payment_id=paper.payment_id,
        )

    def _method(self, paper: Receipt) -> str:
        method = self._payments[paper.payment_id].method
        return "desk_card" if paper.payment_id in self._by_card else method


def _login(paper: Receipt) -> str:
    kind, _, login = paper.issued_by.partition(":")
    return login if kind == "staff" else ""


def _batches(ids: list[str], size: int = 500) -> list[list[str]]:
    return [ids[place : place + size] for place in range(0, len(ids), size)]
