"""What is written on slips and screens: the municipality's texts, and an office's own."""

from typing import Any

from flask import Response, flash, make_response, redirect, url_for

from turnero_admin.appearance.blueprint import CITY, OFFICE, blueprint, places, shown
from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_queue.api import drafts
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.configuration import appearance
from turnero_queue.configuration.appearance import ChangedMeanwhile
from turnero_queue.texts import LONGEST

SAVED = N_("Saved. Screens and slips say it from now on.")
LABELS = {
    "slip_greeting": N_("Greeting, below the office's name"),
    "how_called": N_("How people will be called"),
    "slip_footer": N_("Last lines"),
    "kiosk_welcome": N_("Below “Welcome” on the first screen"),
    "hall_idle": N_("While nobody is being called"),
    "phone_message": N_("On the page that follows a turn"),
}
HINTS = {"how_called": N_("It is also on the kiosk's last screen.")}
# What is seen where: the name of the preview, its title, and the texts shown in it.
GROUPS = (
    ("paper", N_("The paper turn"), ("slip_greeting", "how_called", "slip_footer")),
    ("kiosk", N_("The kiosk"), ("kiosk_welcome",)),
    ("hall", N_("The hall screen"), ("hall_idle",)),
    ("phone", N_("The phone"), ("phone_message",)),
)


@blueprint.get("/texts")
@access(CITY)
@reads
def texts(unit: Unit) -> Response:
    return _page(unit, None)


@blueprint.get("/offices/<office>/texts")
@access(OFFICE)
@reads
def office_texts(unit: Unit, office: str) -> Response:
    return _page(unit, unit.office(office).code)


@blueprint.post("/texts")
@access(CITY)
def set_texts() -> Response:
    return _save(None)


@blueprint.post("/offices/<office>/texts")
@access(OFFICE)
def set_office_texts(office: str) -> Response:
    return _save(office)


def _save(office: str | None) -> Response:
    try:
        _written(office)
    except Invalid as problem:
        answer: Response = _refused(office, 422, errors=problem.extra["errors"])
        return answer
    except ChangedMeanwhile:
        answer = _refused(office, 409, changed=True)
        return answer
    flash(gettext(SAVED), "ok")
    return make_response(redirect(_address(office), 303))


@changes
def _written(unit: Unit, office: str | None) -> None:
    given = drafts.written_texts()
    appearance.set_texts(unit.session, office, given, drafts.seen(), actor=unit.actor)


@reads
def _refused(unit: Unit, office: str | None, status: int, **context: Any) -> Response:
    return _page(unit, office, status, given=drafts.written_texts(), **context)


def _page(unit: Unit, office: str | None, status: int = 200, **context: Any) -> Response:
    found = appearance.in_force(unit.session)
    city = found.municipality.texts
    own = appearance.office_of(found, office).texts if office else city
    seen = unit.catalogue.office(office) if office else next(iter(places(unit)), None)
    return shown(
        unit,
        "texts",
        status,
        **{"given": own, "errors": {}, "changed": False, **context},
        stored=own,
        city=city if office else {},
        office=unit.catalogue.office(office) if office else None,
        seen_at=seen,
        places=places(unit),
        switcher=None,
        mark=appearance.mark(own),
        action=_address(office, post=True),
        groups=GROUPS,
        labels=LABELS,
        hints=HINTS,
        longest=LONGEST,
    )


def _address(office: str | None, *, post: bool = False) -> str:
    set_ = "set_" if post else ""
    if office is None:
        return url_for(f"appearance.{set_}texts")
    return url_for(f"appearance.{set_}office_texts", office=office)
