"""The second person: closings that wait for an approval, and those that were."""

from datetime import timedelta

from flask import Response, flash, url_for
from sqlalchemy import select

from turnero_admin.cash.blueprint import APPROVE, blueprint, page, seen
from turnero_admin.cash.closing import ONE
from turnero_admin.once import Errors, submit
from turnero_admin.panel import offices
from turnero_admin.panel.account import me
from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_queue import cash
from turnero_queue.api.edge import Unit, reads
from turnero_queue.models import CashSession, Staff
from turnero_queue.permissions import Permission

SHOWN_FOR = timedelta(days=31)
MOST_SHOWN = 100


@blueprint.get("/closings")
@access(APPROVE)
@reads
def closings(unit: Unit) -> str:
    ids = [office.id for office in offices.within(unit, Permission.CASH_APPROVE)]
    query = select(CashSession).where(
        CashSession.office_id.in_(ids),
        CashSession.state != "counted",
        CashSession.opened_at > unit.now - SHOWN_FOR,
    )
    others = unit.session.scalars(query.order_by(CashSession.opened_at.desc()).limit(MOST_SHOWN))
    configured = unit.catalogue.offices_by_id
    return page(
        "closings.html",
        unit,
        waiting=cash.to_approve(unit.session, ids),
        others=list(others),
        names={person.id: person.name for person in unit.session.scalars(select(Staff))},
        offices={office_id: configured[office_id] for office_id in ids},
        me=me(unit),
        switcher=offices.switcher(),
    )


@blueprint.post(f"{ONE}/approve")
@access(APPROVE)
def approve(session_id: str) -> Response:
    def accept(unit: Unit) -> str:
        seen(unit, session_id)
        cash.approve(unit.session, session_id, me(unit), unit.now)
        flash(gettext(N_("The closing is approved.")), "ok")
        return url_for("cash.one", session_id=session_id)

    def refused(errors: Errors) -> str:
        raise Invalid(errors=errors)

    return submit(accept, refused, url_for("cash.one", session_id=session_id))
