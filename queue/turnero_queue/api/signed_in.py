"""The member of staff behind a browser's session, kept by Flask-Login."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, request
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.errors import Forbidden, Problem, TokenNeeded, Unauthorized
from turnero_core.i18n import N_
from turnero_core.web.access import SCOPE
from turnero_core.web.runtime import runtime
from turnero_queue import audit, catalogue, city_sign_in, second_factor, sessions
from turnero_queue.grants import Grant, Grants
from turnero_queue.models import Staff
from turnero_queue.permissions import Role
from turnero_queue.tokens import ELSEWHERE, NOT_YOURS, Caller

# Whoever is signed in; also with a password that somebody else made, for one's own account.
STAFF = "staff"
OWN = "own"
CAN = "can:"
# For what every office shares: a role that allows it in all of them.
EVERYWHERE = "everywhere:"

manager = LoginManager()
manager.session_protection = "basic"


class Unsettled(Forbidden):
    """Signed in, but the account's owner has something to do before anything else."""

    slug = "change-password"


@dataclass(frozen=True)
class SignedIn(UserMixin):  # type: ignore[misc]
    """A signed-in member of staff, in one browser."""

    staff_id: str
    login: str
    name: str
    grants: Grants
    must_change_password: bool
    must_enrol: bool
    session_id: str
    seen_at: datetime
    way: str = "password"

    def get_id(self) -> str:
        return self.session_id

    @property
    def caller(self) -> Caller:
        actor = f"staff:{self.login}"[:80]
        return Caller(self.staff_id, actor, frozenset(), None, self.grants)

    def can(self, permission: str, office_id: str | None = None) -> bool:
        """Whether a role of theirs allows it: in the office given, or in any at all."""
        return self.grants.can(permission, office_id)


def install(app: Flask) -> None:
    manager.init_app(app)


def sign_in(session: Session, person: Staff, now: datetime, way: str = "password") -> None:
    """Open a session for `person`, who came that `way`, in this browser."""
    agent = request.user_agent.string
    address = request.remote_addr or ""
    opened = sessions.begin(session, person, now, address=address, agent=agent, way=way)
    row = sessions.look_up(session, opened.id, now)
    if row is not None:
        login_user(_value(session, row, opened.id))


def sign_out(session: Session, now: datetime) -> None:
    """End this browser's session."""
    found = person()
    if found is not None and sessions.revoke(session, found.staff_id, found.session_id, now):
        who = found.caller.actor
        audit.record(session, actor=who, action="sign-out", subject=who, now=now)
    logout_user()


def person() -> SignedIn | None:
    """Who is signed in, if anybody."""
    found = current_user._get_current_object()
    return found if isinstance(found, SignedIn) else None


def caller_for(who: tuple[str, ...], office: str | None = None) -> Caller:
    """The signed-in caller, when one of `who` lets them in; for a permission, with a role that
    covers the `office` (its code) that the address names."""
    signed_in = person()
    if signed_in is None and any(name.startswith(SCOPE) for name in who):
        raise TokenNeeded(N_("Sign in, or send “Authorization: Bearer” with an API token."))
    if signed_in is None:
        raise Unauthorized(N_("Sign in to go on."))
    if OWN in who:
        return signed_in.caller
    if signed_in.must_change_password:
        raise Unsettled(N_("Choose a password of your own first."))
    if signed_in.must_enrol:
        raise Unsettled(N_("Set up the second factor first."), slug="second-factor-needed")
    if STAFF not in who and not _shared(signed_in.grants, who):
        _check(
            signed_in.grants,
            [name.removeprefix(CAN) for name in who if name.startswith(CAN)],
            office,
        )
    return signed_in.caller


def note_presence() -> None:
    """Remember now and then that the browser was seen; in a unit of work of its own."""
    found, now = person(), clock.now()
    if found is not None and now - found.seen_at > sessions.NOTED_EVERY:
        with runtime().database.write() as session:
            sessions.seen(session, found.session_id, now)


def _shared(grants: Grants, who: tuple[str, ...]) -> bool:
    wanted = [name.removeprefix(EVERYWHERE) for name in who if name.startswith(EVERYWHERE)]
    return any(grants.everywhere(permission) for permission in wanted)


def _check(grants: Grants, permissions: list[str], office: str | None) -> None:
    if not any(grants.can(permission) for permission in permissions):
        raise Forbidden(NOT_YOURS)
    if office and not any(grants.can_at(permission, office) for permission in permissions):
        raise Forbidden(ELSEWHERE)


@manager.user_loader
def _load(session_id: str) -> SignedIn | None:
    with runtime().database.read() as session:
        row = sessions.look_up(session, session_id, clock.now())
        if row is None:
            return None
        return _value(session, row, session_id)


def _value(session: Session, row: Any, session_id: str) -> SignedIn:
    grants = _grants(session, row.id)
    from_provider = row.way == "provider"
    return SignedIn(
        row.id,
        row.login,
        row.name,
        grants,
        # Whoever never uses the password here need not choose one.
        row.must_change_password and not from_provider,
        not row.has_second_factor
        and not (from_provider and _is_vouched_for(session))
        and _needs_second_factor(session, grants),
        session_id,
        row.last_seen_at,
        row.way,
    )


def _is_vouched_for(session: Session) -> bool:
    found = city_sign_in.current(session)
    return found is not None and found.vouches


def _needs_second_factor(session: Session, grants: Grants) -> bool:
    try:
        return second_factor.is_required(catalogue.current(session), grants)
    except Problem:
        # Nothing is configured yet, so no rule asks for it.
        return False


def _grants(session: Session, staff_id: str) -> Grants:
    rows = sessions.roles_of(session, staff_id)
    return Grants.of(Grant(Role(role), office_id, office) for role, office_id, office in rows)
