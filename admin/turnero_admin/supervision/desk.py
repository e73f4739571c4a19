"""A desk, from supervision: opened, paused, closed, and what it attends."""

from functools import partial
from typing import Any

from flask import Response, request

from turnero_admin.supervision.blueprint import (
    SUPERVISE,
    act,
    action_page,
    blueprint,
    office_of,
)
from turnero_core.errors import Conflict, Invalid
from turnero_core.i18n import N_, gettext, pick
from turnero_core.web.access import access
from turnero_queue import desk_view, desks
from turnero_queue.api.edge import Unit, reads
from turnero_queue.catalogue import Desk, Office
from turnero_queue.supervision import lending
from turnero_queue.supervision.reasons import needed

ONE = "/<office>/desks/<desk>"
TODAY = "today"
LATEST_MINUTES = 600


@blueprint.get(ONE)
@access(SUPERVISE)
@reads
def desk(unit: Unit, office: str, desk: str) -> str:
    return _page(desk, unit, office_of(unit, office))


@blueprint.post(f"{ONE}/open")
@access(SUPERVISE)
def open_desk(office: str, desk: str) -> Response:
    said = N_("%(desk)s is open.")
    return act(office, partial(_set, "open", said, desk), partial(_page, desk))


@blueprint.post(f"{ONE}/pause")
@access(SUPERVISE)
def pause_desk(office: str, desk: str) -> Response:
    said = N_("%(desk)s is paused.")
    return act(office, partial(_set, "paused", said, desk), partial(_page, desk))


@blueprint.post(f"{ONE}/close")
@access(SUPERVISE)
def close_desk(office: str, desk: str) -> Response:
    said = N_("%(desk)s is closed.")
    return act(office, partial(_set, "closed", said, desk), partial(_page, desk))


@blueprint.post(f"{ONE}/services")
@access(SUPERVISE)
def set_services(office: str, desk: str) -> Response:
    return act(office, partial(_lend, desk), partial(_page, desk))


def _page(
    code: str, unit: Unit, office: Office, refused: Exception | None = None, **context: Any
) -> str:
    desk = office.desk(code)
    behind = []
    if isinstance(refused, Conflict) and refused.slug == "left-behind":
        wanted = _wanted(office, desk)
        behind = lending.left_behind(unit.session, office, desk, wanted, unit.now)
    return action_page(
        "_desk",
        office,
        pick(desk.name),
        desk=desk,
        status=desks.status_of(unit.session, desk),
        shift=desk_view.shifts(unit.session, office).get(desk.id),
        visitor=desks.person_at(unit.session, desk.id),
        attended=lending.attended(office, desk),
        loan=lending.loan_of(unit.session, desk.id),
        behind=behind,
        **context,
    )


def _set(status: str, said: str, code: str, unit: Unit, office: Office) -> str:
    """Open, pause or close; what takes people's desk away needs a reason."""
    desk = office.desk(code)
    reason = " ".join(request.form.get("reason", "").split())[:500]
    if status != "open":
        reason = needed(reason)
    moment = unit.hold(office.id)
    desks.set_status(unit.session, moment, desk, status, unit.actor, reason or None)
    return gettext(said, desk=pick(desk.name))


def _lend(code: str, unit: Unit, office: Office) -> str:
    desk = office.desk(code)
    lending.change(
        unit.session,
        office,
        desk,
        _wanted(office, desk),
        unit.actor,
        request.form.get("reason", ""),
        unit.now,
        today_only=request.form.get("how", TODAY) == TODAY,
        confirmed="confirmed" in request.form,
    )
    return gettext(N_("%(desk)s attends that from now on."), desk=pick(desk.name))


def _wanted(office: Office, desk: Desk) -> dict[str, int]:
    """The services ticked, each with the minutes it had, or those that the form gives new ones."""
    minutes = request.form.get("late", "0") or "0"
    if not (minutes.isascii() and minutes.isdecimal() and int(minutes) <= LATEST_MINUTES):
        said = gettext(N_("Write a number of minutes."))
        raise Invalid(errors={"late": [said]})
    present = lending.attended(office, desk)
    chosen = set(request.form.getlist("services"))
    return {
        service.code: present.get(service.code, int(minutes))
        for service in office.services
        if service.code in chosen
    }
