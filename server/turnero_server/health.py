"""Whether the process lives, whether it can serve, and what it measures."""

import shutil
from typing import Any

from flask import Blueprint, Flask, Response, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from turnero_core import clock
from turnero_core.errors import Forbidden, Problem, TokenNeeded
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.runtime import runtime
from turnero_queue import announcements, catalogue, sequence
from turnero_queue.api.edge import SCOPE, authenticate
from turnero_queue.models import Ticket
from turnero_server.device_measures import measure_devices

_FORWARDED = ("Forwarded", "X-Forwarded-For")
LOOPBACK = frozenset({"127.0.0.1", "::1"})
LEAST_FREE_BYTES = 200 * 1024 * 1024
blueprint = Blueprint("health", __name__)


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("/healthz")
@access(PUBLIC)
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@access(PUBLIC)
def readyz() -> tuple[Response, int]:
    """The product can serve; otherwise 503 and what is wrong."""
    wrong = _wrong()
    return jsonify(status="not ready" if wrong else "ready", problems=wrong), 503 if wrong else 200


@blueprint.get("/metrics")
@access("loopback", SCOPE + "admin")
def metrics() -> Response:
    """Prometheus text, for loopback or a token with the scope admin."""
    if not _from_this_machine():
        if "Authorization" not in request.headers:
            raise TokenNeeded(N_("Metrics are for this machine or a token with the scope admin."))
        authenticate()
        if g.caller.office_id is not None:
            raise Forbidden(N_("Metrics tell of every office; this token is for one."))
    return Response(generate_latest(_measures()), content_type=CONTENT_TYPE_LATEST)


def _from_this_machine() -> bool:
    # Whatever comes through a proxy that nobody told us of seems to come from this machine.
    if not runtime().settings.trusted_proxies and any(
        name in request.headers for name in _FORWARDED
    ):
        return False
    return request.remote_addr in LOOPBACK


def _wrong() -> list[str]:
    wrong: list[str] = []
    try:
        with runtime().database.read() as session:
            session.execute(text("SELECT 1"))
            catalogue.current(session)
            behind = sequence.clock_problem(session, clock.now())
            if behind is not None:
                wrong.append(gettext(behind.detail, **behind.params))
    except Problem as problem:
        wrong.append(gettext(problem.detail, **problem.params))
    except SQLAlchemyError:
        wrong.append(gettext(N_("The database does not answer.")))
    if shutil.disk_usage(_folder()).free < LEAST_FREE_BYTES:
        wrong.append(gettext(N_("The disk is nearly full.")))
    return wrong


def _folder() -> str:
    folder = runtime().settings.instance
    return str(folder if folder.is_dir() else folder.parent if folder.parent.is_dir() else "/")


def _measures() -> CollectorRegistry:
    registry = CollectorRegistry()
    tickets = Gauge(
        "turnero_tickets", "Tickets of today by state", ["office", "state"], registry=registry
    )
    streams = Gauge("turnero_live_streams", "Open live streams of this process", registry=registry)
    # Of all who listen, those that follow the configuration are for somebody outside.
    streams.set(runtime().hub.listening(announcements.CONFIGURATION))
    with runtime().database.read() as session:
        configured = catalogue.current(session)
        for office in configured.offices:
            today = clock.local_date(clock.now(), office.zone)
            rows: Any = session.execute(
                select(Ticket.state, func.count())
                .where(Ticket.office_id == office.id, Ticket.business_day == today)
                .group_by(Ticket.state)
            )
            for state, count in rows:
                tickets.labels(office.code, state).set(count)
        measure_devices(registry, session, configured, clock.now())
    return registry
