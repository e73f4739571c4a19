"""What an office's hall screens show and say."""

from typing import Any

from flask import Response, flash, make_response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from turnero_admin.appearance.blueprint import OFFICE, blueprint, places, shown
from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_queue.api import drafts
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.configuration import appearance
from turnero_queue.configuration.appearance import ChangedMeanwhile
from turnero_queue.texts import LONGEST_HALL_MESSAGE, MOST_CALLS, HallSettings

SAVED = N_("Saved. The hall's screens follow.")


@blueprint.get("/halls")
@access(OFFICE)
@reads
def halls(unit: Unit) -> AnyResponse:
    """The hall of the first office that one may configure."""
    for place in places(unit):
        return redirect(url_for("appearance.hall", office=place.code))
    flash(gettext(N_("There is no office yet.")), "info")
    return redirect(url_for("configuration.index"))


@blueprint.get("/offices/<office>/hall")
@access(OFFICE)
@reads
def hall(unit: Unit, office: str) -> Response:
    return _page(unit, office)


@blueprint.post("/offices/<office>/hall")
@access(OFFICE)
def set_hall(office: str) -> Response:
    try:
        _written(office)
    except Invalid as problem:
        answer: Response = _refused(office, 422, errors=problem.extra["errors"])
        return answer
    except ChangedMeanwhile:
        answer = _refused(office, 409, changed=True)
        return answer
    flash(gettext(SAVED), "ok")
    return make_response(redirect(url_for("appearance.hall", office=office), 303))


@changes
def _written(unit: Unit, office: str) -> None:
    given = drafts.written_hall()
    code = unit.office(office).code
    appearance.set_hall(unit.session, code, given, drafts.seen(), actor=unit.actor)


@reads
def _refused(unit: Unit, office: str, status: int, **context: Any) -> Response:
    return _page(unit, office, status, given=drafts.written_hall(), **context)


def _page(unit: Unit, office: str, status: int = 200, **context: Any) -> Response:
    place = unit.office(office)
    own = appearance.office_of(appearance.in_force(unit.session), place.code).hall
    settings = HallSettings.stored(own)
    given = {key: getattr(settings, key) for key in ("queues", "calls", "voice", "languages")}
    return shown(
        unit,
        "hall",
        status,
        **{
            "given": {**given, "message": settings.message},
            "errors": {},
            "changed": False,
            **context,
        },
        office=place,
        mark=appearance.mark(own),
        longest=LONGEST_HALL_MESSAGE,
        most_calls=MOST_CALLS,
    )
