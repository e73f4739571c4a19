"""An appointment's own page, behind its link: confirm, look, move, give up, put into a calendar.

Whoever has the link may do all of it, and nothing else proves who they are: no cookie is needed.
"""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from turnero_core import clock
from turnero_core.errors import Conflict, Invalid, NotFound, Problem
from turnero_core.i18n import LANGUAGES, N_, gettext, set_language
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.runtime import base_url
from turnero_core.web.security import CSP
from turnero_kiosk import qr
from turnero_kiosk.booking import hours
from turnero_kiosk.booking.touch import as_date, as_instant, facts
from turnero_queue import appointments
from turnero_queue.api.edge import Unit, authenticate, changes, reads
from turnero_queue.appointments import Person
from turnero_queue.appointments.telling import data_of
from turnero_queue.models import Appointment, Ticket
from turnero_queue.notices import calendar

DAY_S = 24 * 3600
blueprint = Blueprint(
    "appointment", __name__, url_prefix="/appointments", template_folder="../templates"
)
blueprint.before_request(authenticate)


@blueprint.after_request
def _frame(response: Response) -> Response:
    policy = CSP.replace("frame-ancestors 'self'", "frame-ancestors *")
    response.headers["Content-Security-Policy"] = policy
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/<token>")
@access(PUBLIC)
@reads
def show(unit: Unit, token: str) -> str:
    """The appointment as it stands."""
    return _page(unit, _find(unit, token))


@blueprint.get("/<token>/qr.svg")
@access(PUBLIC)
@reads
def code(unit: Unit, token: str) -> Response:
    """The QR code that opens this page, and that the kiosk's reader knows."""
    found = _find(unit, token)
    picture = qr.svg(f"{base_url()}{url_for('appointment.show', token=found.token)}")
    headers = {"Cache-Control": f"private, max-age={DAY_S}"}
    return Response(picture, mimetype="image/svg+xml", headers=headers)


@blueprint.get("/<token>/appointment.ics")
@access(PUBLIC)
@reads
def file(unit: Unit, token: str) -> Response:
    """For the calendar of a phone or a computer."""
    found = _find(unit, token)
    data = calendar.ics(
        data_of(unit.session, found), cancelled=found.state in ("cancelled", "expired")
    )
    answer = Response(data, mimetype=calendar.MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{calendar.NAME}"'
    return answer


@blueprint.post("/<token>/confirm")
@access(PUBLIC)
@changes
def confirm(unit: Unit, token: str) -> AnyResponse:
    form = request.form
    person = Person(form.get("name") or None, form.get("email") or None, form.get("phone") or None)
    found = appointments.confirm(unit.session, token, unit.now, person)
    return _back(found)


@blueprint.get("/<token>/other")
@access(PUBLIC)
@reads
def other(unit: Unit, token: str) -> str:
    """Another day or hour; until one is chosen the present one stays."""
    found = _movable(unit, token)
    office = unit.catalogue.offices_by_id[found.office_id]
    wanted = appointments.wish_of(unit.session, unit.catalogue, found)
    day = as_date(request.args.get("day"))
    context: dict[str, Any] = {}
    if day is None:
        after = as_date(request.args.get("after"))
        free, further = hours.free_days(unit.session, office, wanted, unit.now, after)
        context = {"days": free, "further": further, "after": after}
    else:
        today = clock.local_date(unit.now, office.zone)
        context = {
            "chosen_day": hours.day_name(day, today),
            "parts": hours.whole_day(unit.session, office, wanted, day, unit.now),
        }
    return _page(unit, found, "other", **context)


@blueprint.post("/<token>/other")
@access(PUBLIC)
@changes
def move(unit: Unit, token: str) -> AnyResponse:
    start = as_instant(request.form.get("start", ""))
    return _back(appointments.reschedule(unit.session, token, start, unit.now))


@blueprint.get("/<token>/cancel")
@access(PUBLIC)
@reads
def ask_to_cancel(unit: Unit, token: str) -> str:
    return _page(unit, _movable(unit, token), "cancel")


@blueprint.post("/<token>/cancel")
@access(PUBLIC)
@changes
def cancel(unit: Unit, token: str) -> AnyResponse:
    return _back(appointments.cancel(unit.session, token, unit.now))


@blueprint.errorhandler(Invalid)
def wrong(problem: Invalid) -> tuple[str, int]:
    """The form again, with what is wrong in it."""
    token = (request.view_args or {}).get("token", "")
    return _again(token, problem), 422


@blueprint.errorhandler(NotFound)
def unknown(problem: NotFound) -> tuple[str, int]:
    return render_template("book/unknown.html", embed=request.values.get("embed")), 404


@blueprint.errorhandler(Conflict)
def refused(problem: Conflict) -> tuple[str, int]:
    """Over, taken, or too late: the page tells how it stands now."""
    token = (request.view_args or {}).get("token", "")
    return _refused(token, problem), problem.status


@reads
def _again(unit: Unit, token: str, problem: Problem) -> str:
    errors = problem.extra.get("errors", {})
    return _page(unit, _find(unit, token), errors=errors, form=request.form)


@reads
def _refused(unit: Unit, token: str, problem: Conflict) -> str:
    said = gettext(problem.detail, **problem.params)
    return _page(unit, _find(unit, token), refused=(gettext(problem.title), said))


def _find(unit: Unit, token: str) -> Appointment:
    found = appointments.by_token(unit.session, token)
    if request.args.get("lang") not in LANGUAGES and found.language in LANGUAGES:
        set_language(found.language)
    return found


def _movable(unit: Unit, token: str) -> Appointment:
    found = _find(unit, token)
    if found.state != "confirmed":
        raise Conflict(N_("This appointment cannot be changed any more."), slug="appointment-over")
    return found


def _page(unit: Unit, found: Appointment, template: str = "show", **context: Any) -> str:
    over = found.state == "held" and bool(found.expires_at and found.expires_at <= unit.now)
    left = int((found.expires_at - unit.now).total_seconds()) if found.expires_at else 0
    ticket = unit.session.get(Ticket, found.ticket_id) if found.ticket_id else None
    return render_template(
        f"appointment/{template}.html",
        state="expired" if over else found.state,
        left=max(0, left),
        turn_token=ticket.public_token if ticket else None,
        embed=request.values.get("embed"),
        **{"errors": {}, "form": {}, "refused": None, **facts(unit, found), **context},
    )


def _back(found: Appointment) -> AnyResponse:
    embed = request.values.get("embed")
    return redirect(url_for("appointment.show", token=found.token, embed=embed), 303)
