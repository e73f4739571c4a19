"""What a clerk does with the desk itself: open, pause, close, and call the next person."""

from flask import Response

from turnero_admin import answer, task
from turnero_admin.blueprint import blueprint
from turnero_admin.task import Task
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_queue import calling, desk_view, desks

DESK = "/console/<office>/<desk>"
NOBODY = N_("Nobody is waiting for this desk.")


@blueprint.post(f"{DESK}/open")
@access("can:desk.attend")
def open_desk(office: str, desk: str) -> Response:
    return answer.perform(office, desk, _open)


@blueprint.post(f"{DESK}/pause")
@access("can:desk.attend")
def pause_desk(office: str, desk: str) -> Response:
    return answer.perform(office, desk, _pause)


@blueprint.post(f"{DESK}/close")
@access("can:desk.attend")
def close_desk(office: str, desk: str) -> Response:
    return answer.perform(office, desk, _close)


@blueprint.post(f"{DESK}/next")
@access("can:desk.attend")
def call_next(office: str, desk: str) -> Response:
    return answer.perform(office, desk, call_whoever_is_next)


def call_whoever_is_next(asked: Task) -> str:
    called = calling.call_next(
        asked.unit.session,
        asked.moment,
        asked.unit.catalogue,
        asked.place.desk,
        asked.unit.actor,
    )
    if called is None:
        return gettext(NOBODY)
    return gettext(N_("Called: %(why)s"), why=called[1])


def _open(asked: Task) -> str:
    here = asked.place
    desk_view.take_desk(asked.unit.session, asked.moment, here.office, here.desk, asked.unit.actor)
    return gettext(N_("The desk is open."))


def _pause(asked: Task) -> str:
    _set(asked, "paused")
    return gettext(N_("The desk is paused: nobody new is expected here."))


def _close(asked: Task) -> str:
    _set(asked, "closed")
    return gettext(N_("The desk is closed."))


def _set(asked: Task, status: str) -> None:
    desks.set_status(
        asked.unit.session,
        asked.moment,
        asked.place.desk,
        status,
        asked.unit.actor,
        task.reason() or None,
    )
