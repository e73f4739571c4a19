"""One's own account: who one is here, where one is signed in."""

from flask import Response, flash, make_response, redirect, render_template, url_for

from turnero_admin.panel.blueprint import blueprint
from turnero_core.errors import NotFound
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_queue import audit, second_factor, sessions, staff
from turnero_queue.api import signed_in
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.models import Staff
from turnero_queue.permissions import ROLE_NAMES


@blueprint.get("/account")
@access("own")
@reads
def account(unit: Unit) -> str:
    person = me(unit)
    return render_template(
        "admin/panel/account.html",
        me=person,
        roles=ROLE_NAMES,
        sessions=sessions.open_of(unit.session, person.id, unit.now),
        codes_left=second_factor.backup_codes_left(unit.session, person.id),
        unit=unit,
        switcher=None,
    )


@blueprint.post("/account/sessions/<session_id>/end")
@access("own")
@changes
def end_session(unit: Unit, session_id: str) -> Response:
    """Sign out one of one's own browsers."""
    end(unit, me(unit), session_id)
    return make_response(redirect(url_for("panel.account"), 303))


@blueprint.post("/account/sessions/end-others")
@access("own")
@changes
def end_other_sessions(unit: Unit) -> Response:
    here, person = signed_in.person(), me(unit)
    for opened in sessions.open_of(unit.session, person.id, unit.now):
        if here is None or opened.id != here.session_id:
            sessions.revoke(unit.session, person.id, opened.id, unit.now)
            _note_end(unit, person)
    flash(gettext(N_("Every other browser is signed out.")), "ok")
    return make_response(redirect(url_for("panel.account"), 303))


def me(unit: Unit) -> Staff:
    return unit.session.get_one(Staff, unit.caller.id if unit.caller else "")


def end(unit: Unit, person: Staff, session_id: str) -> None:
    """End one session of `person`; NotFound when there is none like that."""
    if not sessions.revoke(unit.session, person.id, session_id, unit.now):
        raise NotFound(N_("There is no such session any more."))
    _note_end(unit, person)
    flash(gettext(N_("That browser is signed out.")), "ok")


def _note_end(unit: Unit, person: Staff) -> None:
    audit.record(
        unit.session,
        actor=unit.actor,
        action="session.end",
        subject=staff.actor_of(person),
        now=unit.now,
    )
