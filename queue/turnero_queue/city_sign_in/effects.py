"""Who could not sign in any more, or not as before, if the settings of signing in were others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from turnero_queue.models import Staff, StaffRole
from turnero_queue.permissions import Role

PASSWORDS, GONE, ISSUER, ROLES = "passwords", "gone", "issuer", "roles"
Settings = Mapping[str, Any]


@dataclass(frozen=True)
class Effect:
    """`kind` is one of those above. `count` is how many accounts in use it touches; `never` how
    many of them have not signed in at the city's provider yet."""

    kind: str
    count: int
    never: int = 0


def effects(session: Session, before: Settings, after: Settings) -> list[Effect]:
    """What `after` would do to people in the place of `before`, both as they are configured."""
    return [effect for effect in _found(session, before, after) if effect.count]


def _found(session: Session, before: Settings, after: Settings) -> Iterator[Effect]:
    old, new = before.get("provider") or {}, after.get("provider") or {}
    if _only_administrators(after) and not _only_administrators(before):
        yield _passwords(session)
    if old and not new:
        yield Effect(GONE, _count(session, Staff.external_id.is_not(None)))
    if old and new and old["issuer"] != new["issuer"]:
        yield Effect(ISSUER, _count(session, Staff.external_id.is_not(None)))
    if _takes_roles(new) and not _takes_roles(old):
        yield Effect(ROLES, _count(session, Staff.id.in_(_administrators())))


def _passwords(session: Session) -> Effect:
    others = Staff.id.not_in(_administrators())
    never = _count(session, others, Staff.external_id.is_(None))
    return Effect(PASSWORDS, _count(session, others), never)


def _only_administrators(settings: Settings) -> bool:
    return settings.get("passwords") == "administrators"


def _takes_roles(provider: Settings) -> bool:
    """Whether roles follow groups of which none makes an administrator of all offices."""
    return bool(provider.get("follow_groups")) and not any(
        group["role"] == Role.ADMINISTRATOR and not group.get("office")
        for group in provider.get("groups", ())
    )


def _administrators() -> Any:
    return select(StaffRole.staff_id).where(StaffRole.role == Role.ADMINISTRATOR)


def _count(session: Session, *of: Any) -> int:
    return session.scalar(select(func.count(Staff.id)).where(Staff.active, *of)) or 0
