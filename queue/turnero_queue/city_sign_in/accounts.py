"""Whose account it is that the city's provider speaks of."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from turnero_core.errors import Problem
from turnero_queue import audit, catalogue, staff, staff_roles
from turnero_queue.city_sign_in import trouble as said
from turnero_queue.city_sign_in.settings import SignIn
from turnero_queue.city_sign_in.trouble import Trouble
from turnero_queue.grants import Grant, Grants
from turnero_queue.models import Staff
from turnero_queue.permissions import Role

ACTOR = "provider"
LONGEST_NAME = 120
# On whose behalf the provider's groups give roles.
_MANAGER = Grants.of([Grant(Role.ADMINISTRATOR)])


def admit(
    session: Session, settings: SignIn, claims: Mapping[str, Any], now: datetime
) -> Staff | Trouble:
    """Who signs in, or why not. The refusal is given, not raised: that an account was made, and
    that somebody was refused, must be committed."""
    identity = identity_of(settings.issuer, claims["sub"])
    linked = session.scalar(select(Staff).where(Staff.external_id == identity))
    person = linked or _link(session, settings, claims, identity, now)
    if isinstance(person, Trouble):
        return person
    if not person.active:
        return Trouble(said.NOT_IN_USE, "not in use")
    if settings.follow_groups:
        _give_roles(session, settings, claims, person, now)
    return person if person.roles else Trouble(said.NO_ROLE, "no role")


def identity_of(issuer: str, subject: str) -> str:
    """What is kept of who somebody is at the provider: 64 hex digits."""
    return hashlib.sha256(f"{issuer}\n{subject}".encode()).hexdigest()


def unlink(session: Session, person: Staff, now: datetime, *, actor: str) -> None:
    """The next sign-in finds the account by its address again."""
    person.external_id = None
    session.flush()
    audit.record(
        session, actor=actor, action="staff.unlink", subject=staff.actor_of(person), now=now
    )


def _link(
    session: Session, settings: SignIn, claims: Mapping[str, Any], identity: str, now: datetime
) -> Staff | Trouble:
    known = str(claims.get(settings.claim) or "").strip().lower()
    if settings.claim == "email" and claims.get("email_verified", True) is not True:
        return Trouble(said.UNVERIFIED, "the address is not verified")
    person = _known_as(session, known) if known else None
    if person is None:
        return _create(session, settings, claims, identity, known, now)
    # Compare-and-set: of two who come at once for one account, one is linked.
    linked = session.execute(
        update(Staff)
        .where(Staff.id == person.id, Staff.external_id.is_(None))
        .values(external_id=identity)
    )
    if linked.rowcount != 1:  # type: ignore[attr-defined]
        return Trouble(said.TAKEN, "the account is linked to another person")
    session.refresh(person)
    who = staff.actor_of(person)
    audit.record(session, actor=ACTOR, action="staff.link", subject=who, now=now)
    return person


def _known_as(session: Session, text: str) -> Staff | None:
    found = session.scalar(select(Staff).where(Staff.email == text))
    return found or session.scalar(select(Staff).where(Staff.login == text))


def _create(
    session: Session,
    settings: SignIn,
    claims: Mapping[str, Any],
    identity: str,
    known: str,
    now: datetime,
) -> Staff | Trouble:
    if not settings.create_accounts:
        return Trouble(said.UNKNOWN, "unknown person")
    login = str(claims.get(settings.login_claim) or known).strip().lower()
    name = " ".join(str(claims.get("name") or login).split())[:LONGEST_NAME]
    email = known if settings.claim == "email" and re.fullmatch(r"[^@\s]+@[^@\s]+", known) else None
    try:
        person = staff.create(
            session, login, staff.random_password(), now, name=name, role=None, actor=ACTOR
        )
    except Problem:
        # The login is somebody else's, or none that can be used: nobody is guessed at.
        return Trouble(said.UNKNOWN, "the login cannot be used")
    person.external_id, person.email = identity, email
    session.flush()
    _give_roles(session, settings, claims, person, now)
    return person


def _give_roles(
    session: Session, settings: SignIn, claims: Mapping[str, Any], person: Staff, now: datetime
) -> None:
    """The roles of the groups somebody is in. Who is the last administrator stays one."""
    mine = claims.get(settings.groups_claim)
    held = {str(one) for one in mine} if isinstance(mine, list) else {str(mine)}
    offices = {office.code: office.id for office in catalogue.current(session).offices}
    wanted = {
        (one.role, offices[one.office] if one.office else None)
        for one in settings.groups
        if one.group in held and (one.office is None or one.office in offices)
    }
    audit.write(session)
    try:
        with session.begin_nested():
            staff_roles.assign(session, person, wanted, manager=_MANAGER, actor=ACTOR, now=now)
    except Problem:
        session.refresh(person)
