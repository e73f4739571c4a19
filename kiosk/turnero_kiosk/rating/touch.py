"""The question at the kiosk: of whoever stands there, once in a visit."""

from contextlib import suppress

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from turnero_core.errors import Conflict, Invalid
from turnero_core.web.access import PUBLIC, access
from turnero_kiosk import machine, pages, refusals, visit
from turnero_kiosk.rating import answers
from turnero_queue import devices, satisfaction
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.catalogue import Office
from turnero_queue.satisfaction import Occasion

GIVEN, SURVEYED = "rated", "surveyed"
blueprint = Blueprint("kiosk_rating", __name__)
pages.prepare(blueprint)
refusals.install(blueprint)
# Somebody at a browser of their own must not fill the counts; a kiosk has people before it.
_answers = devices.Guesses(most=20, window_s=60)


@blueprint.get("/kiosk/<office>/rate")
@access(PUBLIC)
@reads
def ask(unit: Unit, office: str) -> str:
    return _page(unit, office, "ask")


@blueprint.post("/kiosk/<office>/rate")
@access(PUBLIC)
@changes
def answer(unit: Unit, office: str) -> Response:
    _, occasion = _occasion(unit, office)
    if machine.current() is None:
        _answers.count(request.remote_addr or "")
    # A second time, or nothing at all, counts for nothing: the page shows how it is.
    with suppress(Conflict, Invalid):
        visit.keep(GIVEN, answers.keep_score(unit, occasion))
    return _back(office)


@blueprint.post("/kiosk/<office>/rate/comment")
@access(PUBLIC)
@changes
def comment(unit: Unit, office: str) -> Response:
    _, occasion = _occasion(unit, office)
    # A second time, or nothing at all, counts for nothing: the page shows how it is.
    with suppress(Conflict):
        answers.keep_comment(unit, occasion, int(visit.kept(GIVEN) or 0))
    visit.keep(GIVEN, 0)
    return _back(office)


@blueprint.get("/kiosk/<office>/rate/survey")
@access(PUBLIC)
@reads
def survey(unit: Unit, office: str) -> Response | str:
    if not machine.office(unit.catalogue, office).rules.survey_asked:
        return _back(office)
    return _page(unit, office, "survey")


@blueprint.post("/kiosk/<office>/rate/survey")
@access(PUBLIC)
@changes
def keep_survey(unit: Unit, office: str) -> Response:
    found, occasion = _occasion(unit, office)
    # A second time, or nothing at all, counts for nothing: the page shows how it is.
    with suppress(Conflict):
        answers.keep_survey(unit, occasion, found)
    visit.keep(SURVEYED, True)
    return _back(office)


def _page(unit: Unit, code: str, part: str) -> str:
    office, occasion = _occasion(unit, code)
    answered = satisfaction.has_answered(unit.session, occasion)
    return pages.render(
        "rating/kiosk",
        unit.catalogue,
        office,
        part=part if part == "survey" and answered else "thanks" if answered else "ask",
        may_comment=bool(visit.kept(GIVEN)),
        surveyed=bool(visit.kept(SURVEYED)),
        **answers.choices(office),
    )


def _occasion(unit: Unit, code: str) -> tuple[Office, Occasion]:
    office = machine.office(unit.catalogue, code)
    answers.check_asked(office)
    return office, satisfaction.of_visit(visit.name(), office, unit.now)


def _back(office: str) -> Response:
    return redirect(url_for("kiosk_rating.ask", office=office), 303)
