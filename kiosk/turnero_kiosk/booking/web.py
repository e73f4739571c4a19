"""Booking on a phone or a computer, and inside the city's own website.

The pages need no cookie and no session: the choice is in the address, and what is booked belongs
to whoever has its link. So there is nothing that another site could do in somebody's name, and the
forms work in a frame, where browsers send no cookies.
"""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from turnero_core import clock
from turnero_core.errors import Conflict, NotFound, Problem
from turnero_core.i18n import LANGUAGES, N_, current_language, gettext, set_language
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.security import CSP
from turnero_kiosk.booking import hours
from turnero_kiosk.booking.choice import Chosen, bookable, chosen, offices_for
from turnero_kiosk.booking.touch import as_date, as_instant
from turnero_kiosk.booking.waiting import join
from turnero_queue import appointments
from turnero_queue.api.edge import Unit, authenticate, changes, reads
from turnero_queue.appointments import Booker
from turnero_queue.catalogue import Office

blueprint = Blueprint("book", __name__, url_prefix="/book", template_folder="../templates")
blueprint.before_request(authenticate)


@blueprint.before_request
def _speak() -> None:
    """A form carries the language in its fields: in a frame no cookie does."""
    asked = request.form.get("lang")
    if asked in LANGUAGES:
        set_language(asked)


@blueprint.after_request
def _frame(response: Response) -> Response:
    """The city's website may show these pages in a frame of its own."""
    policy = CSP.replace("frame-ancestors 'self'", "frame-ancestors *")
    response.headers["Content-Security-Policy"] = policy
    return response


@blueprint.get("")
@access(PUBLIC)
@reads
def services(unit: Unit) -> str:
    """What it is for."""
    wanted = chosen()
    groups = [
        (category, [each for each in bookable(unit.catalogue) if each.category == category.code])
        for category in unit.catalogue.categories
    ]
    rest = [
        each
        for each in bookable(unit.catalogue)
        if each.category not in {category.code for category in unit.catalogue.categories}
    ]
    return _page("services", wanted, groups=[pair for pair in groups if pair[1]], rest=rest)


@blueprint.get("/office")
@access(PUBLIC)
@reads
def where(unit: Unit) -> AnyResponse | str:
    """At which office: the soonest free hour of each that does all of it."""
    wanted = chosen()
    if not wanted.services:
        return redirect(wanted.url("book.services", missing=1))
    found = offices_for(unit.catalogue, wanted)
    free = {
        office.id: slot
        for office in found
        for _, slot in appointments.first_free(
            unit.session, wanted.wish(unit.catalogue, office), [office], unit.now
        )
    }
    offers = sorted(
        ((office, _soonest(unit, office, free.get(office.id))) for office in found),
        key=lambda pair: free[pair[0].id].start.timestamp() if pair[0].id in free else float("inf"),
    )
    return _page("where", wanted, offers=offers)


@blueprint.get("/<office>")
@access(PUBLIC)
@reads
def day(unit: Unit, office: str) -> AnyResponse | str:
    """Which day, with how much is free; a full one has a waiting list."""
    wanted = chosen()
    found = unit.catalogue.office(office)
    if not wanted.services:
        return redirect(wanted.url("book.services"))
    wish = wanted.wish(unit.catalogue, found)
    after = as_date(request.args.get("after"))
    free, further = hours.free_days(unit.session, found, wish, unit.now, after)
    full = hours.full_days(unit.session, found, wish, unit.now)
    return _page("day", wanted, office=found, days=free, further=further, after=after, full=full)


@blueprint.get("/<office>/<day>")
@access(PUBLIC)
@reads
def hour(unit: Unit, office: str, day: str) -> str:
    """At what time."""
    wanted = chosen()
    found = unit.catalogue.office(office)
    return _hours(unit, wanted, found, day)


@blueprint.post("/<office>")
@access(PUBLIC)
@changes
def hold(unit: Unit, office: str) -> AnyResponse:
    """The hour is kept while its link's page asks how to be reached."""
    wanted = chosen()
    found = unit.catalogue.office(office)
    booker = Booker(origin="web", language=current_language(), address=request.remote_addr or "")
    held = appointments.hold(
        unit.session,
        found,
        wanted.wish(unit.catalogue, found),
        as_instant(request.form.get("start", "")),
        unit.now,
        booker,
    )
    wanted = Chosen({}, wanted.embedded, wanted.language)
    return redirect(wanted.url("appointment.show", token=held.token), 303)


@blueprint.post("/<office>/wait")
@access(PUBLIC)
@changes
def wait(unit: Unit, office: str) -> str | tuple[str, int]:
    """Be told when somebody gives a place up on a day that is full."""
    wanted = chosen()
    found = unit.catalogue.office(office)
    when = as_date(request.form.get("day"))
    if when is None:
        raise NotFound(N_("There is no such day."))
    errors = join(unit, found, wanted.wish(unit.catalogue, found), when, request.form)
    name = hours.day_name(when, clock.local_date(unit.now, found.zone))
    context = {"office": found, "day": when, "day_name": name, "errors": errors}
    page = _page("waiting", wanted, form=request.form, **context)
    return (page, 422) if errors else page


@blueprint.get("/<office>/wait/<day>")
@access(PUBLIC)
@reads
def ask_to_wait(unit: Unit, office: str, day: str) -> str:
    wanted = chosen()
    found = unit.catalogue.office(office)
    when = as_date(day)
    if when is None:
        raise NotFound(N_("There is no such day."))
    name = hours.day_name(when, clock.local_date(unit.now, found.zone))
    return _page("wait", wanted, office=found, day=when, day_name=name, errors={}, form={})


@blueprint.errorhandler(Problem)
def refused(problem: Problem) -> tuple[str, int]:
    """Said calmly, with the next free hours where there are any."""
    following = [as_instant(each["start"]) for each in problem.extra.get("next", [])[:5]]
    context: dict[str, Any] = {"problem": problem, "following": []}
    if following and isinstance(problem, Conflict):
        context.update(_following((request.view_args or {}).get("office", ""), following))
    title, advice = gettext(problem.title), gettext(problem.detail, **problem.params)
    return _page("refused", chosen(), title=title, advice=advice, **context), problem.status


@reads
def _following(unit: Unit, office: str, starts: list[datetime]) -> dict[str, Any]:
    found = unit.catalogue.office(office)
    today = clock.local_date(unit.now, found.zone)
    named = [
        (hours.day_name(at.astimezone(found.zone).date(), today), hours.clock_of(at, found), at)
        for at in starts
    ]
    return {"office": found, "following": named}


def _hours(unit: Unit, wanted: Chosen, office: Office, day: str) -> str:
    when = as_date(day)
    if when is None:
        raise NotFound(N_("There is no such day."))
    parts = hours.whole_day(
        unit.session, office, wanted.wish(unit.catalogue, office), when, unit.now
    )
    name = hours.day_name(when, clock.local_date(unit.now, office.zone))
    return _page("hour", wanted, office=office, day=when, day_name=name, parts=parts)


def _soonest(unit: Unit, office: Office, slot: appointments.Slot | None) -> str:
    if slot is None:
        return ""
    today = clock.local_date(unit.now, office.zone)
    name = hours.day_name(slot.start.astimezone(office.zone).date(), today)
    return gettext(N_("%(day)s at %(hour)s"), day=name, hour=hours.clock_of(slot.start, office))


def _page(template: str, wanted: Chosen, **context: Any) -> str:
    return render_template(f"book/{template}.html", chosen=wanted, **context)
