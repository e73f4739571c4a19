"""Looking something up in the audit log."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from turnero_queue.models import AuditEntry


@dataclass(frozen=True)
class Query:
    """What to look for; an empty field does not narrow. Times are [since, until)."""

    actor: str = ""
    action: str = ""
    # In what an entry says, or one of the codes that the text means in words.
    text: str = ""
    meant: Collection[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    # Offices looked at; None is every entry, also those of no office.
    offices: Collection[str] | None = None


def search(
    session: Session, wanted: Query, limit: int, before: int | None = None
) -> list[AuditEntry]:
    """The newest entries first, those under number `before` when that is given."""
    query = _narrowed(select(AuditEntry), wanted)
    if before is not None:
        query = query.where(AuditEntry.seq < before)
    return list(session.scalars(query.order_by(AuditEntry.seq.desc()).limit(limit)))


def actions(session: Session, offices: Collection[str] | None = None) -> list[str]:
    """Every action that the log knows, of those offices or of all."""
    query = select(AuditEntry.action).distinct().order_by(AuditEntry.action)
    if offices is not None:
        query = query.where(AuditEntry.office_id.in_(offices))
    return list(session.scalars(query))


def _narrowed(query: Select[tuple[AuditEntry]], wanted: Query) -> Select[tuple[AuditEntry]]:
    if wanted.actor:
        query = query.where(AuditEntry.actor.icontains(wanted.actor, autoescape=True))
    if wanted.action:
        query = query.where(AuditEntry.action == wanted.action)
    if wanted.since:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until:
        query = query.where(AuditEntry.at < wanted.until)
    if wanted.offices is not None:
        query = query.where(AuditEntry.office_id.in_(wanted.offices))
    if wanted.text:
        columns = (
            AuditEntry.subject,
            AuditEntry.reason,
            AuditEntry.before,
            AuditEntry.after,
            AuditEntry.address,
        )
        said = [column.icontains(wanted.text, autoescape=True) for column in columns]
        query = query.where(or_(*said, AuditEntry.action.in_(wanted.meant)))
    return query
