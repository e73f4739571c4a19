"""What happens at the drawer between its opening and its count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core.errors import Conflict, Forbidden, Invalid, NotFound
from turnero_core.i18n import N_, gettext
from turnero_hardware import outbox
from turnero_hardware.slip import Drawer, Slip
from turnero_queue import audit, points_of_sale, receipts, staff
from turnero_queue.cash import sessions
from turnero_queue.models import CashMovement, CashSession, Payment, Receipt, Refund, Staff
from turnero_queue.payments import moves, paying, refunds, settings, starting
from turnero_queue.payments.money import MOST_MINOR
from turnero_queue.permissions import Permission

DRAWER = "drawer"


@dataclass(frozen=True)
class Taken:
    """A voucher that was paid: what to give back, and its receipt."""

    movement: CashMovement
    receipt: Receipt

    @property
    def change_minor(self) -> int:
        return self.movement.change_minor


def find(session: Session, code: str) -> Payment:
    """The payment of a voucher, however its code was typed or scanned; NotFound."""
    payment = starting.by_voucher(session, code)
    if payment is None:
        raise NotFound(N_("There is no voucher with this code."), slug="no-voucher")
    return payment


def due_in_cash(session: Session, payment: Payment) -> int:
    """What to ask for in coins that exist, by the municipality's rounding."""
    return settings.current(session).cash_amount(payment.amount_minor)


def take_cash(
    session: Session,
    session_id: str,
    cashier: Staff,
    payment: Payment,
    tendered_minor: int,
    now: datetime,
) -> Taken:
    """The cashier has been given `tendered_minor` for a voucher: the drawer opens, the receipt
    prints, and the change is told. Again gives the same answer and takes nothing.

    Invalid when it is not enough; Conflict `voucher-expired`, `illegal-transition`.
    """
    row = sessions.own(session, session_id, cashier)
    if (known := _taken(session, row, payment)) is not None:
        return known
    payment = _held_here(session, row, payment)
    due = due_in_cash(session, payment)
    if not due <= tendered_minor <= MOST_MINOR:
        raise Invalid(errors={"tendered": [gettext(N_("This is less than what is to be paid."))]})
    movement = sessions.add(
        session,
        row,
        cashier,
        "cash",
        payment.amount_minor,
        due,
        now,
        tendered_minor=tendered_minor,
        change_minor=tendered_minor - due,
        rounding_minor=due - payment.amount_minor,
        payment_id=payment.id,
    )
    return _approved(session, row, cashier, payment, movement, now, drawer=True)


def take_card(
    session: Session,
    session_id: str,
    cashier: Staff,
    payment: Payment,
    reference: str,
    now: datetime,
) -> Taken:
    """The cashier's own card terminal has taken it; `reference` is what its slip says."""
    row = sessions.own(session, session_id, cashier)
    if (known := _taken(session, row, payment)) is not None:
        return known
    payment = _held_here(session, row, payment)
    reason = sessions.needed(reference, N_("Write the number that is on the terminal's slip."))
    amount = payment.amount_minor
    movement = sessions.add(
        session, row, cashier, "card", amount, 0, now, payment_id=payment.id, reason=reason
    )
    return _approved(session, row, cashier, payment, movement, now, drawer=False)


def deposit(
    session: Session, session_id: str, cashier: Staff, amount_minor: int, reason: str, now: datetime
) -> CashMovement:
    """Money put into the drawer, such as change from the bank."""
    return _aside(session, session_id, cashier, "deposit", amount_minor, reason, now)


def withdraw(
    session: Session, session_id: str, cashier: Staff, amount_minor: int, reason: str, now: datetime
) -> CashMovement:
    """Money taken out of the drawer, such as to the safe; Invalid when there is not so much."""
    return _aside(session, session_id, cashier, "withdrawal", amount_minor, reason, now)


def pay_refund(
    session: Session, session_id: str, cashier: Staff, refund_id: str, now: datetime
) -> CashMovement:
    """Give the money of a refund that was asked for (`refunds.ask`) out of the drawer. What was
    paid by card at the desk goes back by card: the drawer stays as it is. Again is harmless."""
    row = sessions.own(session, session_id, cashier)
    known = session.scalars(
        select(CashMovement).where(CashMovement.refund_id == refund_id)
    ).one_or_none()
    if known is not None:
        return known
    refund = refunds.hold(session, refund_id)
    payment = moves.hold(session, refund.payment_id)
    refund = refunds.hold(session, refund_id)
    _check_refund(row, payment, refund)
    by_card = _movement_of(session, payment.id, "card") is not None
    back = 0 if by_card else settings.current(session).cash_amount(refund.amount_minor)
    _check_drawer(session, row, back)
    movement = sessions.add(
        session,
        row,
        cashier,
        "refund",
        refund.amount_minor,
        -back,
        now,
        rounding_minor=0 if by_card else refund.amount_minor - back,
        payment_id=payment.id,
        refund_id=refund.id,
        reason=refund.reason,
    )
    refunds.settle(session, payment, refund.id, now, done=True, actor=staff.actor_of(cashier))
    _audit(session, row, cashier, movement, now)
    if back:
        open_drawer(session, row, now)
    return movement


