"""Money and certificates without the person: numbers, amounts and dates stay as they were."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from turnero_queue.certificates.signing import canonical
from turnero_queue.models import Certificate, DebtReport, Payment, PaymentItem, Receipt

NOBODY = dict.fromkeys(("payer_name", "payer_document", "payer_digest"))
# What a debt was for says whose it was: a plate, an address, a number.
A_DEBT = {"es": "Deuda", "en": "Debt", "pt": "Débito"}
KEPT_OF_CERTIFICATES = ("v", "code", "kind", "title", "municipality", "office", "subject_kind",
                        "language", "issued_at", "issued_on", "valid_until")  # fmt: skip
FORGOTTEN = "forgotten"


def tells_of_payer() -> ColumnElement[bool]:
    columns = (Payment.payer_name, Payment.payer_document, Payment.payer_email)
    debts = Payment.errand_kind.in_(("debt", "certificate")) & (Payment.errand_id != FORGOTTEN)
    return or_(debts, Payment.payer_digest.is_not(None), *(one.is_not(None) for one in columns))


def empty_receipts(session: Session, ids: Collection[Any]) -> None:
    _write(session, Receipt, ids, NOBODY)
    of_debts = (
        select(Receipt)
        .where(Receipt.id.in_(ids))
        .where(
            Receipt.payment_id.in_(
                select(PaymentItem.payment_id).where(PaymentItem.debt_key.is_not(None))
            )
        )
    )
    for row in session.scalars(of_debts):
        said = A_DEBT.get(row.language, A_DEBT["es"])
        lines = [{**line, "text": said} for line in row.content["lines"]]
        row.content = {**row.content, "lines": lines}
    session.flush()


def empty_payments(session: Session, ids: Collection[Any]) -> None:
    """Reports that a debt's system has not taken yet are left: they need the debt's key."""
    _write(session, Payment, ids, {**NOBODY, "payer_email": None})
    debts = Payment.errand_kind.in_(("debt", "certificate"))
    changing = update(Payment).where(Payment.id.in_(ids), debts).values(errand_id=FORGOTTEN)
    session.execute(changing.execution_options(synchronize_session=False))
    waiting = select(DebtReport.payment_id).where(DebtReport.state == "waiting")
    items = (
        update(PaymentItem)
        .where(
            PaymentItem.payment_id.in_(ids),
            PaymentItem.payment_id.not_in(waiting),
            PaymentItem.debt_key.is_not(None),
        )
        .values(names=A_DEBT, debt_key=None, holds=None)
    )
    session.execute(items.execution_options(synchronize_session=False))
    reports = select(DebtReport).where(
        DebtReport.payment_id.in_(ids), DebtReport.state == "reported"
    )
    for row in session.scalars(reports):
        row.debt_key, row.description = row.id, ""
    session.flush()


def empty_certificates(session: Session, ids: Collection[Any]) -> None:
    """Its code is still known, and says what it was and until when it held; of whom, no more."""
    for row in session.scalars(select(Certificate).where(Certificate.id.in_(ids))):
        says = json.loads(row.document)
        kept = {key: says[key] for key in KEPT_OF_CERTIFICATES if key in says}
        row.document = canonical({**kept, "text": "", "subject": ""})
        row.token = row.subject_digest = row.subject_hint = ""
    session.flush()


def _write(session: Session, table: Any, ids: Collection[Any], values: dict[str, None]) -> None:
    changing = update(table).where(table.id.in_(ids)).values(values)
    session.execute(changing.execution_options(synchronize_session=False))
