"""Giving out what is held of somebody, and erasing it; both answered for in the audit log."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy import update as changing
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.errors import Invalid, NotFound
from turnero_core.i18n import N_, gettext
from turnero_hardware.models import PrintJob
from turnero_queue import audit
from turnero_queue.models import IdempotencyKey, Notice
from turnero_queue.notices.due import S
from turnero_queue.privacy import person, retention
from turnero_queue.privacy.measures import MEASURES
from turnero_queue.privacy.person import Found, Offices, Sought

HIDDEN = "…"
# What a person is given of each kind of row; the rest is of the machinery.
GIVEN = {
    "appointments": ("code", "state", "starts_at", "ends_at", "name", "email", "phone", "notes",
                     "language", "origin", "created_at"),
    "waiting-list": ("first", "last", "services", "name", "email", "phone", "created_at"),
    "receipts": ("kind", "point_of_sale", "number", "amount_minor", "currency", "payer_name",
                 "payer_document", "content", "issued_at"),
    "payments": ("state", "method", "amount_minor", "currency", "payer_name", "payer_document",
                 "payer_email", "created_at", "approved_at"),
    "certificates": ("code", "kind", "document", "issued_at", "valid_until", "revoked_at"),
    "ticket-notes": ("business_day", "prefix", "number", "state", "issued_at", "notes"),
    "notices": ("kind", "channel", "address", "data", "state", "created_at", "sent_at"),
    "slips": ("kind", "slip", "created_at", "printed_at"),
    "comments": ("week", "score", "text"),
}  # fmt: skip


def give_out(
    session: Session, who: Sought, now: datetime, *, actor: str, offices: Offices = None
) -> dict[str, Any]:
    """All that is held of a person, ready for JSON; that it was asked for is noted."""
    found = person.find(session, who, offices)
    given = {
        one.name: [
            {name: _plain(getattr(row, name)) for name in GIVEN[one.name]}
            for row in session.scalars(select(one.table).where(one.table.id.in_(ids)))
        ]
        for one in MEASURES
        if (ids := found.rows.get(one.name))
    }
    _note(session, "export.personal-data", who, found, actor, now)
    return {"made_at": clock.rfc3339(now), "asked_by": who.kind, "held": given}


def erase(
    session: Session,
    who: Sought,
    reason: str,
    now: datetime,
    *,
    actor: str,
    offices: Offices = None,
) -> Found:
    """Empty whatever tells of the person, before its days are over; gives what it was. Numbers,
    amounts and times stay. Invalid without a reason, NotFound when nothing is held."""
    why = hide(" ".join(reason.split()), who)
    if not why:
        raise Invalid(errors={"reason": [gettext(N_("Say why it is erased."))]})
    found = person.find(session, who, offices)
    if not found.total:
        raise NotFound(N_("Nothing is held of this person."))
    retention.really_gone(session)
    _stop(session, found)
    for one in MEASURES:
        if ids := found.rows.get(one.name):
            one.empty(session, ids)
    if offices is None:
        _forget_answers(session, who)
    session.expire_all()
    _note(session, "personal-data.erase", who, found, actor, now, why)
    return found


def hide(text: str, who: Sought) -> str:
    """`text` without what the person was sought by, for a log that cannot be erased."""
    for one in who.texts:
        text = text.replace(one, HIDDEN)
    return text


def _stop(session: Session, found: Found) -> None:
    """Nothing more is sent or printed to somebody who is to be forgotten."""
    notices = changing(Notice).where(
        Notice.id.in_(found.rows["notices"]), Notice.state.in_(("queued", S))
    )
    gone = {"state": "withdrawn", "claimed_by": None, "lease_until": None}
    session.execute(notices.values(gone).execution_options(synchronize_session=False))
    slips = changing(PrintJob).where(
        PrintJob.id.in_(found.rows["slips"]), PrintJob.state == "queued"
    )
    session.execute(slips.values(state="expired").execution_options(synchronize_session=False))


def _forget_answers(session: Session, who: Sought) -> None:
    """Answers kept for requests that are repeated: whoever repeats one is told of it anew."""
    for row in session.scalars(select(IdempotencyKey).where(IdempotencyKey.body.is_not(None))):
        if any(one in str(row.body) for one in who.texts):
            session.delete(row)
    session.flush()


def _note(
    session: Session,
    action: str,
    who: Sought,
    found: Found,
    actor: str,
    now: datetime,
    reason: str = "",
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"somebody, by {who.kind}",
        after=found.counts or None,
        reason=reason,
        now=now,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return clock.rfc3339(value)
    return value if isinstance(value, str | int | float | bool | dict | list | None) else str(value)
