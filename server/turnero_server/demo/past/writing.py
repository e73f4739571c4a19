"""Writes made-up days into the tables, in bulk."""

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from turnero_core.db import Base, Database
from turnero_core.ids import new_id
from turnero_queue import catalogue, models, sequence
from turnero_server.demo.past.day import Day, Values
from turnero_server.demo.past.habits import Habits
from turnero_server.demo.past.living import live

_TABLES = {
    kind: Base.metadata.tables[kind.__tablename__]
    for kind in (models.Ticket, models.TicketEvent, models.DeskEvent)
}


def fill(
    database: Database,
    tickets: int,
    days: Sequence[date],
    *,
    seed: int = 1,
    plain: float = 0.1,
    offices: Sequence[str] = (),
) -> int:
    """Tickets on `days` in the offices; `plain` of them with events that say little, as of old.

    Whoever is there at the end of the last day stays there. Gives how many were made.
    """
    with database.read() as session:
        configured = catalogue.current(session)
    chosen = [office for office in configured.offices if not offices or office.code in offices]
    each = tickets / (len(chosen) * len(days))
    made = 0
    for office in chosen:
        for day in days:
            dice = random.Random(f"{seed} {office.code} {day}")  # noqa: S311 - nothing secret
            many = max(1, round(each * dice.uniform(0.8, 1.2)))
            past = Day(office, day, many, configured.priorities, Habits(), dice, plain)
            live(past, stay=day == days[-1])
            with database.write() as session:
                write(session, past)
            made += len(past.tickets)
    return made


def weekdays(last: date, how_many: int) -> list[date]:
    """The last so many days, from Monday to Friday, up to `last`."""
    days = (last - timedelta(days=back) for back in range(how_many * 2 + 7))
    return sorted([day for day in days if day.weekday() < 5][:how_many])


def write(session: Session, past: Day) -> None:
    """Put a day's tickets and events after whatever its office has."""
    held = sequence.hold(session, past.office.id, datetime.max.replace(tzinfo=UTC))
    rows: dict[Any, list[Values]] = defaultdict(list)
    first_of: dict[str, int] = {}
    for seq, (at, _, kind, values) in enumerate(sorted(past.happened, key=_when), held.seq + 1):
        ticket = values.get("ticket_id")
        if ticket is not None:
            first_of.setdefault(ticket, seq)
        rows[kind].append({"id": new_id(), "office_id": past.office.id, "seq": seq, **values})
        last, newest = seq, at
    rows[models.Ticket] = [
        {**turn.row, "seq": first_of[turn.row["id"]], "state": turn.state} for turn in past.tickets
    ]
    for kind in (models.Ticket, models.TicketEvent, models.DeskEvent):
        session.execute(insert(_TABLES[kind]), rows[kind])
    mine = models.OfficeSequence.office_id == past.office.id
    session.execute(update(models.OfficeSequence).where(mine).values(seq=last, last_at=newest))


def _when(happening: tuple[datetime, int, Any, Values]) -> tuple[datetime, int]:
    return happening[:2]
