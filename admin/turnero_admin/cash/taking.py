"""Taking the money of one payment: what is due, what was given, what goes back."""

from collections.abc import Callable

from flask import Response, flash, request, url_for

from turnero_admin import amounts
from turnero_admin.cash import coins
from turnero_admin.cash.blueprint import OPERATE, blueprint, drawer, page
from turnero_admin.cash.desk import mine
from turnero_admin.once import Errors, submit
from turnero_admin.panel.account import me
from turnero_core.errors import NotFound
from turnero_core.i18n import N_, gettext, pick
from turnero_core.web.access import access
from turnero_queue import cash, receipts
from turnero_queue.api.edge import Unit, reads
from turnero_queue.models import CashSession, Payment
from turnero_queue.payments import describe, money, paying, starting, states

PAY = "/cash/pay/<payment_id>"
MOST_QUICK = 5


@blueprint.get(PAY)
@access(OPERATE)
@reads
def pay(unit: Unit, payment_id: str) -> str:
    return _page(unit, payment_id)


@blueprint.post(f"{PAY}/cash")
@access(OPERATE)
def take_cash(payment_id: str) -> Response:
    def take(unit: Unit) -> str:
        row, payment = _found(unit, payment_id)
        tendered = amounts.typed(request.form.get("tendered", ""), payment.currency, "tendered")
        done = cash.take_cash(unit.session, row.id, me(unit), payment, tendered, unit.now)
        return url_for("cash.index", done=done.movement.id)

    return submit(take, _again(payment_id), url_for("cash.pay", payment_id=payment_id))


@blueprint.post(f"{PAY}/card")
@access(OPERATE)
def take_card(payment_id: str) -> Response:
    def take(unit: Unit) -> str:
        row, payment = _found(unit, payment_id)
        reference = request.form.get("reason", "")
        done = cash.take_card(unit.session, row.id, me(unit), payment, reference, unit.now)
        return url_for("cash.index", done=done.movement.id)

    return submit(take, _again(payment_id), url_for("cash.pay", payment_id=payment_id))


@blueprint.post(f"{PAY}/leave")
@access(OPERATE)
def leave(payment_id: str) -> Response:
    """What was begun at this desk is not paid after all: it can be paid otherwise."""

    def cancel(unit: Unit) -> str:
        _, payment = _found(unit, payment_id)
        if not _began_here(payment):
            raise NotFound(N_("There is no such payment here."))
        paying.ask_to_cancel(unit.session, payment.id, unit.actor, unit.now)
        flash(gettext(N_("Nothing was charged.")), "info")
        return url_for("cash.index")

    return submit(cancel, _again(payment_id), url_for("cash.pay", payment_id=payment_id))


def _again(payment_id: str) -> Callable[[Errors], str]:
    @reads
    def again(unit: Unit, errors: Errors) -> str:
        return _page(unit, payment_id, errors)

    return again


def _page(unit: Unit, payment_id: str, errors: Errors | None = None) -> str:
    row, payment = _found(unit, payment_id)
    due = cash.due_in_cash(unit.session, payment)
    waits = payment.method == "cash" and payment.state == "pending"
    return page(
        "pay.html",
        unit,
        row=row,
        payment=payment,
        items=[(pick(item.names), item) for item in starting.items_of(unit.session, payment.id)],
        due=due,
        quick=_quick(due, payment.currency),
        waits=waits and unit.now < payment.expires_at,
        late=waits and unit.now >= payment.expires_at,
        leaves=_began_here(payment),
        told=describe.told(payment),
        paid=payment.state in states.PAID,
        receipt=receipts.of_payment(unit.session, payment.id),
        number_of=receipts.number_of,
        errors=errors or {},
        values=request.form,
    )


def _found(unit: Unit, payment_id: str) -> tuple[CashSession, Payment]:
    row = drawer(unit)
    payment = unit.session.get(Payment, payment_id)
    if payment is None:
        raise NotFound(N_("There is no such payment here."))
    return row, mine(payment, row)


def _began_here(payment: Payment) -> bool:
    return payment.origin == "staff" and payment.state == "pending" and payment.method == "cash"


def _quick(due: int, currency: str) -> list[int]:
    """The amounts that people are likely to hand over: what is due, and the next notes."""
    whole = 10 ** money.decimals(currency)
    likely = {due} | {-(-due // piece) * piece for piece in coins.of(currency) if piece >= whole}
    return sorted(minor for minor in likely if minor < due * 10)[:MOST_QUICK]
