"""A payment as its screens show it: one face for each thing that may be true of it."""

from typing import Any

from sqlalchemy import select

from turnero_kiosk import papers, visit
from turnero_kiosk.paying import basket as baskets
from turnero_kiosk.paying.touch import certifiable
from turnero_queue import receipts
from turnero_queue.api.edge import Unit
from turnero_queue.models import Certificate, Payment
from turnero_queue.payments import describe, settings, starting, states
from turnero_queue.receipts import printing

PREPARING, ENDING, UNSURE, PAID, ENDED = "preparing", "ending", "unsure", "paid", "ended"


def face_of(payment: Payment, left_s: int) -> str:
    """preparing, qr, card_terminal, cash, ending, unsure, paid or ended."""
    if payment.state in states.PAID:
        return PAID
    if payment.state in states.FAILED:
        return ENDED
    if payment.unsure:
        return UNSURE
    if payment.cancel_asked or left_s <= 0:
        return ENDING
    if payment.state == "created" or (payment.method == "qr" and not payment.qr_data):
        return PREPARING
    return payment.method


def facts(unit: Unit, payment: Payment) -> dict[str, Any]:
    """What the templates of a payment know."""
    left = int((payment.expires_at - unit.now).total_seconds())
    receipt = receipts.of_payment(unit.session, payment.id)
    about = receipt.id if receipt else payment.id
    job = printing.job_of(unit.session, about, printing.KIND if receipt else printing.VOUCHER)
    return {
        "payment": payment,
        "items": starting.items_of(unit.session, payment.id),
        "face": face_of(payment, left),
        "left": max(0, left),
        "told": describe.told(payment),
        "cash": settings.current(unit.session).cash_amount(payment.amount_minor),
        "receipt": receipt,
        "number": receipts.number_of(receipt) if receipt else "",
        "paper": papers.state_of(job, unit.now),
        "mailed": receipt is not None and visit.kept("mailed") == receipt.id,
        **_next(unit, payment),
    }


def simulates(unit: Unit) -> bool:
    """Whether the provider that would be used only pretends."""
    return settings.current(unit.session).provider == settings.SIMULATED


def _next(unit: Unit, payment: Payment) -> dict[str, Any]:
    """The certificate that the person may want, or has paid for."""
    empty: dict[str, Any] = {
        "certificate": None,
        "basket": None,
        "fee_paid": False,
        "basket_open": False,
    }
    wanted = baskets.known()
    if wanted is None or payment.idempotency_key != wanted.key:
        return empty
    if payment.state not in states.PAID:
        return {**empty, "basket_open": True}
    if wanted.kind == baskets.CERTIFICATE:
        done = unit.session.scalar(
            select(Certificate.id).where(Certificate.payment_id == payment.id)
        )
        paid = {"certificate": wanted.certificate, "fee_paid": done is None}
        return {**empty, **paid, "basket": wanted}
    kinds = certifiable(unit, wanted) if wanted.kind == baskets.DEBT else []
    return {**empty, "certificate": kinds[0].code if kinds else None, "basket": wanted}
