"""The public page of a paper: whether it is genuine, what it certifies, and nobody's secrets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.i18n import N_, current_language, gettext, pick
from turnero_queue import catalogue, receipts, verification_codes
from turnero_queue.certificates.issuing import document_of
from turnero_queue.models import Certificate, Payment, Receipt
from turnero_queue.payments import money
from turnero_queue.receipts.content import Content
from turnero_queue.receipts.slips import SIMULATED, TITLES

State = Literal["valid", "revoked", "expired", "unknown"]
STATE_NAMES: dict[State, str] = {
    "valid": N_("Genuine and valid"),
    "revoked": N_("Revoked: it holds no more"),
    "expired": N_("Genuine, but no longer valid"),
    "unknown": N_("Not known: this municipality issued no paper with this code"),
}


@dataclass(frozen=True)
class Verdict:
    """`facts` are labels and values in the reader's language; numbers of documents are hidden but
    for their end, so that the page never says more than the paper."""

    state: State
    what: Literal["certificate", "receipt", ""] = ""
    code: str = ""
    title: str = ""
    text: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    simulated: bool = False

    @property
    def sentence(self) -> str:
        return gettext(STATE_NAMES[self.state])


def verify_online(session: Session, code: str, now: datetime) -> Verdict:
    """What is known of a code, however it was typed."""
    wanted = verification_codes.normal(code)
    if not wanted:
        return Verdict("unknown")
    found = session.scalars(select(Certificate).where(Certificate.code == wanted)).one_or_none()
    if found is not None:
        return _certificate(session, found, now)
    paper = session.scalars(select(Receipt).where(Receipt.code == wanted)).one_or_none()
    return _receipt(session, paper) if paper is not None else Verdict("unknown")


def state_of(session: Session, certificate: Certificate, now: datetime) -> State:
    """Whether a certificate holds today, where it was issued."""
    if certificate.revoked_at is not None:
        return "revoked"
    office = catalogue.current(session).offices_by_id[certificate.office_id]
    late = clock.local_date(now, office.zone) > certificate.valid_until
    return "expired" if late else "valid"


def _certificate(session: Session, found: Certificate, now: datetime) -> Verdict:
    says = document_of(found)
    office = catalogue.current(session).offices_by_id[found.office_id]
    facts = [
        (N_("Issued by"), f"{says['municipality']}, {pick(office.name)}"),
        (N_("About"), found.subject_hint),
        (N_("Issued on"), _day(date.fromisoformat(says["issued_on"]))),
        (N_("Valid until"), _day(found.valid_until)),
    ]
    if found.revoked_at is not None:
        facts.append((N_("Revoked on"), _day(clock.local_date(found.revoked_at, office.zone))))
    return Verdict(
        state=state_of(session, found, now),
        what="certificate",
        code=found.code,
        title=pick(found.names),
        text=says["text"].replace(says["subject"], found.subject_hint),
        facts=_said(facts),
    )


def _receipt(session: Session, paper: Receipt) -> Verdict:
    says = Content.from_plain(paper.content)
    payment = session.get_one(Payment, paper.payment_id)
    back = paper.kind == "receipt" and payment.refunded_minor
    facts = [
        (N_("Issued by"), f"{says.municipality}, {says.office}"),
        (N_("Number"), receipts.number_of(paper)),
        (N_("Date"), says.when(current_language())),
        (N_("Amount"), money.written(paper.amount_minor, paper.currency, current_language())),
    ]
    if back:
        given = money.written(payment.refunded_minor, paper.currency, current_language())
        facts.append((N_("Given back"), given))
    if paper.simulated:
        facts.append((N_("Attention"), gettext(SIMULATED)))
    return Verdict(
        state="revoked" if back and payment.state == "refunded" else "valid",
        what="receipt",
        code=paper.code,
        title=gettext(TITLES[paper.kind]),
        text=", ".join(line.text for line in says.lines),
        facts=_said(facts),
        simulated=paper.simulated,
    )


def _said(facts: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((gettext(label), value) for label, value in facts)


def _day(day: date) -> str:
    return str(format_date(day, "long", locale=current_language()))
