"""The second factor of signing in: codes of an authenticator (RFC 6238), and codes on paper."""

import hashlib
import secrets
from datetime import datetime

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_queue import audit, staff
from turnero_queue.catalogue import Catalogue
from turnero_queue.grants import Grants
from turnero_queue.models import Staff, StaffBackupCode
from turnero_queue.permissions import Role

STEP_S = 30
# A clock may be one step off in either direction.
WINDOW = 1
BACKUP_CODES = 8
# Who must have one, by the rule `second_factor_required`.
REQUIRED: tuple[frozenset[Role], ...] = (
    frozenset(),
    frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
    frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.SUPERVISOR, Role.CASHIER}),
    frozenset(Role),
)


def new_secret() -> str:
    return str(pyotp.random_base32())


def address(secret: str, login: str, issuer: str) -> str:
    """What the QR code says to an authenticator."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer))


def enrol(session: Session, person: Staff, secret: str, code: str, now: datetime) -> list[str]:
    """Make `secret` the account's second factor, proved by a first code; gives the codes to keep
    on paper, which are not shown again. Invalid when the code is not right."""
    step = _step_of(secret, code, now)
    if step is None:
        raise Invalid(errors={"code": [gettext(N_("This is not the code shown now."))]})
    person.totp_secret, person.totp_step = secret, step
    codes = _new_backup_codes(session, person)
    _note(session, person, "second-factor.enrol", now)
    return codes


def remove(session: Session, person: Staff, now: datetime, *, actor: str) -> None:
    """Take the second factor away, when its owner lost it."""
    person.totp_secret = person.totp_step = None
    session.execute(delete(StaffBackupCode).where(StaffBackupCode.staff_id == person.id))
    session.flush()
    _note(session, person, "second-factor.remove", now, actor)


def confirm(session: Session, person: Staff, code: str, now: datetime) -> bool:
    """Whether `code` completes the sign-in. Each works once; a wrong one counts as a guess."""
    if stopped := staff.why_not(person, now):
        staff.refuse(session, person, now, stopped)
        return False
    plain = "".join(code.split()).replace("-", "").lower()
    if not (_use_step(session, person, plain, now) or _use_backup(session, person, plain, now)):
        staff.count_failure(session, person, now)
        staff.refuse(session, person, now, "wrong second factor")
        return False
    staff.welcome(session, person, now, "second factor")
    return True


def backup_codes_left(session: Session, person_id: str) -> int:
    query = select(func.count()).where(
        StaffBackupCode.staff_id == person_id, StaffBackupCode.used_at.is_(None)
    )
    return session.scalar(query) or 0


def is_required(catalogue: Catalogue, grants: Grants) -> bool:
    """Whether a role held in some office needs a second factor there."""
    return any(
        grant.office_id in (None, office.id)
        and grant.role in REQUIRED[min(office.rules.second_factor_required, len(REQUIRED) - 1)]
        for grant in grants.given
        for office in catalogue.offices
    )


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step that a code is of, when that is now or next to it."""
    present = int(now.timestamp()) // STEP_S
    totp = pyotp.TOTP(secret)
    for step in range(present - WINDOW, present + WINDOW + 1):
        if secrets.compare_digest(totp.generate_otp(step).encode(), code.strip().encode()):
            return step
    return None


def _use_step(session: Session, person: Staff, code: str, now: datetime) -> bool:
    """Compare-and-set, so that of two who send the same code at once only one gets in."""
    step = _step_of(person.totp_secret, code, now) if person.totp_secret else None
    if step is None:
        return False
    changed = session.execute(
        update(Staff)
        .where(Staff.id == person.id, func.coalesce(Staff.totp_step, 0) < step)
        .values(totp_step=step)
    )
    return changed.rowcount == 1  # type: ignore[attr-defined, no-any-return]


def _use_backup(session: Session, person: Staff, code: str, now: datetime) -> bool:
    changed = session.execute(
        update(StaffBackupCode)
        .where(
            StaffBackupCode.staff_id == person.id,
            StaffBackupCode.hash == _hash(code),
            StaffBackupCode.used_at.is_(None),
        )
        .values(used_at=now)
    )
    return changed.rowcount == 1  # type: ignore[attr-defined, no-any-return]


def _new_backup_codes(session: Session, person: Staff) -> list[str]:
    session.execute(delete(StaffBackupCode).where(StaffBackupCode.staff_id == person.id))
    codes = [staff.random_password()[:9] for _ in range(BACKUP_CODES)]
    session.add_all(
        StaffBackupCode(staff_id=person.id, hash=_hash(code.replace("-", ""))) for code in codes
    )
    session.flush()
    return codes


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _note(
    session: Session, person: Staff, action: str, now: datetime, actor: str | None = None
) -> None:
    who = staff.actor_of(person)
    audit.record(session, actor=actor or who, action=action, subject=who, now=now)
