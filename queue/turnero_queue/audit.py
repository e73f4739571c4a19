"""The audit log: append-only, gap-free, every entry hashed together with the one before it.

Never put personal data of citizens here: it cannot be erased afterwards. A subject names a
thing by its code or id ("ticket:R012", "staff:rosa"). Values under keys that sound like a
secret are left out, whoever passes them.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from turnero_core import discreet
from turnero_core.db import Base
from turnero_core.i18n import N_, gettext
from turnero_queue.models.audit import AuditEntry, AuditHead

START = "0" * 64
SYSTEM = "system"
HIDDEN = "***"
MISSING = N_("entry %(seq)s is missing")
UNLINKED = N_("entry %(seq)s does not follow the one before")
CHANGED = N_("entry %(seq)s was changed")
CUT = N_("the entries from %(seq)s on were cut off")
BATCH = 1000
_PENDING = "audit"
_SECRET = re.compile(r"passw|secret|token|api_?key|private|credential|totp|hash", re.IGNORECASE)
_SIGNED_IN_ADDRESS = re.compile(r"(?<=://)[^/@\s]+(?=@)")
_ENTRIES = Base.metadata.tables[AuditEntry.__tablename__]
_HEAD = Base.metadata.tables[AuditHead.__tablename__]
_CONTENT = (
    "seq", "at", "actor", "action", "subject", "office_id",
    "before", "after", "reason", "address", "previous",
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """What a look at the whole chain found; `broken_at` is the first entry that is not right."""

    entries: int
    head: str
    broken_at: int | None = None
    problem: str = ""

    @property
    def whole(self) -> bool:
        return not self.problem

    def sentence(self) -> str:
        """What is wrong, in the reader's language; empty when nothing is."""
        return gettext(self.problem, seq=self.broken_at) if self.problem else ""


def record(
    session: Session,
    *,
    actor: str,
    action: str,
    subject: str = "",
    office_id: str | None = None,
    before: Any = None,
    after: Any = None,
    reason: str = "",
    address: str = "",
    now: datetime,
) -> None:
    """Add an entry, written when `session` commits and gone when it does not.

    Without `address` it is the one that the request's unit of work came from. The chain is
    held for the moment of the commit only, so that entries neither wait nor deadlock.
    """
    if not session.get_bind().get_execution_options().get("turnero_write"):
        raise RuntimeError("an entry of the audit log needs a unit of work that writes")
    entry = {
        "at": now.astimezone(UTC),
        "actor": _text(actor, 80),
        "action": _text(action, 60),
        "subject": _text(subject, 200),
        "office_id": office_id,
        "before": _json(before),
        "after": _json(after),
        "reason": _text(discreet.struck(reason), 500),
        "address": _text(address or session.info.get("address", ""), 64),
    }
    session.info.setdefault(_PENDING, []).append(entry)
    if session.in_nested_transaction():
        write(session)


def write(session: Session) -> None:
    """Put what was recorded so far into the chain; a commit does it by itself."""
    pending = session.info.pop(_PENDING, [])
    if not pending:
        return
    seq, previous = _hold(session)
    for entry in pending:
        seq += 1
        row = {"seq": seq, "previous": previous, **entry}
        previous = row["hash"] = digest(row)
        session.execute(insert(_ENTRIES).values(**row))
    session.execute(update(_HEAD).values(seq=seq, hash=previous))


def verify(session: Session, since: int = 0) -> Finding:
    """Walk the chain; tells the first entry changed, missing or cut off, if any.

    With `since` only what comes after that entry is looked at, for a quick look.
    """
    write(session)
    start = session.scalar(select(_ENTRIES.c.hash).where(_ENTRIES.c.seq == since))
    seq, previous = (since, start) if start else (0, START)
    for row in _rows(session, seq):
        seq += 1
        if row["seq"] != seq:
            return Finding(seq - 1, previous, seq, MISSING)
        if row["previous"] != previous:
            return Finding(seq - 1, previous, seq, UNLINKED)
        if row["hash"] != digest(row):
            return Finding(seq - 1, previous, seq, CHANGED)
        previous = row["hash"]
    head = session.execute(select(_HEAD.c.seq, _HEAD.c.hash)).one_or_none()
    if (head.seq, head.hash) != (seq, previous) if head else seq:
        return Finding(seq, previous, seq + 1, CUT)
    return Finding(seq, previous)


def digest(row: Mapping[str, Any]) -> str:
    """The SHA-256 over a row's content and the hash before it, as 64 hex digits."""
    content = {name: row[name] for name in _CONTENT}
    content["at"] = content["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def last_seq(session: Session) -> int:
    """The number of the last entry; 0 before the first."""
    return session.scalar(select(_HEAD.c.seq)) or 0


def _rows(session: Session, last: int) -> Iterator[Mapping[str, Any]]:
    """All of them in order, a batch at a time."""
    query = select(_ENTRIES).order_by(_ENTRIES.c.seq).limit(BATCH)
    while batch := session.execute(query.where(_ENTRIES.c.seq > last)).mappings().all():
        yield from (dict(row) for row in batch)
        last = batch[-1]["seq"]


def _hold(session: Session) -> tuple[int, str]:
    """The head, locked until the transaction ends; the first entry ever makes it."""
    query = select(_HEAD.c.seq, _HEAD.c.hash).with_for_update()
    head = session.execute(query).one_or_none()
    if head is None:
        engine = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        first = engine.insert(_HEAD).values(id=1, seq=0, hash=START)
        session.execute(first.on_conflict_do_nothing())
        head = session.execute(query).one()
    return head.seq, head.hash


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def _json(value: Any) -> str | None:
    return None if value is None else _text(_canonical(_shown(value)), None)


def _shown(value: Any, key: str = "") -> Any:
    """`value` without its secrets: those named so, and those inside an address."""
    if isinstance(value, Mapping):
        return {str(name): _shown(entry, str(name)) for name, entry in value.items()}
    if _SECRET.search(key) and value is not None and not isinstance(value, bool):
        return HIDDEN
    if isinstance(value, list | tuple | set | frozenset):
        return [_shown(entry) for entry in value]
    return _SIGNED_IN_ADDRESS.sub(HIDDEN, value) if isinstance(value, str) else value


def _text(value: str, longest: int | None) -> str:
    clean = value.replace("\x00", "").encode("utf-8", "replace").decode()
    return clean[:longest]


@event.listens_for(Session, "before_commit")
def _write_at_commit(session: Session) -> None:
    if not session.in_nested_transaction():
        write(session)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_PENDING, None)