def refund_now(
    session: Session,
    session_id: str,
    cashier: Staff,
    payment: Payment,
    amount_minor: int,
    reason: str,
    key: str,
    now: datetime,
) -> CashMovement:
    """Ask for a refund and pay it, for whoever may do both; Forbidden without the permission."""
    if not sessions.may(cashier, Permission.PAYMENTS_REFUND, payment.office_id):
        raise Forbidden(N_("You may not give money back. Ask your supervisor."))
    sessions.own(session, session_id, cashier)
    held = moves.hold(session, payment.id)
    actor = staff.actor_of(cashier)
    refund = refunds.ask(session, held, amount_minor, reason, actor, key, now)
    return pay_refund(session, session_id, cashier, refund.id, now)


def open_drawer(session: Session, row: CashSession, now: datetime) -> None:
    """Have the printer at the point of sale open the drawer; it does nothing a minute later."""
    place = points_of_sale.settled(session, row.office_id, row.point_of_sale)
    printer = points_of_sale.printer_of(session, place)
    if printer is not None:
        outbox.enqueue(session, printer, Slip((Drawer(),)), DRAWER, row.id, now)


def movements(session: Session, session_id: str) -> list[CashMovement]:
    query = select(CashMovement).where(CashMovement.session_id == session_id)
    return list(session.scalars(query.order_by(CashMovement.seq)))


def _approved(
    session: Session,
    row: CashSession,
    cashier: Staff,
    payment: Payment,
    movement: CashMovement,
    now: datetime,
    *,
    drawer: bool,
) -> Taken:
    # Its receipt is numbered where the money was taken, not where the voucher was printed.
    moves.note(session, payment, now, point_of_sale=row.point_of_sale)
    paying.approve_in_cash(session, payment, staff.actor_of(cashier), now)
    receipt = receipts.issue(session, payment, now)
    if drawer:
        open_drawer(session, row, now)
    place = points_of_sale.settled(session, row.office_id, row.point_of_sale)
    printer = points_of_sale.printer_of(session, place)
    if printer is not None:
        receipts.print_receipt(session, receipt, printer, now)
    return Taken(movement, receipt)


def _held_here(session: Session, row: CashSession, payment: Payment) -> Payment:
    held = moves.hold(session, payment.id)
    if held.office_id != row.office_id:
        raise Conflict(
            N_("This voucher is of another office."), slug="other-office", title=N_("Other office")
        )
    return held


def _taken(session: Session, row: CashSession, payment: Payment) -> Taken | None:
    """What this very session took for the payment before, as by a second tap."""
    for kind in ("cash", "card"):
        movement = _movement_of(session, payment.id, kind)
        receipt = receipts.of_payment(session, payment.id)
        if movement is not None and receipt is not None and movement.session_id == row.id:
            return Taken(movement, receipt)
    return None


def _movement_of(session: Session, payment_id: str, kind: str) -> CashMovement | None:
    query = select(CashMovement).where(
        CashMovement.payment_id == payment_id, CashMovement.kind == kind
    )
    return session.scalars(query).one_or_none()


def _aside(
    session: Session,
    session_id: str,
    cashier: Staff,
    kind: str,
    amount_minor: int,
    reason: str,
    now: datetime,
) -> CashMovement:
    row = sessions.own(session, session_id, cashier)
    if not 0 < amount_minor <= MOST_MINOR:
        raise Invalid(errors={"amount": [gettext(N_("Give more than zero."))]})
    reason = sessions.needed(reason, N_("Say what the money is for."))
    out = kind == "withdrawal"
    if out:
        _check_drawer(session, row, amount_minor)
    signed = -amount_minor if out else amount_minor
    movement = sessions.add(session, row, cashier, kind, amount_minor, signed, now, reason=reason)
    _audit(session, row, cashier, movement, now)
    open_drawer(session, row, now)
    return movement


def _check_drawer(session: Session, row: CashSession, amount_minor: int) -> None:
    # The refusal does not tell how much there is: the count at the end is blind.
    if amount_minor > sessions.expected(session, row.id):
        message = gettext(N_("There is not so much in the drawer."))
        raise Invalid(errors={"amount": [message]})


def _check_refund(row: CashSession, payment: Payment, refund: Refund) -> None:
    if payment.provider is not None or payment.office_id != row.office_id:
        raise Conflict(
            N_("This refund is not paid out at this cash desk."), slug="not-at-this-desk"
        )
    if refund.state != "created":
        raise Conflict(
            N_("This refund was settled before."),
            slug="refund-settled",
            extra={"state": refund.state},
        )


def _audit(
    session: Session, row: CashSession, cashier: Staff, movement: CashMovement, now: datetime
) -> None:
    audit.record(
        session,
        actor=staff.actor_of(cashier),
        action=f"cash.{movement.kind}",
        subject=f"cash:{row.id}",
        office_id=row.office_id,
        after={"amount_minor": movement.amount_minor, "seq": movement.seq},
        reason=movement.reason,
        now=now,
    )
