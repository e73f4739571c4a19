"""A message to everybody in the hall."""

from typing import Any

from flask import Response, request

from turnero_admin.supervision import words
from turnero_admin.supervision.blueprint import SUPERVISE, act, action_page, blueprint, office_of
from turnero_core.i18n import LANGUAGES, N_, gettext
from turnero_core.web.access import access
from turnero_queue.api.edge import Unit, reads
from turnero_queue.catalogue import Catalogue, Office
from turnero_queue.supervision import hall_messages

USUAL_MINUTES = 30


@blueprint.get("/<office>/message")
@access(SUPERVISE)
@reads
def message(unit: Unit, office: str) -> str:
    return _page(unit, office_of(unit, office))


@blueprint.post("/<office>/message")
@access(SUPERVISE)
def send_message(office: str) -> Response:
    return act(office, _send, _page)


@blueprint.post("/<office>/message/remove")
@access(SUPERVISE)
def remove_message(office: str) -> Response:
    return act(office, _remove, _page)


def _page(unit: Unit, office: Office, refused: Exception | None = None, **context: Any) -> str:
    return action_page(
        "_message",
        office,
        gettext(N_("Message to the hall")),
        message=hall_messages.current(unit.session, office.id, unit.now),
        languages=_languages(unit.catalogue),
        longest=hall_messages.LONGEST_TEXT,
        usual=words.hour_from_now(USUAL_MINUTES, office, unit.now),
        **context,
    )


def _languages(catalogue: Catalogue) -> list[str]:
    """Those that a hall may speak, the municipality's own first."""
    main = catalogue.locale.split("_")[0]
    return sorted(
        (code for code in catalogue.languages if code in LANGUAGES), key=lambda code: code != main
    )


def _send(unit: Unit, office: Office) -> str:
    texts = {code: request.form.get(f"text-{code}", "") for code in _languages(unit.catalogue)}
    until = words.hour_of_today(request.form.get("until", ""), office, unit.now)
    moment = unit.hold(office.id)
    spoken = "spoken" in request.form
    hall_messages.send(unit.session, moment, texts, until, unit.actor, spoken=spoken)
    return gettext(N_("The hall shows it now."))


def _remove(unit: Unit, office: Office) -> str:
    hall_messages.remove(unit.session, unit.hold(office.id), unit.actor)
    return gettext(N_("The hall shows it no longer."))
