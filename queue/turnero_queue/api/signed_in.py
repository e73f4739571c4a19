"""The member of staff behind a browser's session, kept by Flask-Login."""

from dataclasses import dataclass
from hashlib import sha256

from flask import Flask
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy.orm import Session

from turnero_core.errors import Forbidden, Unauthorized
from turnero_core.i18n import N_
from turnero_core.web.runtime import runtime
from turnero_queue.models import Staff
from turnero_queue.tokens import Caller

ROLE = "role:"
STAFF = "staff"
# What each role may do of what API tokens name scopes for.
_SCOPES = {
    "clerk": frozenset({"tickets", "desks"}),
    "supervisor": frozenset({"tickets", "desks", "appointments"}),
    "admin": frozenset({"all"}),
}

manager = LoginManager()
manager.session_protection = "basic"


@dataclass(frozen=True)
class SignedIn(UserMixin):  # type: ignore[misc]
    """A signed-in member of staff; `mark` changes with the password and so ends old sessions."""

    staff_id: str
    login: str
    name: str
    role: str
    office_id: str | None
    must_change_password: bool
    mark: str

    def get_id(self) -> str:
        return f"{self.staff_id}:{self.mark}"

    @property
    def caller(self) -> Caller:
        actor = f"staff:{self.login}"[:80]
        return Caller(self.staff_id, actor, _SCOPES[self.role], self.office_id)


def install(app: Flask) -> None:
    manager.init_app(app)


def sign_in(person: Staff) -> None:
    """Open a session for `person` in this browser."""
    login_user(_value(person))


def sign_out() -> None:
    logout_user()


def person() -> SignedIn | None:
    """Who is signed in, if anybody."""
    found = current_user._get_current_object()
    return found if isinstance(found, SignedIn) else None


def caller_for(who: tuple[str, ...]) -> Caller:
    """The signed-in caller, when one of `who` ("staff", "role:NAME") lets them in."""
    signed_in = person()
    if signed_in is None:
        raise Unauthorized(N_("Sign in to go on."))
    if STAFF not in who and ROLE + signed_in.role not in who:
        raise Forbidden(N_("Your account may not do this. Ask an administrator."))
    return signed_in.caller


@manager.user_loader
def _load(session_id: str) -> SignedIn | None:
    staff_id, _, mark = session_id.partition(":")
    with runtime().database.read() as session:
        person = _active(session, staff_id)
        return _value(person) if person and _mark(person) == mark else None


def _active(session: Session, staff_id: str) -> Staff | None:
    person = session.get(Staff, staff_id)
    return person if person and person.active else None


def _value(person: Staff) -> SignedIn:
    return SignedIn(
        person.id,
        person.login,
        person.name,
        person.role,
        person.office_id,
        person.must_change_password,
        _mark(person),
    )


def _mark(person: Staff) -> str:
    return sha256(person.password_hash.encode()).hexdigest()[:12]
