"""A hall screen and the part of it that refreshes."""

from datetime import timedelta
from pathlib import Path

from flask import Blueprint, Flask, render_template, request

from turnero_core import clock
from turnero_core.i18n import LANGUAGES, current_language, language_of, pick, set_language
from turnero_core.web.access import PUBLIC, access, declare
from turnero_displays import preview, spoken
from turnero_queue import hall_view
from turnero_queue.api.edge import Unit, authenticate, reads
from turnero_queue.catalogue import Office
from turnero_queue.slips import minutes
from turnero_queue.supervision import hall_messages

# A screen that starts later than this after a message was sent shows it and says nothing.
SPOKEN_WITHIN = timedelta(seconds=60)
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
        **_message(unit, found),
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


@blueprint.get("/hall/<office>/message")
@access(PUBLIC)
@reads
def message(unit: Unit, office: str) -> str:
    """What somebody says to everybody in the hall; nothing most of the time."""
    found = unit.catalogue.office(office)
    _speak(unit)
    return render_template("displays/_message.html", **_message(unit, found))


def _message(unit: Unit, office: Office) -> dict[str, object]:
    """The message in force, its texts in the municipality's order of languages, and how many
    seconds it still has: a screen's own clock may be wrong."""
    row = hall_messages.current(unit.session, office.id, unit.now)
    if row is None:
        return {"message": None}
    order = [current_language(), *unit.catalogue.languages, *row.texts]
    return {
        "message": row,
        "texts": {code: row.texts[code] for code in order if code in row.texts},
        "left": int((row.until - unit.now).total_seconds()) + 1,
        "fresh": unit.now - row.began_at < SPOKEN_WITHIN,
    }


def _speak(unit: Unit) -> str | None:
    """A hall speaks to everybody: the municipality's language, or the one in its own address.

    Gives the latter, if any. Whatever the screen's browser would prefer is nobody's wish.
    """
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        return asked
    set_language(language_of(unit.catalogue.locale))
    return None
