"""Paying at the touchscreen: how, the payment itself until it ends, its receipt."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from turnero_core.errors import NotFound
from turnero_core.i18n import N_
from turnero_core.web.access import PUBLIC, access
from turnero_kiosk import machine, pages, visit
from turnero_kiosk.paying import basket as baskets
from turnero_kiosk.paying import debts, refusing, showing, till
from turnero_kiosk.paying.basket import Basket
from turnero_kiosk.paying.handing import payment_of
from turnero_queue import receipts
from turnero_queue.api.clearing_house import house
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.connectors import Debt
from turnero_queue.models import Payment, Ticket
from turnero_queue.payments import paying, states

blueprint = Blueprint("kiosk_payment", __name__, template_folder="../templates")
pages.prepare(blueprint)
refusing.install(blueprint)


@blueprint.post("/kiosk/<office>/turn/<nonce>/fee")
@access(PUBLIC)
@reads
def fee(unit: Unit, office: str, nonce: str) -> Response:
    """The fee of the turn that is on the screen."""
    machine.office(unit.catalogue, office)
    shown = visit.shown(nonce, unit.now)
    ticket = unit.session.get(Ticket, shown.ticket_id) if shown else None
    if ticket is None:
        return redirect(url_for("kiosk.start", office=office))
    known = baskets.known()
    if known is None or known.ticket != ticket.id:
        baskets.put(Basket(baskets.TICKET, ticket=ticket.id))
    return redirect(url_for("kiosk_payment.how", office=office), 303)


@blueprint.get("/kiosk/<office>/pay/how")
@access(PUBLIC)
def how(office: str) -> Response | str:
    """By QR, by card, or at the cash desk. A try that was begun is shown instead."""
    wanted = baskets.current()
    found = debts.ask(wanted) if wanted.kind == baskets.DEBT else []
    answer: Response | str = _how(office, wanted, found)
    return answer


@blueprint.post("/kiosk/<office>/pay/how")
@access(PUBLIC)
def start(office: str) -> Response:
    """Begin the payment, of exactly the amount that was on the screen, and show it."""
    wanted = baskets.current()
    baskets.check(request.form.get("key", ""), wanted)
    payment_id = _begun(wanted)
    if payment_id is None:
        found = debts.ask(wanted, fresh=True) if wanted.kind == baskets.DEBT else []
        payment_id = _start(office, wanted, found)
    if payment_id is None:
        return redirect(url_for("kiosk_debts.owed", office=office, why="changed"), 303)
    # The provider is asked outside of any transaction; whatever happens to it, a worker goes on.
    house().clearing.step(payment_id, at_once=True)
    nonce = baskets.follow(payment_id)
    return redirect(url_for("kiosk_payment.follow", office=office, nonce=nonce), 303)


@blueprint.post("/kiosk/<office>/pay/open/<payment_id>")
@access(PUBLIC)
@reads
def go_on(unit: Unit, office: str, payment_id: str) -> Response:
    """Show a payment again that was begun at this kiosk, as after the power was cut."""
    payment = unit.session.get(Payment, payment_id)
    if payment is None or payment.state not in states.OPEN or not refusing.is_ours(unit, payment):
        raise NotFound(N_("Nothing is being paid here now."))
    nonce = baskets.follow(payment.id)
    return redirect(url_for("kiosk_payment.follow", office=office, nonce=nonce), 303)


@blueprint.get("/kiosk/<office>/paying/<nonce>")
@access(PUBLIC)
@reads
def follow(unit: Unit, office: str, nonce: str) -> Response | str:
    """The payment as it is now, to whoever makes it and nobody after them."""
    found = machine.office(unit.catalogue, office)
    payment = payment_of(unit, nonce)
    if payment is None:
        return redirect(url_for("kiosk.start", office=office))
    facts = showing.facts(unit, payment)
    return pages.render("paying/follow", unit.catalogue, found, nonce=nonce, **facts)


@blueprint.get("/kiosk/<office>/paying/<nonce>/now")
@access(PUBLIC)
@reads
def now(unit: Unit, office: str, nonce: str) -> Response | str:
    """What changes while one waits; and whether there is another screen to be shown."""
    machine.office(unit.catalogue, office)
    payment = payment_of(unit, nonce)
    if payment is None:
        return redirect(url_for("kiosk.start", office=office))
    facts = showing.facts(unit, payment)
    moved = request.args.get("seen") not in (None, facts["face"])
    return render_template("paying/_now.html", moved=moved, **facts)


@blueprint.post("/kiosk/<office>/paying/<nonce>/cancel")
@access(PUBLIC)
def cancel(office: str, nonce: str) -> Response:
    """Cancel what is not paid yet. The screen then says what is true: it may have been paid."""
    payment_id = _cancel(office, nonce)
    if payment_id is None:
        return redirect(url_for("kiosk.start", office=office))
    house().clearing.step(payment_id, at_once=True)
    return redirect(url_for("kiosk_payment.follow", office=office, nonce=nonce), 303)


@reads
def _how(unit: Unit, office: str, wanted: Basket, found: list[Debt]) -> Response | str:
    place = machine.office(unit.catalogue, office)
    begun = till.known(unit, wanted)
    if begun is not None and begun.state in states.FAILED:
        wanted = wanted.again()
        baskets.put(wanted)
    elif begun is not None:
        nonce = baskets.follow(begun.id)
        return redirect(url_for("kiosk_payment.follow", office=office, nonce=nonce))
    if wanted.kind == baskets.TICKET:
        held = _held_fee(unit, office, wanted)
        if held is not None:
            return held
    owed = debts.compare(unit, wanted, found)
    if wanted.kind == baskets.DEBT and not any(each.chosen for each in owed):
        return redirect(url_for("kiosk_debts.owed", office=office))
    bill = till.bill(unit, place, wanted, owed)
    return pages.render(
        "paying/how",
        unit.catalogue,
        place,
        bill=bill,
        basket=wanted,
        methods=till.methods(unit),
        simulated=showing.simulates(unit),
        key=visit.key_for(wanted.attempt),
    )


def _held_fee(unit: Unit, office: str, wanted: Basket) -> Response | None:
    """The fee that another try has begun or paid: that one is shown."""
    place = machine.office(unit.catalogue, office)
    ticket = unit.session.get(Ticket, wanted.ticket)
    known = till.fee_of(unit, place, ticket) if ticket else None
    if known is None or known[1] is None:
        return None
    nonce = baskets.follow(known[1].id)
    return redirect(url_for("kiosk_payment.follow", office=office, nonce=nonce))


@reads
def _begun(unit: Unit, wanted: Basket) -> str | None:
    known = till.known(unit, wanted)
    return known.id if known else None


@changes
def _start(unit: Unit, office: str, wanted: Basket, found: list[Debt]) -> str | None:
    """None when it is no longer the amount that was on the screen."""
    place = machine.office(unit.catalogue, office)
    owed = debts.compare(unit, wanted, found)
    if wanted.kind == baskets.DEBT and not any(each.chosen for each in owed):
        return None
    bill = till.bill(unit, place, wanted, owed)
    if request.form.get("total") != str(bill.total):
        return None
    payment = till.start(unit, place, wanted, request.form.get("method", ""), bill)
    printer = till.printer(unit, place)
    if payment.method == "cash" and printer is not None:
        receipts.print_voucher(unit.session, payment, printer, unit.now)
    return payment.id


@changes
def _cancel(unit: Unit, office: str, nonce: str) -> str | None:
    machine.office(unit.catalogue, office)
    payment = payment_of(unit, nonce)
    if payment is None:
        return None
    if payment.state in states.OPEN:
        paying.ask_to_cancel(unit.session, payment.id, "citizen", unit.now)
    return payment.id
