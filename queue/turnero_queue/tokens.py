"""API tokens: shown once, stored as a hash, limited to scopes and perhaps to one office."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.orm import Session

from turnero_core.db import Base
from turnero_core.errors import Forbidden, Invalid, NotFound, TokenNeeded
from turnero_core.i18n import N_, gettext
from turnero_queue import audit
from turnero_queue.devices.codes import PREFIX as DEVICE_PREFIX
from turnero_queue.grants import Grants
from turnero_queue.models import ApiToken

SCOPES = ("tickets", "desks", "appointments", "payments", "devices", "statistics", "admin", "all")
PREFIX = "turnero_"
ELSEWHERE = N_("Your account works in another office. Ask an administrator.")
NOT_YOURS = N_("Your account may not do this. Ask an administrator.")
# Built once, for it runs in every request.
_TOKENS = Base.metadata.tables[ApiToken.__tablename__].c
_HOLDER = select(_TOKENS.id, _TOKENS.name, _TOKENS.scopes, _TOKENS.office_id).where(
    _TOKENS.hash == bindparam("hash"), _TOKENS.revoked_at.is_(None)
)


@dataclass(frozen=True)
class Caller:
    """Who is asking: a token with its scopes, and its office when limited to one; or a member
    of staff with their roles."""

    id: str
    actor: str
    scopes: frozenset[str]
    office_id: str | None
    grants: Grants | None = None

    def require_scope(self, *scopes: str) -> None:
        """Raise Forbidden unless the caller has one of `scopes` (or all)."""
        if not self.scopes & {*scopes, "all"}:
            raise Forbidden(
                N_("This needs a token with the scope %(scopes)s."), scopes=" / ".join(scopes)
            )

    def require_office(self, office_id: str) -> None:
        """Raise Forbidden unless the caller has anything to do with that office."""
        if self.grants is not None and not self.grants.present(office_id):
            raise Forbidden(ELSEWHERE)
        if self.office_id not in (None, office_id):
            raise Forbidden(N_("This token is for another office."))

    def can(self, permission: str, office_id: str | None = None) -> bool:
        """Whether a member of staff has a role for it (in that office); a token is limited by
        its scopes, which its route asks for, and by its office."""
        if self.grants is not None:
            return self.grants.can(permission, office_id)
        return office_id is None or self.office_id in (None, office_id)

    def require(self, permission: str, office_id: str | None = None) -> None:
        """Raise Forbidden unless the caller may do that (in that office)."""
        if not self.can(permission, office_id):
            raise Forbidden(ELSEWHERE if self.can(permission) else NOT_YOURS)


def create(
    session: Session,
    name: str,
    scopes: Iterable[str],
    now: datetime,
    office_id: str | None = None,
    *,
    actor: str = audit.SYSTEM,
) -> str:
    """Make a token and give its secret, which cannot be read again."""
    wanted = sorted(set(scopes))
    unknown = [scope for scope in wanted if scope not in SCOPES]
    if unknown or not wanted:
        said = gettext(N_("Use one of these: %(choices)s."), choices=", ".join(SCOPES))
        raise Invalid(errors={"scope": [said]})
    secret = PREFIX + secrets.token_urlsafe(32)
    session.add(
        ApiToken(
            name=name,
            hash=_hash(secret),
            scopes=wanted,
            office_id=office_id,
            created_at=now,
            revoked_at=None,
        )
    )
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="token.create",
        subject=f"token:{name}",
        office_id=office_id,
        after={"scopes": wanted},
        now=now,
    )
    return secret


def listed(session: Session) -> list[ApiToken]:
    return list(session.scalars(select(ApiToken).order_by(ApiToken.created_at)))


def revoke(session: Session, name_or_id: str, now: datetime, *, actor: str = audit.SYSTEM) -> int:
    """Refuse a token from now on; by its id or its name. NotFound when there is none in force."""
    tokens = session.scalars(
        select(ApiToken).where(
            (ApiToken.name == name_or_id) | (ApiToken.id == name_or_id),
            ApiToken.revoked_at.is_(None),
        )
    ).all()
    if not tokens:
        raise NotFound(N_("There is no token %(name)s in force."), name=name_or_id)
    for token in tokens:
        token.revoked_at = now
        audit.record(
            session,
            actor=actor,
            action="token.revoke",
            subject=f"token:{token.name}",
            office_id=token.office_id,
            now=now,
        )
    session.flush()
    return len(tokens)


def authenticate(database: Session | Connection, secret: str) -> Caller:
    """Who holds `secret`; TokenNeeded when nobody does any more, Forbidden for a device's."""
    if secret.startswith(DEVICE_PREFIX):
        raise Forbidden(N_("A device's token is good for that device's own work only."))
    row = database.execute(_HOLDER, {"hash": _hash(secret)}).one_or_none()
    if row is None:
        raise TokenNeeded(
            N_("The token is not known or was revoked. “turnero token create” makes another.")
        )
    return Caller(row.id, f"token:{row.name}"[:80], frozenset(row.scopes), row.office_id)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
