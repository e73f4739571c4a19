"""What every screen of the kiosk has: the office, the languages, the language spoken."""

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request

from turnero_core import clock
from turnero_core.i18n import LANGUAGES, set_language
from turnero_core.web.runtime import runtime
from turnero_kiosk import machine, visit, wording
from turnero_kiosk.helping import showing
from turnero_queue import catalogue
from turnero_queue.api.edge import authenticate
from turnero_queue.catalogue import Catalogue, Office

TEXT_COOKIE = "text"
# What a person may have changed about the screen; the next one starts without it.
PREFERENCES = ("theme", "contrast", TEXT_COOKIE)


def prepare(blueprint: Blueprint) -> None:
    blueprint.before_request(authenticate)
    blueprint.before_request(machine.admit)
    blueprint.context_processor(machine.context)
    blueprint.before_request(_speak)
    blueprint.after_request(showing.note)


def render(template: str, found: Catalogue, office: Office, **context: Any) -> str:
    now: datetime = clock.now()
    found = machine.narrowed(found)
    return render_template(
        f"{template}.html" if "/" in template else f"kiosk/{template}.html",
        catalogue=found,
        office=office,
        languages=wording.languages(found),
        time=wording.hour(now, office),
        large=request.cookies.get(TEXT_COOKIE) == "large",
        **showing.context(office),
        **context,
    )


def _speak() -> None:
    """The language this person chose; until they have, the municipality's."""
    asked = request.args.get("lang")
    if asked in LANGUAGES and request.method == "GET":
        visit.speak(asked)
    chosen = visit.language()
    if chosen is None:
        with runtime().database.read() as session:
            chosen = wording.main_language(machine.narrowed(catalogue.current(session)))
    set_language(chosen)
