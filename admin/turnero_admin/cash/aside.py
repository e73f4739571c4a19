"""Money that goes into or out of the drawer besides payments, and refunds paid out of it."""

from collections.abc import Callable

from flask import Response, flash, request, url_for

from turnero_admin import amounts
from turnero_admin.cash.blueprint import OPERATE, blueprint, drawer, page
from turnero_admin.once import Errors, submit
from turnero_admin.panel.account import me
from turnero_core.errors import Conflict, Invalid
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_queue import cash
from turnero_queue.api.edge import Unit, reads

WAYS = {"withdraw": cash.withdraw, "deposit": cash.deposit}
SAID = {
    "withdraw": N_("The withdrawal is noted."),
    "deposit": N_("What was put in is noted."),
}


@blueprint.get("/cash/withdraw", defaults={"way": "withdraw"})
@blueprint.get("/cash/deposit", defaults={"way": "deposit"})
@access(OPERATE)
@reads
def aside(unit: Unit, way: str) -> str:
    return _page(unit, way)


@blueprint.post("/cash/withdraw", defaults={"way": "withdraw"})
@blueprint.post("/cash/deposit", defaults={"way": "deposit"})
@access(OPERATE)
def move_aside(way: str) -> Response:
    def move(unit: Unit) -> str:
        row = drawer(unit)
        amount = amounts.typed(request.form.get("amount", ""), row.currency, "amount")
        reason = request.form.get("reason", "")
        done = WAYS[way](unit.session, row.id, me(unit), amount, reason, unit.now)
        flash(gettext(SAID[way]), "ok")
        return url_for("cash.index", done=done.id)

    return submit(move, _again(way), url_for("cash.index"))


@blueprint.post("/cash/refunds/<refund_id>")
@access(OPERATE)
def pay_refund(refund_id: str) -> Response:
    """The cashier gives the money of a refund that somebody with the permission asked for."""

    def give(unit: Unit) -> str:
        row = drawer(unit)
        try:
            done = cash.pay_refund(unit.session, row.id, me(unit), refund_id, unit.now)
        except Invalid as problem:
            raise Conflict(N_("There is not so much in the drawer.")) from problem
        return url_for("cash.index", done=done.id)

    return submit(give, _refused, url_for("cash.index"))


def _refused(errors: Errors) -> str:
    raise Invalid(errors=errors)


def _again(way: str) -> Callable[[Errors], str]:
    @reads
    def again(unit: Unit, errors: Errors) -> str:
        return _page(unit, way, errors)

    return again


def _page(unit: Unit, way: str, errors: Errors | None = None) -> str:
    row = drawer(unit)
    return page("aside.html", unit, row=row, way=way, errors=errors or {}, values=request.form)
