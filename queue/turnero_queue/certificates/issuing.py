"""A certificate comes after a live check, in a transaction of its own; it is only ever revoked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from babel.dates import format_date
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from turnero_core import clock, sealed
from turnero_core.errors import Conflict, Invalid, NotFound
from turnero_core.i18n import N_, gettext, pick
from turnero_queue import audit, catalogue, verification_codes
from turnero_queue.catalogue import Office
from turnero_queue.certificates import signing
from turnero_queue.certificates.kinds import Kind, Wording, is_for
from turnero_queue.connectors import Debt, DocumentOrAccount, Guarded, outstanding
from turnero_queue.models import Certificate, Payment

FRESH_FOR = timedelta(minutes=2)
_DOUBLE_TAP = timedelta(minutes=2)


@dataclass(frozen=True)
class Check:
    """What a system answered, and when."""

    connector: str
    query: DocumentOrAccount
    debts: tuple[Debt, ...]
    at: datetime


def check(kind: Kind, query: DocumentOrAccount, connector: Guarded, now: datetime) -> Check:
    """Ask the system itself, never its memory; `DebtsUnavailable` when it does not answer. Not
    inside a transaction: it may take seconds."""
    if query.kind != kind.asks_for:
        raise Invalid(errors={query.kind: [gettext(N_("This certificate is asked otherwise."))]})
    found = connector.lookup(query, fresh=True)
    return Check(kind.connector, query, tuple(found), now)


def issue(
    session: Session,
    kind: Kind,
    checked: Check,
    office: Office,
    instance: Path,
    *,
    language: str,
    actor: str,
    now: datetime,
    payment: Payment | None = None,
) -> Certificate:
    """The certificate that nothing is owed. The same one again for the same payment, and within
    two minutes for the same person.

    Conflict `debts-outstanding` (with the `debts` left), `check-too-old`, `fee-not-paid`.
    """
    before = _issued_before(session, kind, checked.query, payment, now)
    if before is not None:
        return before
    _may_issue(session, kind, checked, payment, now)
    document = _document(session, kind, checked.query, office, language, now)
    row = Certificate(
        code=document["code"],
        kind=kind.code,
        office_id=office.id,
        payment_id=payment.id if payment else None,
        language=language,
        names=dict(kind.name),
        subject_digest=sealed.digest(checked.query.value),
        subject_hint=verification_codes.hidden(checked.query.value),
        document=signing.canonical(document),
        token=signing.sign(instance, document),
        issued_at=now,
        issued_by=actor[:80],
        valid_until=_last_day(kind, office, now),
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="certificate.issue",
        subject=f"certificate:{row.code}",
        office_id=office.id,
        after={"kind": kind.code, "valid_until": row.valid_until.isoformat()},
        now=now,
    )
    return row


def revoke(
    session: Session, certificate: Certificate, actor: str, reason: str, now: datetime
) -> None:
    """It holds no more, and says so to whoever checks it; Invalid without a reason, Conflict
    `already-revoked`."""
    reason = " ".join(reason.split())[:500]
    if not reason:
        raise Invalid(errors={"reason": [gettext(N_("Say why it is revoked."))]})
    done = session.execute(
        update(Certificate)
        .where(Certificate.id == certificate.id, Certificate.revoked_at.is_(None))
        .values(revoked_at=now, revoked_by=actor[:80], revoked_reason=reason)
        .returning(Certificate.id)
    ).first()
    if done is None:
        raise Conflict(N_("This certificate was revoked before."), slug="already-revoked")
    session.refresh(certificate)
    audit.record(
        session,
        actor=actor,
        action="certificate.revoke",
        subject=f"certificate:{certificate.code}",
        office_id=certificate.office_id,
        reason=reason,
        now=now,
    )


def find(session: Session, code: str) -> Certificate:
    """The certificate of a code, however it was typed; NotFound."""
    wanted = verification_codes.normal(code)
    query = select(Certificate).where(Certificate.code == wanted)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(N_("There is no certificate with this code."))
    return found


def document_of(certificate: Certificate) -> dict[str, Any]:
    """All that a certificate says."""
    document: dict[str, Any] = json.loads(certificate.document)
    return document


def _issued_before(
    session: Session,
    kind: Kind,
    query: DocumentOrAccount,
    payment: Payment | None,
    now: datetime,
) -> Certificate | None:
    if payment is not None:
        paid = select(Certificate).where(Certificate.payment_id == payment.id)
        return session.scalars(paid).one_or_none()
    recent = select(Certificate).where(
        Certificate.subject_digest == sealed.digest(query.value),
        Certificate.kind == kind.code,
        Certificate.payment_id.is_(None),
        Certificate.revoked_at.is_(None),
        Certificate.issued_at > now - _DOUBLE_TAP,
    )
    return session.scalars(recent.order_by(Certificate.issued_at.desc()).limit(1)).one_or_none()


def _may_issue(
    session: Session, kind: Kind, checked: Check, payment: Payment | None, now: datetime
) -> None:
    if checked.connector != kind.connector or now - checked.at > FRESH_FOR:
        raise Conflict(
            N_("What is owed was looked up too long ago: look it up again."), slug="check-too-old"
        )
    left = outstanding(session, kind.connector, checked.debts, now)
    if left:
        raise Conflict(
            N_("There is something left to pay, so this cannot be certified yet."),
            slug="debts-outstanding",
            title=N_("Something is left to pay"),
            extra={"debts": [debt.key for debt in left]},
        )
    if kind.fee_minor and not _pays_for(payment, kind, checked.query):
        raise Conflict(N_("The fee of this certificate is not paid yet."), slug="fee-not-paid")


def _pays_for(payment: Payment | None, kind: Kind, query: DocumentOrAccount) -> bool:
    return (
        payment is not None
        and payment.state == "approved"
        and payment.errand_kind == "certificate"
        and payment.amount_minor >= (kind.fee_minor or 0)
        and is_for(payment.errand_id, kind.code, query)
    )


def _document(
    session: Session,
    kind: Kind,
    query: DocumentOrAccount,
    office: Office,
    language: str,
    now: datetime,
) -> dict[str, Any]:
    municipality = catalogue.current(session).name
    today, last = clock.local_date(now, office.zone), _last_day(kind, office, now)
    wording = Wording(
        municipality=municipality,
        office=pick(office.name, language),
        subject=query.value,
        date=str(format_date(today, "long", locale=language)),
        valid_until=str(format_date(last, "long", locale=language)),
    )
    return {
        "v": 1,
        "code": verification_codes.make(),
        "kind": kind.code,
        "title": pick(kind.name, language),
        "text": wording.fill(pick(kind.text, language)),
        "municipality": municipality,
        "office": wording.office,
        "subject_kind": query.kind,
        "subject": query.value,
        "language": language,
        "issued_at": clock.rfc3339(now),
        "issued_on": today.isoformat(),
        "valid_until": last.isoformat(),
    }


def _last_day(kind: Kind, office: Office, now: datetime) -> date:
    return clock.local_date(now, office.zone) + timedelta(days=kind.validity_days)
