"""What the kiosk says when it cannot do what was asked: calmly, and with a way on."""

from datetime import datetime
from typing import Any

import structlog
from flask import Blueprint, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from turnero_core import clock
from turnero_core.errors import Problem
from turnero_core.i18n import N_, gettext
from turnero_core.web.runtime import runtime
from turnero_kiosk import pages, wording
from turnero_queue import opening
from turnero_queue.catalogue import Catalogue, Office
from turnero_queue.supervision import pauses
from turnero_queue.supervision.pauses import ServicePaused

log = structlog.get_logger()
Page = tuple[str, int]

_TITLES = {
    "office-closed": N_("We are closed now"),
    "daily-limit": N_("No turns left today"),
    "service-paused": N_("This service is paused"),
    "old-form": N_("Let us start again"),
    "not-configured": N_("This kiosk is not ready yet"),
    "service-not-offered": N_("This service is no longer offered here"),
}
_ADVICE = {
    "office-closed": N_("You can still look up what to bring and how much it costs."),
    "daily-limit": N_("Come another day, or ask a member of staff at the desk."),
    "service-paused": N_("Those who already have a turn are attended. Yours can be taken later."),
    "old-form": N_("That page was no longer valid. No turn was given; nothing is lost."),
    "not-configured": N_("Please ask at the desk."),
    "service-not-offered": N_(
        "It was taken off the list a moment ago. Choose another, or ask at the desk."
    ),
}
_LOST = (N_("That page is not here"), N_("Start again and choose what you need."))
_BROKEN = (N_("Something went wrong here"), N_("No turn was given. Try again, or ask at the desk."))


def install(blueprint: Blueprint) -> None:
    blueprint.register_error_handler(Problem, of_problem)
    blueprint.register_error_handler(CSRFError, _stale)
    blueprint.register_error_handler(HTTPException, _http)
    blueprint.register_error_handler(OperationalError, _down)
    blueprint.register_error_handler(PoolTimeout, _down)
    blueprint.register_error_handler(Exception, _unexpected)


def of_problem(problem: Problem) -> Page:
    log.warning("kiosk_refused", slug=problem.slug, path=request.path, detail=str(problem))
    if problem.slug in _TITLES:
        until = problem.until if isinstance(problem, ServicePaused) else None
        return _page(_TITLES[problem.slug], _ADVICE[problem.slug], problem.status, until)
    title, advice = _BROKEN if problem.status >= 500 else _LOST
    return _page(title, advice, problem.status)


def _stale(error: CSRFError) -> Page:
    log.warning("kiosk_form_refused", path=request.path, reason=error.description)
    return _page(_TITLES["old-form"], _ADVICE["old-form"], 400)


def _http(error: HTTPException) -> Page | HTTPException:
    if error.code is None or error.code < 400:
        return error
    log.warning("kiosk_refused", status=error.code, path=request.path)
    return _page(*_LOST, error.code)


def _down(error: Exception) -> Page:
    log.error("database_unavailable", error=str(getattr(error, "orig", error)))
    return _page(*_BROKEN, 503)


def _unexpected(error: Exception) -> Page:
    log.exception("unexpected_error", path=request.path)
    return _page(*_BROKEN, 500)


def _page(title: str, advice: str, status: int, until: datetime | None = None) -> Page:
    context: dict[str, Any] = {"title": gettext(title), "advice": gettext(advice)}
    found: Catalogue | None = runtime().database.cache.get("catalogue")
    code = (request.view_args or {}).get("office")
    office = next((o for o in found.offices if o.code == code), None) if found else None
    if found is None or office is None:
        return render_template("kiosk/lost.html", **context), status
    context["opens"] = _opens(office) if title == _TITLES["office-closed"] else ""
    if title == _TITLES["service-paused"]:
        context["opens"] = pauses.goes_on(until, office.zone, clock.now())
    return pages.render("refusal", found, office, **context), status


def _opens(office: Office) -> str:
    now = clock.now()
    following = opening.next_opening(office, now)
    return wording.opening(following, now, office) if following else ""
