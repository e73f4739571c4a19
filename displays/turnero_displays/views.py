"""A hall screen and the part of it that refreshes."""

from pathlib import Path

from flask import Blueprint, Flask, render_template

from turnero_core import clock
from turnero_core.i18n import N_, gettext, pick, speaking
from turnero_core.web.access import PUBLIC, access, declare
from turnero_queue import hall_view
from turnero_queue.api.edge import Unit, authenticate, reads
from turnero_queue.slips import minutes

ROOT = Path(__file__).parent
# Kept on the screen while a call is spoken; the words are filled in by the page.
SPOKEN = N_("Turn %(ticket)s, %(desk)s")

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
    declare(app, "displays.static", PUBLIC)


@blueprint.get("/hall")
@access(PUBLIC)
@reads
def choose(unit: Unit) -> str:
    """Which office's hall this screen hangs in."""
    return render_template("displays/choose.html", offices=unit.catalogue.offices, pick=pick)


@blueprint.get("/hall/<office>")
@access(PUBLIC)
@reads
def hall(unit: Unit, office: str) -> str:
    """The screen of an office's hall."""
    found = unit.catalogue.office(office)
    return render_template(
        "displays/hall.html",
        office=found,
        office_name=pick(found.name),
        hall=hall_view.of_office(unit.session, found, unit.now),
        spoken=_spoken(unit.catalogue.languages),
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
    return render_template(
        "displays/_board.html",
        hall=hall_view.of_office(unit.session, found, unit.now),
        minutes=minutes,
        pick=pick,
    )


def _spoken(languages: tuple[str, ...]) -> dict[str, str]:
    """Language -> the sentence that calls a person, with {ticket} and {desk} to fill."""
    sentences = {}
    for language in languages:
        with speaking(language):
            sentences[language] = gettext(SPOKEN, ticket="{ticket}", desk="{desk}")
    return sentences
