"""The outbox: a message is put in it by the transaction of the event that it tells of."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, make_transient_to_detached

from turnero_core import live, sealed
from turnero_core.db import Base
from turnero_core.ids import new_id
from turnero_queue.models.catalogue import Municipality
from turnero_queue.models.notices import Channel, Notice, NoticeState
from turnero_queue.notices import kinds
from turnero_queue.notices.contacts import Contact
from turnero_queue.notices.settings import domain_of

# Announced when something may be due, and when a notice's state changed.
TOPIC = "notices"
_NOTICES = Base.metadata.tables[Notice.__tablename__]
# Built once: building a statement costs more than running it.
_INSERT = {
    name: insert(_NOTICES).on_conflict_do_nothing(index_elements=["key"]).returning(_NOTICES.c.id)
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
OPEN = (NoticeState.QUEUED, NoticeState.SENDING)


def enqueue(
    session: Session,
    kind: str,
    *,
    key: str,
    to: Contact,
    data: Mapping[str, Any] | kinds.NoticeData,
    now: datetime,
    subject_id: str | None = None,
    send_at: datetime | None = None,
    office_id: str | None = None,
) -> Notice | None:
    """Have `to` told of one event, once: None when `key` was used before, or nobody can be told.

    It goes by e-mail when there is an address, else to the telephone. ValueError when `data` is
    not what `kind` needs or an address would break out of its line.
    """
    content = kinds.read(kind, data)
    address = to.email or to.phone
    if not address:
        return None
    if not address.isprintable() or any(letter.isspace() for letter in address):
        raise ValueError("an address is one printable word")
    where = session.get(Municipality, 1)
    settings = dict(where.notices) if where else {}
    values = {
        "id": new_id(),
        "key": key,
        "kind": kind,
        "channel": _channel(to, settings),
        "subject_id": subject_id,
        "office_id": office_id,
        "address": address,
        "address_digest": sealed.digest(address.lower()),
        "language": to.language,
        "data": json.dumps(asdict(content), ensure_ascii=False),
        "message_id": f"<{sealed.digest('notice ' + key)[:40]}@{domain_of(settings)}>",
        "next_try": max(send_at or now, now),
        "created_at": now,
    }
    if session.scalar(_INSERT[session.get_bind().dialect.name], values) is None:
        return None
    live.announce(session, TOPIC, 0, "due", {})
    notice = Notice(**values)
    # The row is written: from here on the session knows it as if it had read it.
    make_transient_to_detached(notice)
    session.add(notice)
    return notice


def withdraw(
    session: Session,
    *,
    now: datetime,
    key_prefix: str | None = None,
    subject_id: str | None = None,
) -> int:
    """Send nothing more of what matches all that is given; how many were withdrawn.

    One that is on its way at this moment may still arrive, and is then noted as sent.
    """
    wanted: list[ColumnElement[bool]] = []
    if key_prefix:
        wanted.append(Notice.key.startswith(key_prefix, autoescape=True))
    if subject_id:
        wanted.append(Notice.subject_id == subject_id)
    if not wanted:
        raise ValueError("withdraw needs a key_prefix or a subject_id")
    open_states = Notice.state.in_(OPEN)
    found = session.scalars(select(Notice.id).where(open_states, *wanted)).all()
    done = session.scalars(
        update(Notice)
        .where(Notice.id.in_(found), open_states)
        .values(state=NoticeState.WITHDRAWN, claimed_by=None, lease_until=None, next_try=now)
        .returning(Notice.id)
    ).all()
    if done:
        live.announce(session, TOPIC, 0, "withdrawn", {})
    return len(done)


def _channel(to: Contact, settings: Mapping[str, Any]) -> Channel:
    if to.email:
        return Channel.EMAIL
    # SMS reaches every telephone; WhatsApp is for who has nothing else to send with.
    whatsapp = Channel.WHATSAPP in settings and Channel.SMS not in settings
    return Channel.WHATSAPP if whatsapp else Channel.SMS


def content_of(notice: Notice) -> kinds.NoticeData:
    """What the message tells; ValueError when it was forgotten or is not of its kind."""
    return kinds.read(notice.kind, json.loads(notice.data or "{}"))
