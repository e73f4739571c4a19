"""The blueprint of `/admin/cash`, and whose drawer a page is about."""

from typing import Any

from flask import Blueprint, Response, flash, render_template, url_for

from turnero_admin import amounts, once
from turnero_admin.panel.account import me
from turnero_admin.panel.blueprint import prepare
from turnero_core.errors import Conflict, Forbidden, NotFound
from turnero_core.i18n import N_, gettext
from turnero_queue import cash
from turnero_queue.api.edge import Unit
from turnero_queue.models import CashSession
from turnero_queue.payments.money import decimals
from turnero_queue.permissions import Permission

OPERATE, APPROVE = "can:cash.operate", "can:cash.approve"
SEE = ("can:cash.operate", "can:cash.approve", "can:audit.view")
blueprint = prepare(Blueprint("cash", __name__, url_prefix="/admin"))


def page(template: str, unit: Unit, **context: Any) -> str:
    """A page of the cash desk: `money` writes amounts, `key` makes its forms one operation."""
    return render_template(
        f"admin/cash/{template}",
        unit=unit,
        money=amounts.writer(unit),
        key=once.key(),
        locale=unit.catalogue.locale.replace("_", "-"),
        digits=decimals(unit.catalogue.currency),
        **{"switcher": None, **context},
    )


class NoDrawer(Conflict):
    """Whoever asks has no cash session open."""

    slug = "cash-not-open"
    title = N_("The cash desk is closed")


@blueprint.errorhandler(NoDrawer)
def _open_first(problem: NoDrawer) -> Response:
    flash(gettext(problem.detail), "warn")
    return once.to(url_for("cash.index"))


def drawer(unit: Unit) -> CashSession:
    """The open session of whoever is signed in; NoDrawer without one, Forbidden when they may
    not take money in its office any more."""
    row = cash.current(unit.session, me(unit).id)
    if row is None:
        raise NoDrawer(N_("Open a cash session first."))
    unit.require(Permission.CASH_OPERATE, row.office_id)
    return row


def seen(unit: Unit, session_id: str) -> CashSession:
    """A session that one may look at: one's own, or of an office whose closings one approves or
    audits; NotFound, Forbidden."""
    row = unit.session.get(CashSession, session_id)
    if row is None:
        raise NotFound(N_("There is no such cash session."))
    if row.staff_id != me(unit).id and not _watches(unit, row.office_id):
        raise Forbidden(N_("This is somebody else's cash session."), slug="not-your-session")
    return row


def _watches(unit: Unit, office_id: str) -> bool:
    return unit.caller is not None and (
        unit.caller.can(Permission.CASH_APPROVE, office_id)
        or unit.caller.can(Permission.AUDIT_VIEW, office_id)
    )
