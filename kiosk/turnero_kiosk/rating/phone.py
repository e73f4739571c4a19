"""The question on the phone, once the turn is done."""

from contextlib import suppress

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from turnero_core.errors import Conflict, Invalid, NotFound
from turnero_core.i18n import N_
from turnero_core.web.access import PUBLIC, access
from turnero_kiosk import phone
from turnero_kiosk.rating import answers
from turnero_queue import satisfaction
from turnero_queue.api.edge import Unit, authenticate, changes, reads
from turnero_queue.catalogue import Office
from turnero_queue.models import Ticket
from turnero_queue.satisfaction import Occasion

# In the phone's own session: an address would stand in the server's log beside the turn's.
GIVEN = "rated"
blueprint = Blueprint("phone_rating", __name__, url_prefix="/t")
blueprint.before_request(authenticate)
blueprint.errorhandler(NotFound)(phone.unknown)


@blueprint.errorhandler(Conflict)
def not_asked(_problem: Conflict) -> Response:
    """Nobody is asked about this turn, or no longer: its own page says how it stands."""
    return redirect(url_for("phone.turn", token=(request.view_args or {})["token"]), 303)


@blueprint.get("/<token>/rate")
@access(PUBLIC)
@reads
def ask(unit: Unit, token: str) -> Response | str:
    """The question, or the thanks and what may be added."""
    return _page(unit, token, "ask")


@blueprint.post("/<token>/rate")
@access(PUBLIC)
@changes
def answer(unit: Unit, token: str) -> Response:
    _, occasion, _ = _occasion(unit, token)
    # A second time, or nothing at all, counts for nothing: the page shows how it is.
    with suppress(Conflict, Invalid):
        session[GIVEN] = {"token": token, "score": answers.keep_score(unit, occasion)}
    return _back(token)


@blueprint.post("/<token>/rate/comment")
@access(PUBLIC)
@changes
def comment(unit: Unit, token: str) -> Response:
    _, occasion, _ = _occasion(unit, token)
    # A second time, or nothing at all, counts for nothing: the page shows how it is.
    with suppress(Conflict):
        answers.keep_comment(unit, occasion, _given(token))
    session[GIVEN] = {"token": token, "score": 0}
    return _back(token)


@blueprint.get("/<token>/rate/survey")
@access(PUBLIC)
@reads
def survey(unit: Unit, token: str) -> Response | str:
    return _page(unit, token, "survey")


@blueprint.post("/<token>/rate/survey")
@access(PUBLIC)
@changes
def keep_survey(unit: Unit, token: str) -> Response:
    office, occasion, _ = _occasion(unit, token)
    # A second time, or nothing at all, counts for nothing: the page shows how it is.
    with suppress(Conflict):
        answers.keep_survey(unit, occasion, office)
    session[GIVEN] = {"token": token, "score": 0, "survey": True}
    return _back(token)


def _page(unit: Unit, token: str, part: str) -> Response | str:
    office, occasion, ticket = _occasion(unit, token)
    answered = satisfaction.has_answered(unit.session, occasion)
    if part == "survey" and not office.rules.survey_asked:
        return _back(token)
    kept = session.get(GIVEN) or {}
    mine = kept if kept.get("token") == token else {}
    return render_template(
        "rating/phone.html",
        office=office,
        ticket=ticket,
        part=part if part == "survey" else "thanks" if answered else "ask",
        may_comment=bool(mine.get("score")),
        surveyed=bool(mine.get("survey")),
        **answers.choices(office),
    )


def _occasion(unit: Unit, token: str) -> tuple[Office, Occasion, Ticket]:
    """What is judged; Conflict when it cannot be, or can no longer."""
    ticket = phone.find(unit, token)
    office = unit.catalogue.offices_by_id[ticket.office_id]
    answers.check_asked(office)
    found = satisfaction.of_ticket(ticket, office, "phone", unit.now)
    if found is None:
        raise Conflict(N_("This turn can no longer be judged."), slug="not-asked")
    return office, found, ticket


def _given(token: str) -> int:
    kept = session.get(GIVEN) or {}
    return int(kept.get("score", 0)) if kept.get("token") == token else 0


def _back(token: str) -> Response:
    return redirect(url_for("phone_rating.ask", token=token), 303)
