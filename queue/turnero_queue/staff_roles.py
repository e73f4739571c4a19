"""Roles of members of staff: given and taken away, never more than the giver may."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from turnero_core.errors import Conflict, Forbidden, Invalid
from turnero_core.i18n import N_, gettext
from turnero_queue import audit, password_rule, sessions, staff
from turnero_queue.grants import Grant, Grants
from turnero_queue.models import Staff, StaffRole
from turnero_queue.permissions import Permission, Role

Given = frozenset[tuple[str, str | None]]


def given(person: Staff) -> Given:
    """(role, office id or None) of everything that somebody holds."""
    return frozenset((row.role, row.office_id) for row in person.roles)


def grants_of(person: Staff) -> Grants:
    return Grants.of(Grant(Role(role), office_id) for role, office_id in given(person))


def may_manage(manager: Grants, person: Staff) -> bool:
    """Whether `manager` may change this account: whose every role is in their own offices."""
    if manager.everywhere(Permission.STAFF_MANAGE):
        return True
    held = given(person)
    return bool(held) and all(
        office_id is not None and manager.can(Permission.STAFF_MANAGE, office_id)
        for _role, office_id in held
    )


def check_may_manage(manager: Grants, person: Staff) -> None:
    if not may_manage(manager, person):
        raise Forbidden(N_("This account also works where you do not manage the staff."))


def assign(
    session: Session,
    person: Staff,
    wanted: Iterable[tuple[str, str | None]],
    *,
    manager: Grants,
    actor: str,
    now: datetime,
) -> None:
    """Make `wanted` the roles that somebody holds.

    Forbidden where `manager` may not manage staff, Invalid for an unknown role, Conflict when
    nobody would be left to administer the system.
    """
    before, after = given(person), frozenset(wanted)
    for role, office_id in before ^ after:
        _check(manager, role, office_id)
    if before == after:
        return
    for row in [row for row in person.roles if (row.role, row.office_id) not in after]:
        person.roles.remove(row)
    for role, office_id in sorted(after - before, key=str):
        person.roles.append(StaffRole(role=role, office_id=office_id))
    session.flush()
    if (Role.ADMINISTRATOR, None) in before - after:
        _keep_one_administrator(session)
    audit.record(
        session,
        actor=actor,
        action="staff.roles",
        subject=staff.actor_of(person),
        before={"roles": _words(before)},
        after={"roles": _words(after)},
        now=now,
    )
    password_rule.enforce(session, actor=actor, now=now)


def set_active(session: Session, person: Staff, active: bool, *, actor: str, now: datetime) -> None:
    """Take an account out of use, which ends its sessions, or bring it back."""
    if person.active == active:
        return
    person.active = active
    session.flush()
    if not active:
        if (Role.ADMINISTRATOR, None) in given(person):
            _keep_one_administrator(session)
        sessions.revoke_all(session, person.id, now)
    audit.record(
        session,
        actor=actor,
        action="staff.activate" if active else "staff.deactivate",
        subject=staff.actor_of(person),
        now=now,
    )


def _check(manager: Grants, role: str, office_id: str | None) -> None:
    if role not in staff.ROLES:
        raise Invalid(errors={"role": [gettext(N_("There is no such role."))]})
    if office_id is None and not manager.everywhere(Permission.STAFF_MANAGE):
        raise Forbidden(N_("Only who manages the staff of every office may give such a role."))
    if office_id is not None and not manager.can(Permission.STAFF_MANAGE, office_id):
        raise Forbidden(N_("You do not manage the staff of that office."))


def _keep_one_administrator(session: Session) -> None:
    if not staff.administrators(session):
        raise Conflict(
            N_("Somebody must be left who administers the whole system."), slug="last-administrator"
        )


def _words(held: Given) -> list[str]:
    return sorted(role if office is None else f"{role}@{office}" for role, office in held)
