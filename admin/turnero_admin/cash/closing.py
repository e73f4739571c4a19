"""The end of a session: counted blind, explained, and its report."""

from flask import Response, flash, make_response, request, url_for

from turnero_admin.cash import coins
from turnero_admin.cash.blueprint import OPERATE, SEE, blueprint, drawer, page, seen
from turnero_admin.once import Errors, submit, to
from turnero_admin.panel.account import me
from turnero_core.errors import Conflict
from turnero_core.i18n import N_, current_language, gettext
from turnero_core.web.access import access
from turnero_queue import audit, cash, points_of_sale
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.cash.arqueo import KIND_NAMES
from turnero_queue.models import CashSession, Staff
from turnero_queue.permissions import Permission
from turnero_queue.receipts.printing import paper_logo

ONE = "/cash/sessions/<session_id>"


@blueprint.get("/cash/close")
@access(OPERATE)
@reads
def close(unit: Unit) -> str:
    return _form(unit)


@blueprint.post("/cash/close")
@access(OPERATE)
def count() -> Response:
    return submit(_count, reads(_form), url_for("cash.index"))


@blueprint.get(ONE)
@access(*SEE)
@reads
def one(unit: Unit, session_id: str) -> str:
    return _one(unit, session_id)


@blueprint.post(f"{ONE}/explain")
@access(OPERATE)
def explain(session_id: str) -> Response:
    def say(unit: Unit) -> str:
        cash.explain(unit.session, session_id, me(unit), request.form.get("reason", ""), unit.now)
        flash(gettext(N_("Noted. Now somebody else has to approve it.")), "ok")
        return url_for("cash.one", session_id=session_id)

    @reads
    def again(unit: Unit, errors: Errors) -> str:
        return _one(unit, session_id, errors)

    return submit(say, again, url_for("cash.one", session_id=session_id))


@blueprint.post(f"{ONE}/print")
@access(*SEE)
@changes
def print_report(unit: Unit, session_id: str) -> Response:
    """The report on the paper of its point of sale."""
    row = seen(unit, session_id)
    place = points_of_sale.settled(unit.session, row.office_id, row.point_of_sale)
    printer = points_of_sale.printer_of(unit.session, place)
    if printer is None:
        flash(gettext(N_("There is no printer here.")), "danger")
    else:
        cash.print_arqueo(unit.session, row, printer, current_language(), unit.now)
        flash(gettext(N_("The report is being printed.")), "ok")
    return to(url_for("cash.one", session_id=session_id))


@blueprint.get(f"{ONE}.pdf")
@access(*SEE)
@changes
def report_pdf(unit: Unit, session_id: str) -> Response:
    row, language = seen(unit, session_id), current_language()
    report = cash.arqueo(unit.session, row, language)
    audit.record(
        unit.session,
        actor=unit.actor,
        action="export.cash",
        subject=f"cash:{row.id}",
        office_id=row.office_id,
        now=unit.now,
    )
    answer = make_response(cash.arqueo_pdf(report, language, unit.now, paper_logo(unit.session)))
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{_file(row)}"'
    return answer


def _file(row: CashSession) -> str:
    return f"{row.point_of_sale}-{row.opened_at:%Y%m%d-%H%M}.pdf"


def _count(unit: Unit) -> str:
    row = drawer(unit)
    minor, pieces = coins.counted(request.form, row.currency, "counted")
    cash.count(unit.session, row.id, me(unit), minor, unit.now, pieces=pieces)
    return url_for("cash.one", session_id=row.id)


def _form(unit: Unit, errors: Errors | None = None) -> str:
    row = drawer(unit)
    return page(
        "close.html",
        unit,
        row=row,
        coins=coins.of(row.currency),
        others=coins.OTHERS,
        errors=errors or {},
        values=request.form,
    )


def _one(unit: Unit, session_id: str, errors: Errors | None = None) -> str:
    row = seen(unit, session_id)
    office = unit.catalogue.offices_by_id[row.office_id]
    own = row.staff_id == me(unit).id
    may = unit.caller is not None and unit.caller.can(Permission.CASH_APPROVE, row.office_id)
    try:
        report = cash.arqueo(unit.session, row, current_language())
    except Conflict:
        report = None
    return page(
        "session.html",
        unit,
        row=row,
        zone=office.zone.key,
        cashier=unit.session.get_one(Staff, row.staff_id),
        place=points_of_sale.settled(unit.session, row.office_id, row.point_of_sale),
        report=report,
        pieces=sorted(((int(value), many) for value, many in row.count.items()), reverse=True),
        own=own,
        may_approve=may and not own,
        may_operate=unit.caller is not None and unit.caller.can(Permission.CASH_OPERATE),
        kinds=KIND_NAMES,
        errors=errors or {},
        values=request.form,
    )
