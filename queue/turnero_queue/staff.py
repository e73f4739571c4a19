"""Staff accounts: who may sign in, with what password, and when too many guesses lock it."""

import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.errors import Conflict, Invalid, NotFound, Unauthorized
from turnero_core.i18n import N_, gettext
from turnero_queue import audit, sessions
from turnero_queue.models import Staff, StaffRole
from turnero_queue.permissions import Role

ROLES = tuple(role.value for role in Role)
ATTEMPTS = 5
PUBLIC = "public"
LOCKED_FOR = timedelta(minutes=5)
PASSWORD_MINIMUM = 10
USE_PROVIDER = N_("Sign in with the city's account: passwords are for administrators here.")
# Without the letters and digits that are mistaken for each other on paper.
_LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"
_hasher = PasswordHasher()
# What an unknown login is compared with, so that it takes as long as a known one.
_nobody = _hasher.hash(secrets.token_urlsafe(16))


def is_password(person: Staff, password: str) -> bool:
    """Whether that is this person's password."""
    return _matches(person.password_hash, password)


def random_password() -> str:
    """A password to print once: four groups of four, about 79 bits."""
    groups = ("".join(secrets.choice(_LEGIBLE) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def create(
    session: Session,
    login: str,
    password: str,
    now: datetime,
    *,
    name: str,
    role: str | None,
    office_id: str | None = None,
    language: str | None = None,
    must_change_password: bool = True,
    actor: str = audit.SYSTEM,
    like: Staff | None = None,
) -> Staff:
    """Make an account on behalf of `actor`, with a role in one office, in all, or without any.

    `like` is somebody known to have the same password: hashing is slow on purpose, and is done
    once for them all. Invalid when a field cannot be used, Conflict when the login is taken.
    """
    login = _tidy(login)
    _check(login, password, role)
    if find(session, login) is not None:
        raise Conflict(N_("There is already an account %(login)s."), login=login)
    person = Staff(
        login=login,
        name=name,
        password_hash=like.password_hash if like else _hasher.hash(password),
        must_change_password=must_change_password,
        language=language,
        created_at=now,
    )
    if role is not None:
        person.roles.append(StaffRole(role=role, office_id=office_id))
    session.add(person)
    session.flush()
    after = {"name": name, "role": role}
    audit.record(
        session,
        actor=actor,
        action="staff.create",
        subject=actor_of(person),
        office_id=office_id,
        after=after,
        now=now,
    )
    return person


def actor_of(person: Staff) -> str:
    """How histories and the audit log name a member of staff."""
    return f"staff:{person.login}"[:80]


def find(session: Session, login: str) -> Staff | None:
    return session.scalar(select(Staff).where(Staff.login == _tidy(login)))


def by_login(session: Session, login: str) -> Staff:
    person = find(session, login)
    if person is None:
        raise NotFound(N_("There is no account %(login)s."), login=_tidy(login))
    return person


def administrators(session: Session) -> int:
    """How many people can still administer the whole system."""
    query = (
        select(func.count(Staff.id.distinct()))
        .join(StaffRole)
        .where(StaffRole.role == Role.ADMINISTRATOR, StaffRole.office_id.is_(None), Staff.active)
    )
    return session.scalar(query) or 0


def authenticate(
    session: Session,
    login: str,
    password: str,
    now: datetime,
    *,
    may: Callable[[Session, Staff], bool] = lambda _session, _person: True,
) -> Staff | Unauthorized:
    """Who signs in, or the refusal to show; with the right password also when it says that `may`
    does not let this person use one.

    With a second factor the sign-in is not over yet, see `second_factor.confirm`.
    The refusal is given, not raised, because the failed attempt must be committed. It is the
    same, and takes as long, whether the login is unknown, locked or only the password wrong.
    """
    person = find(session, login)
    right = _matches(person.password_hash if person else _nobody, password)
    if person is None or (stopped := why_not(person, now)):
        return refuse(session, person, now, stopped if person else "unknown login")
    if not right:
        count_failure(session, person, now)
        return refuse(session, person, now, "wrong password")
    if not may(session, person):
        refuse(session, person, now, "passwords are for administrators")
        return Unauthorized(USE_PROVIDER, slug="use-city-sign-in", title=N_("Not signed in"))
    if person.totp_secret is None:
        welcome(session, person, now)
    if _hasher.check_needs_rehash(person.password_hash):
        person.password_hash = _hasher.hash(password)
    return person


def change_password(session: Session, person: Staff, current: str, new: str) -> None:
    """Set a password chosen by its owner. Invalid names the field that is wrong."""
    if not _matches(person.password_hash, current):
        raise Invalid(errors={"current": [gettext(N_("This is not your password."))]})
    wrong = _password_problem(new)
    if not wrong and new == current:
        wrong = gettext(N_("Choose another than the present one."))
    if wrong:
        raise Invalid(errors={"new": [wrong]})
    _set_password(session, person, new, must_change=False)
    _note(session, person, "password.change", clock.now())


def reset_password(session: Session, person: Staff, *, actor: str = audit.SYSTEM) -> str:
    """Give an account a random password, to be changed at the next sign-in, and unlock it."""
    password = random_password()
    _set_password(session, person, password, must_change=True)
    _note(session, person, "password.reset", clock.now(), actor)
    return password


def _set_password(session: Session, person: Staff, password: str, *, must_change: bool) -> None:
    person.password_hash = _hasher.hash(password)
    person.must_change_password = must_change
    sessions.revoke_all(session, person.id, clock.now())
    _forget_failures(session, person)
    session.flush()


def count_failure(session: Session, person: Staff, now: datetime) -> None:
    """In SQL, so that guesses made at once are all counted."""
    failures = Staff.failed_attempts + 1
    session.execute(update(Staff).where(Staff.id == person.id).values(failed_attempts=failures))
    session.refresh(person)
    if person.failed_attempts >= ATTEMPTS:
        person.failed_attempts = 0
        person.locked_until = now + LOCKED_FOR
        session.flush()
        _note(session, person, "sign-in.locked", now, PUBLIC)


def welcome(session: Session, person: Staff, now: datetime, by: str = "password") -> None:
    """Somebody is in, with everything that is asked for: earlier wrong guesses are forgotten."""
    _forget_failures(session, person)
    who = actor_of(person)
    audit.record(session, actor=who, action="sign-in", subject=who, after={"by": by}, now=now)


def unlock(session: Session, person: Staff, now: datetime, *, actor: str) -> None:
    """Let somebody try again before the lock-out is over."""
    _forget_failures(session, person)
    _note(session, person, "staff.unlock", now, actor)


def why_not(person: Staff, now: datetime) -> str:
    """Why nobody signs in with this account now, for the audit log; empty when they may."""
    if not person.active:
        return "not in use"
    return "locked" if is_locked(person, now) else ""


def set_email(session: Session, person: Staff, email: str, now: datetime, *, actor: str) -> None:
    """By what the city's provider knows somebody; empty for nothing. Invalid, or Conflict when it
    is another account's."""
    wanted = email.strip().lower() or None
    if wanted == person.email:
        return
    if wanted and not re.fullmatch(r"[^@\s]{1,64}@[^@\s]{1,189}", wanted):
        raise Invalid(N_("This is not an e-mail address. Write it like ana@example.com."))
    other = select(Staff.id).where(Staff.email == wanted, Staff.id != person.id)
    if wanted and session.scalar(other) is not None:
        raise Conflict(N_("Another account has this address."))
    person.email = wanted
    session.flush()
    _note(session, person, "staff.email", now, actor)


def refuse(session: Session, person: Staff | None, now: datetime, why: str) -> Unauthorized:
    """The refusal, noted. An unknown login is not kept: it may well be somebody's password."""
    audit.record(
        session,
        actor=PUBLIC,
        action="sign-in.refused",
        subject=actor_of(person) if person else "unknown login",
        reason=why,
        now=now,
    )
    return _refusal()


def _note(
    session: Session, person: Staff, action: str, now: datetime, actor: str | None = None
) -> None:
    who = actor_of(person)
    audit.record(session, actor=actor or who, action=action, subject=who, now=now)


def _forget_failures(session: Session, person: Staff) -> None:
    person.failed_attempts = 0
    person.locked_until = None
    session.flush()


def is_locked(person: Staff, now: datetime) -> bool:
    return person.locked_until is not None and now < person.locked_until


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except VerifyMismatchError:
        return False


def _refusal() -> Unauthorized:
    return Unauthorized(
        N_(
            "The login or the password is wrong. After five wrong passwords an account waits "
            "five minutes."
        ),
        slug="wrong-login",
        title=N_("Not signed in"),
    )


def _tidy(login: str) -> str:
    return login.strip().lower()


def _check(login: str, password: str, role: str | None) -> None:
    errors = {}
    if not re.fullmatch(r"[a-z0-9][a-z0-9._@+-]{1,79}", login):
        errors["login"] = [gettext(N_("Use 2 to 80 letters a to z, digits or . _ @ + -"))]
    if problem := _password_problem(password):
        errors["password"] = [problem]
    if role is not None and role not in ROLES:
        errors["role"] = [", ".join(ROLES)]
    if errors:
        raise Invalid(errors=errors)


def _password_problem(password: str) -> str:
    if len(password) < PASSWORD_MINIMUM:
        return gettext(N_("Use at least %(n)s characters."), n=PASSWORD_MINIMUM)
    return ""
