"""A hall screen and the part of it that refreshes."""

from pathlib import Path

from flask import Blueprint, Flask, render_template, request

from turnero_core import clock
from turnero_core.i18n import LANGUAGES, current_language, language_of, pick, set_language
from turnero_core.web.access import PUBLIC, access, declare
from turnero_displays import preview, spoken
from turnero_queue import hall_view
from turnero_queue.api.edge import Unit, authenticate, reads
from turnero_queue.slips import minutes

ROOT = Path(__file__).parent

blueprint = Blueprint(
    "displays",
    __name__,
    static_folder=str(ROOT / "static"),
    static_url_path="/static/displays",
    template_folder=str(ROOT / "templates"),
)
blueprint.before_request(authenticate)


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.register_blueprint(preview.blueprint)
    declare(app, "displays.static", PUBLIC)


@blueprint.get("/hall")
@access(PUBLIC)
@reads
def choose(unit: Unit) -> str:
    """Which office's hall this screen hangs in."""
    _speak(unit)
    return render_template("displays/choose.html", offices=unit.catalogue.offices, pick=pick)


@blueprint.get("/hall/<office>")
@access(PUBLIC)
@reads
def hall(unit: Unit, office: str) -> str:
    """The screen of an office's hall."""
    found = unit.catalogue.office(office)
    asked = _speak(unit)
    return render_template(
        "displays/hall.html",
        office=found,
        asked=asked,
        hall=hall_view.of_office(unit.session, found, unit.now),
        sentences=spoken.sentences(
            (*(found.hall.languages or unit.catalogue.languages), current_language())
        ),
        desks=spoken.desk_names(found),
        zone=found.zone.key,
        now=clock.rfc3339(unit.now),
        minutes=minutes,
        pick=pick,
    )


@blueprint.get("/hall/<office>/board")
@access(PUBLIC)
@reads
def board(unit: Unit, office: str) -> str:
    """The calls and queues alone, fetched again whenever something changes."""
    found = unit.catalogue.office(office)
    _speak(unit)
    return render_template(
        "displays/_board.html",
        hall=hall_view.of_office(unit.session, found, unit.now),
        minutes=minutes,
        pick=pick,
    )


def _speak(unit: Unit) -> str | None:
    """A hall speaks to everybody: the municipality's language, or the one in its own address.

    Gives the latter, if any. Whatever the screen's browser would prefer is nobody's wish.
    """
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        return asked
    set_language(language_of(unit.catalogue.locale))
    return None
