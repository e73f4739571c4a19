"""A service, from supervision: paused, and going on."""

from datetime import datetime
from functools import partial
from typing import Any

from flask import Response, request

from turnero_admin.supervision import words
from turnero_admin.supervision.blueprint import SUPERVISE, act, action_page, blueprint, office_of
from turnero_core import clock
from turnero_core.i18n import N_, gettext, pick
from turnero_core.web.access import access
from turnero_queue.api.edge import Unit, reads
from turnero_queue.catalogue import Office
from turnero_queue.supervision import pauses

ONE = "/<office>/services/<service>"
HOUR, DAY, HAND = "hour", "day", "hand"
USUAL_MINUTES = 30


@blueprint.get(ONE)
@access(SUPERVISE)
@reads
def service(unit: Unit, office: str, service: str) -> str:
    return _page(service, unit, office_of(unit, office))


@blueprint.post(f"{ONE}/pause")
@access(SUPERVISE)
def pause_service(office: str, service: str) -> Response:
    return act(office, partial(_pause, service), partial(_page, service))


@blueprint.post(f"{ONE}/resume")
@access(SUPERVISE)
def resume_service(office: str, service: str) -> Response:
    return act(office, partial(_resume, service), partial(_page, service))


def _page(
    code: str, unit: Unit, office: Office, refused: Exception | None = None, **context: Any
) -> str:
    service = office.service(code)
    return action_page(
        "_service",
        office,
        pick(service.name),
        service=service,
        pause=pauses.of_office(unit.session, office.id, unit.now).get(service.id),
        usual=words.hour_from_now(USUAL_MINUTES, office, unit.now),
        at=unit.now,
        **context,
    )


def _pause(code: str, unit: Unit, office: Office) -> str:
    service = office.service(code)
    until, reason = _until(office, unit.now), request.form.get("reason", "")
    moment = unit.hold(office.id)
    pauses.pause(unit.session, moment, office, service, unit.actor, reason, until)
    return gettext(N_("“%(service)s” is paused."), service=pick(service.name))


def _resume(code: str, unit: Unit, office: Office) -> str:
    service = office.service(code)
    pauses.resume(unit.session, unit.hold(office.id), office, service, unit.actor)
    return gettext(N_("“%(service)s” goes on."), service=pick(service.name))


def _until(office: Office, now: datetime) -> datetime | None:
    how = request.form.get("how", HOUR)
    if how == HAND:
        return None
    if how == DAY:
        return clock.next_midnight(now, office.zone)
    return words.hour_of_today(request.form.get("until", ""), office, now)
