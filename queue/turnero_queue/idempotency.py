"""A request sent twice is done once: the first answer is kept with the effect it had."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_queue.models import IdempotencyKey

KEEP = timedelta(days=2)


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict[str, Any] | None


def fingerprint(method: str, path: str, body: object) -> str:
    """SHA-256 of what was asked, whatever the order of the body's keys."""
    asked = json.dumps([method, path, body], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(asked.encode()).hexdigest()


def claim(session: Session, caller: str, key: str, asked: str, now: datetime) -> Answer | None:
    """Take the key for this transaction, or give the answer that it already has.

    On PostgreSQL a second request waits here until the first has committed. Raises Invalid
    `idempotency-key-reused` when the key was used for something else.
    """
    _check_length(key)
    values = {
        "caller": caller,
        "key": key,
        "fingerprint": asked,
        "status": 0,
        "created_at": now,
    }
    dialect = session.get_bind().dialect.name
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    # What comes back tells whether it was taken: PostgreSQL's driver may not count inserted rows.
    taken = session.scalar(
        insert(IdempotencyKey)
        .values(**values)
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.key)
    )
    if taken is not None:
        return None
    return _first_answer(session, caller, key, asked)


def find(session: Session, caller: str, key: str, asked: str) -> Answer | None:
    """The answer that a key already has, without taking it; Invalid as `claim` is."""
    _check_length(key)
    known = select(IdempotencyKey.key).where(
        IdempotencyKey.caller == caller, IdempotencyKey.key == key
    )
    return _first_answer(session, caller, key, asked) if session.scalar(known) else None


def keep(session: Session, caller: str, key: str, answer: Answer) -> None:
    """Keep the answer in the transaction of its effect."""
    session.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.caller == caller, IdempotencyKey.key == key)
        .values(status=answer.status, body=answer.body)
        .execution_options(synchronize_session=False)
    )


def purge(session: Session, now: datetime) -> int:
    """Forget keys older than two days; gives how many."""
    gone = session.execute(
        delete(IdempotencyKey)
        .where(IdempotencyKey.created_at < now - KEEP)
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _check_length(key: str) -> None:
    if not 1 <= len(key) <= 64:
        raise Invalid(errors={"Idempotency-Key": [gettext(N_("Use 1 to 64 characters."))]})


def _first_answer(session: Session, caller: str, key: str, asked: str) -> Answer:
    row = session.execute(
        select(IdempotencyKey.fingerprint, IdempotencyKey.status, IdempotencyKey.body).where(
            IdempotencyKey.caller == caller, IdempotencyKey.key == key
        )
    ).one()
    if row.fingerprint != asked:
        raise Invalid(
            N_("This Idempotency-Key was used for another request. Use a new key for each."),
            slug="idempotency-key-reused",
            title=N_("Key used before"),
        )
    return Answer(row.status, row.body)
