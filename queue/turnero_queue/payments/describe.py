"""A payment as the API shows it, and what a screen may honestly say about it."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.i18n import N_, gettext
from turnero_queue.catalogue import Catalogue
from turnero_queue.models import Payment, PaymentItem, Refund
from turnero_queue.payments import money, refunds, settings, starting, states

ReceiptOf = Callable[[Session, Payment], Mapping[str, Any] | None]
TOLD = {
    "created": N_("One moment: we are preparing your payment."),
    "pending": N_("We are waiting for your payment."),
    "approved": N_("Your payment arrived. Thank you."),
    "rejected": N_("The payment was not accepted. You were not charged."),
    "cancelled": N_("The payment was cancelled. You were not charged."),
    "expired": N_("The time to pay is over. You were not charged."),
    "partly_refunded": N_("Part of this payment was given back."),
    "refunded": N_("This payment was given back."),
}
UNSURE = N_(
    "We do not know yet whether your payment arrived. Please do not pay again: "
    "we keep asking, and nothing is lost."
)
TWICE = N_("This had been paid already, so your money is on its way back.")


def told(payment: Payment) -> str:
    """One honest sentence about a payment, in the reader's language."""
    if payment.twice:
        return gettext(TWICE)
    if payment.unsure and payment.state in states.OPEN:
        return gettext(UNSURE)
    return gettext(TOLD[payment.state])


def payment(
    session: Session, catalogue: Catalogue, row: Payment, receipt_of: ReceiptOf | None = None
) -> dict[str, Any]:
    office = catalogue.offices_by_id[row.office_id]
    shown = {
        "id": row.id,
        "office": office.code,
        "state": row.state,
        "told": told(row),
        "unsure": row.unsure,
        "simulated": row.simulated,
        "method": row.method,
        "provider": row.provider,
        "amount": money.describe(row.amount_minor, row.currency),
        "refunded": money.describe(row.refunded_minor, row.currency),
        "errand": {"kind": row.errand_kind, "id": row.errand_id},
        "items": [_item(item, row, catalogue) for item in starting.items_of(session, row.id)],
        "instructions": instructions(session, row),
        "created_at": clock.rfc3339(row.created_at),
        "expires_at": clock.rfc3339(row.expires_at),
        "approved_at": clock.rfc3339(row.approved_at) if row.approved_at else None,
        "refunds": [refund(entry, row) for entry in refunds.of_payment(session, row.id)],
    }
    return {**shown, "receipt": receipt_of(session, row) if receipt_of else None}


def instructions(session: Session, row: Payment) -> dict[str, Any] | None:
    """What whoever pays must do now; None when there is nothing (more) to do."""
    if row.state not in states.OPEN:
        return None
    until = {"expires_at": clock.rfc3339(row.expires_at)}
    if row.method == "cash":
        due = settings.current(session).cash_amount(row.amount_minor)
        return {"voucher": row.voucher, "cash": money.describe(due, row.currency), **until}
    if row.method == "card_terminal":
        return {"terminal": row.terminal, **until}
    return {"qr_data": row.qr_data, **until}


def refund(entry: Refund, row: Payment) -> dict[str, Any]:
    return {
        "id": entry.id,
        "amount": money.describe(entry.amount_minor, row.currency),
        "reason": entry.reason,
        "state": entry.state,
        "actor": entry.actor,
        "created_at": clock.rfc3339(entry.created_at),
    }


def _item(item: PaymentItem, row: Payment, catalogue: Catalogue) -> dict[str, Any]:
    service = catalogue.services_by_id.get(item.service_id or "")
    return {
        "description": item.names,
        "quantity": item.quantity,
        "amount": money.describe(item.amount_minor, row.currency),
        "service": service.code if service else None,
        "debt": item.debt_key,
    }
