"""One member of staff: roles, being in use, password, lock-out, second factor, sessions."""

from collections.abc import Callable

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from turnero_admin.panel import account
from turnero_admin.panel.blueprint import blueprint
from turnero_admin.panel.staff import EVERYWHERE, asked_roles, grants, password_page
from turnero_core.errors import Conflict, Invalid
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_queue import city_sign_in, second_factor, sessions, staff, staff_roles
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.city_sign_in import accounts
from turnero_queue.models import Staff
from turnero_queue.permissions import ROLE_NAMES, Permission

MANAGE = "can:staff.manage"
MEMBER = "/staff/<login>"


@blueprint.get(MEMBER)
@access(MANAGE)
@reads
def member(unit: Unit, login: str) -> str:
    person = _person(unit, login)
    codes = {office.id: office.code for office in unit.catalogue.offices_by_id.values()}
    return render_template(
        "admin/panel/member.html",
        who=person,
        held={
            f"{row.role}@{codes[row.office_id] if row.office_id else EVERYWHERE}"
            for row in person.roles
        },
        roles=ROLE_NAMES,
        offices=unit.offices_with(Permission.STAFF_MANAGE),
        everywhere=grants(unit).everywhere(Permission.STAFF_MANAGE),
        locked=staff.is_locked(person, unit.now),
        sessions=sessions.open_of(unit.session, person.id, unit.now),
        provider=city_sign_in.current(unit.session),
        unit=unit,
    )


@blueprint.post(f"{MEMBER}/roles")
@access(MANAGE)
def set_roles(login: str) -> Response:
    return _do(login, _set_roles, N_("The roles of %(name)s are saved."))


@blueprint.post(f"{MEMBER}/deactivate")
@access(MANAGE)
def deactivate(login: str) -> Response:
    return _do(login, _deactivate, N_("%(name)s can no longer sign in."))


@blueprint.post(f"{MEMBER}/activate")
@access(MANAGE)
def activate(login: str) -> Response:
    return _do(login, _activate, N_("%(name)s can sign in again."))


@blueprint.post(f"{MEMBER}/unlock")
@access(MANAGE)
def unlock(login: str) -> Response:
    return _do(login, _unlock, N_("%(name)s may try again now."))


@blueprint.post(f"{MEMBER}/second-factor/remove")
@access(MANAGE)
def remove_second_factor(login: str) -> Response:
    return _do(login, _remove_factor, N_("%(name)s signs in without a second factor now."))


@blueprint.post(f"{MEMBER}/unlink")
@access(MANAGE)
def unlink_member(login: str) -> Response:
    return _do(login, _unlink, N_("%(name)s is not linked to the city's sign-in any more."))


@blueprint.post(f"{MEMBER}/email")
@access(MANAGE)
def set_email(login: str) -> Response:
    return _do(login, _set_email, N_("The address of %(name)s is saved."))


@blueprint.post(f"{MEMBER}/reset")
@access(MANAGE)
@changes
def reset(unit: Unit, login: str) -> Response:
    """A new random password, which this answer alone shows."""
    person = _person(unit, login)
    return password_page(person, staff.reset_password(unit.session, person, actor=unit.actor))


@blueprint.post(f"{MEMBER}/sessions/<session_id>/end")
@access(MANAGE)
@changes
def end_session_of(unit: Unit, login: str, session_id: str) -> Response:
    account.end(unit, _person(unit, login), session_id)
    return _back(login)


def _do(login: str, act: Callable[[Unit, Staff], None], said: str) -> Response:
    """`act` in one transaction and back to the person's page; a refusal changes nothing."""

    @changes
    def committed(unit: Unit) -> str:
        person = _person(unit, login)
        act(unit, person)
        return person.name

    try:
        flash(gettext(said, name=committed()), "ok")
    except (Conflict, Invalid) as problem:
        flash(gettext(problem.detail, **problem.params), "danger")
    return _back(login)


def _person(unit: Unit, login: str) -> Staff:
    person = staff.by_login(unit.session, login)
    staff_roles.check_may_manage(grants(unit), person)
    return person


def _back(login: str) -> Response:
    return make_response(redirect(url_for("panel.member", login=login), 303))


def _set_roles(unit: Unit, person: Staff) -> None:
    staff_roles.assign(
        unit.session,
        person,
        asked_roles(unit),
        manager=grants(unit),
        actor=unit.actor,
        now=unit.now,
    )


def _deactivate(unit: Unit, person: Staff) -> None:
    staff_roles.set_active(unit.session, person, False, actor=unit.actor, now=unit.now)


def _activate(unit: Unit, person: Staff) -> None:
    staff_roles.set_active(unit.session, person, True, actor=unit.actor, now=unit.now)


def _unlock(unit: Unit, person: Staff) -> None:
    staff.unlock(unit.session, person, unit.now, actor=unit.actor)


def _unlink(unit: Unit, person: Staff) -> None:
    accounts.unlink(unit.session, person, unit.now, actor=unit.actor)


def _set_email(unit: Unit, person: Staff) -> None:
    email = request.form.get("email", "")
    staff.set_email(unit.session, person, email, unit.now, actor=unit.actor)


def _remove_factor(unit: Unit, person: Staff) -> None:
    second_factor.remove(unit.session, person, unit.now, actor=unit.actor)
