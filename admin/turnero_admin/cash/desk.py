"""The cashier's screen: the drawer is opened here, and everything begins at its scan field."""

from dataclasses import dataclass
from typing import Any

from flask import Response, flash, request, url_for
from sqlalchemy import select

from turnero_admin.cash import coins
from turnero_admin.cash.blueprint import OPERATE, blueprint, drawer, page
from turnero_admin.once import Errors, submit, to
from turnero_admin.panel.account import me
from turnero_core.errors import Forbidden, NotFound
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_queue import cash, points_of_sale, receipts
from turnero_queue.api.edge import Unit, reads
from turnero_queue.cash.arqueo import KIND_NAMES
from turnero_queue.catalogue import Office
from turnero_queue.models import CashMovement, CashSession, Payment, Receipt, Refund
from turnero_queue.permissions import Permission
from turnero_queue.points_of_sale import PointOfSale

MOST_SHOWN = 60
LAST_SESSIONS = 8


@dataclass(frozen=True)
class Shown:
    """A movement with the paper that it left."""

    movement: CashMovement
    receipt: Receipt | None


@blueprint.get("/cash")
@access(OPERATE)
@reads
def index(unit: Unit) -> str:
    return screen(unit)


@blueprint.post("/cash/open")
@access(OPERATE)
def open_session() -> Response:
    return submit(_open, _again, url_for("cash.index"))


@blueprint.get("/cash/find")
@access(OPERATE)
@reads
def find(unit: Unit) -> Response:
    """What was scanned: the payment of a voucher, else whose debts it may be the number of."""
    row, code = drawer(unit), request.args.get("code", "").strip()
    if not code:
        return to(url_for("cash.index"))
    try:
        payment = cash.find(unit.session, code)
    except NotFound as problem:
        flash(gettext(problem.detail), "danger")
        return to(url_for("cash.index", code=code))
    if payment.office_id != row.office_id:
        flash(gettext(N_("This voucher is of another office.")), "danger")
        return to(url_for("cash.index"))
    return to(url_for("cash.pay", payment_id=payment.id))


def mine(payment: Payment, row: CashSession) -> Payment:
    """The payment, if it is of this drawer's office; of another's nothing is told."""
    if payment.office_id != row.office_id:
        raise NotFound(N_("There is no such payment here."))
    return payment


def screen(unit: Unit, errors: Errors | None = None) -> str:
    row = cash.current(unit.session, me(unit).id)
    if row is None:
        return page("open.html", unit, errors=errors or {}, values=request.form, **_places(unit))
    unit.require(Permission.CASH_OPERATE, row.office_id)
    office = unit.catalogue.offices_by_id[row.office_id]
    found = _movements(unit, row)
    done = request.args.get("done")
    return page(
        "desk.html",
        unit,
        row=row,
        office=office,
        zone=office.zone.key,
        place=points_of_sale.settled(unit.session, row.office_id, row.point_of_sale),
        movements=found[:MOST_SHOWN],
        done=next((one for one in found if one.movement.id == done), None),
        refunds=_refunds(unit, row),
        kinds=KIND_NAMES,
        number_of=receipts.number_of,
        code=request.args.get("code", ""),
    )


@reads
def _again(unit: Unit, errors: Errors) -> str:
    return screen(unit, errors)


def _open(unit: Unit) -> str:
    office_code, _, code = request.form.get("place", "").partition(":")
    office = unit.catalogue.office(office_code)
    unit.require(Permission.CASH_OPERATE, office.id)
    place = points_of_sale.choose(unit.session, office, code)
    minor, _ = coins.counted(request.form, unit.catalogue.currency, "float")
    cash.open_session(unit.session, me(unit), place, minor, unit.now)
    return url_for("cash.index")


def _places(unit: Unit) -> dict[str, Any]:
    offices = unit.offices_with(Permission.CASH_OPERATE)
    if not offices:
        raise Forbidden()
    query = select(CashSession.point_of_sale).where(CashSession.state == "open")
    busy = set(unit.session.scalars(query))
    places: list[tuple[Office, PointOfSale]] = [
        (office, place)
        for office in offices
        for place in points_of_sale.of_office(unit.session, office)
    ]
    own = select(CashSession).where(CashSession.staff_id == me(unit).id)
    recent = unit.session.scalars(own.order_by(CashSession.opened_at.desc()).limit(LAST_SESSIONS))
    return {
        "places": [one for one in places if one[1].code not in busy],
        "coins": coins.of(unit.catalogue.currency),
        "others": coins.OTHERS,
        "recent": list(recent),
        "zones": {office.id: office.zone.key for office in unit.catalogue.offices_by_id.values()},
    }


def _movements(unit: Unit, row: CashSession) -> list[Shown]:
    """The newest first, each with its receipt or credit note."""
    found = cash.movements(unit.session, row.id)[::-1]
    ids = [one.payment_id for one in found if one.payment_id]
    papers = list(unit.session.scalars(select(Receipt).where(Receipt.payment_id.in_(ids))))
    of_payment = {paper.payment_id: paper for paper in papers if paper.kind == "receipt"}
    of_refund = {paper.refund_id: paper for paper in papers if paper.refund_id}
    return [
        Shown(
            one,
            of_refund.get(one.refund_id or "")
            if one.kind == "refund"
            else of_payment.get(one.payment_id or ""),
        )
        for one in found
    ]


def _refunds(unit: Unit, row: CashSession) -> list[tuple[Refund, Payment, bool]]:
    """Refunds of this office's desk that nobody has given yet, and whether they go back by card,
    as what was paid by card there does."""
    card = select(CashMovement.id).where(
        CashMovement.payment_id == Payment.id, CashMovement.kind == "card"
    )
    query = (
        select(Refund, Payment, card.exists())
        .join(Payment, Payment.id == Refund.payment_id)
        .where(
            Refund.state == "created",
            Payment.provider.is_(None),
            Payment.office_id == row.office_id,
        )
    )
    return [(refund, payment, by_card) for refund, payment, by_card in unit.session.execute(query)]
