"""When each office gives appointments: read from the file, written to it, put into its table."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core.i18n import N_
from turnero_queue import models
from turnero_queue.availability import POOLS, QUANTUM_MINUTES, SHARED_GROUP
from turnero_queue.configuration import hours, scalars
from turnero_queue.configuration.items import Item
from turnero_queue.configuration.rows import alter
from turnero_queue.configuration.values import Availability, Names, Office

MOST = 60
LONGEST_SLOT, LONGEST_LEAD, FARTHEST = 480, 43_200, 366
# Key in the file -> attribute of Availability, in the file's order.
KEYS = {
    "code": "code",
    "name": "name",
    "services": "services",
    "pool": "pool",
    "hours": "hours",
    "slot_minutes": "slot_minutes",
    "desks": "desks",
    "seats": "seats",
    "group": "group",
    "desks_needed": "desks_needed",
    "buffer_minutes": "buffer_minutes",
    "lead_minutes": "lead_minutes",
    "horizon_days": "horizon_days",
    "from": "first",
    "to": "last",
    "every_weeks": "every_weeks",
    "except": "exceptions",
}
REQUIRED = ("code", "services", "hours", "slot_minutes")


def read(name: Callable[[Item], Names]) -> Callable[[Item], Availability]:
    def one(item: Item) -> Availability:
        found = item.fields(tuple(KEYS), REQUIRED)
        if "desks" in found.found and {"seats", "group"} & set(found.found):
            item.error(N_("has desks and seats: name the desks, or say how many seats"))
        if "every_weeks" in found.found and "from" not in found.found:
            item.error(N_("needs the date (from) whose week is the first"))
        first, last = found.maybe("from", Item.date), found.maybe("to", Item.date)
        if first and last and last < first:
            item.error(N_("ends (to) before it begins (from)"))
        value = Availability(
            code=found.get("code", scalars.code, ""),
            name=found.get("name", name, {}),
            services=found.get("services", _list(scalars.code), ()),
            hours=found.get("hours", _hours, {}),
            slot_minutes=found.get("slot_minutes", _steps(5, LONGEST_SLOT), 15),
            desks=found.get("desks", _list(scalars.desk_code), ()),
            first=first,
            last=last,
            exceptions=tuple(sorted(set(found.maybe("except", _dates) or ()))),
            seats=found.get("seats", partial(Item.integer, low=1, high=200), 1),
            group=found.get("group", scalars.code, SHARED_GROUP),
            pool=found.get("pool", partial(Item.choice, options=POOLS), POOLS[0]),
            every_weeks=found.get("every_weeks", partial(Item.integer, low=1, high=52), 1),
            buffer_minutes=found.get("buffer_minutes", _steps(0, LONGEST_SLOT), 0),
            lead_minutes=found.get(
                "lead_minutes", partial(Item.integer, low=0, high=LONGEST_LEAD), 60
            ),
            horizon_days=found.get("horizon_days", partial(Item.integer, low=0, high=FARTHEST), 60),
            desks_needed=found.get("desks_needed", partial(Item.integer, low=1, high=20), 1),
        )
        if (len(value.desks) or value.seats) < value.desks_needed:
            item.error(N_("needs more desks for one appointment than it has"))
        return value

    return one


def plain(value: Availability, names: Callable[[Names], dict[str, str]]) -> dict[str, Any]:
    """As the file writes it: only what differs from what would be taken without it."""
    usual = Availability("", (), {}, 0)
    written: dict[str, Any] = {}
    for key, attribute in KEYS.items():
        found = getattr(value, attribute)
        if key in REQUIRED or found != getattr(usual, attribute):
            written[key] = found
    written["hours"] = {days: list(spans) for days, spans in hours.grouped(value.hours).items()}
    if value.name:
        written["name"] = names(value.name)
    for key in ("services", "desks"):
        if key in written:
            written[key] = list(written[key])
    if value.exceptions:
        written["except"] = [day.isoformat() for day in value.exceptions]
    return written


def stored(session: Session) -> Mapping[str, list[Availability]]:
    """Office id -> what is in use there, in order."""
    found: dict[str, list[Availability]] = {}
    query = (
        select(models.Availability)
        .where(models.Availability.active)
        .order_by(models.Availability.position, models.Availability.code)
    )
    for row in session.scalars(query.execution_options(populate_existing=True)):
        found.setdefault(row.office_id, []).append(_of_row(row))
    return found


def place(session: Session, values: Sequence[Office], offices: Mapping[str, models.Office]) -> None:
    """Rows by office and code; one that is gone from the file is taken out of use."""
    rows = {(row.office_id, row.code): row for row in session.scalars(select(models.Availability))}
    wanted = {
        (offices[office.code].id, value.code): {**_columns(value), "position": position}
        for office in values
        for position, value in enumerate(office.availability)
    }
    for key, row in rows.items():
        if key not in wanted:
            alter(row, {"active": False})
    for (office_id, code), columns in wanted.items():
        if (office_id, code) in rows:
            alter(rows[office_id, code], {**columns, "active": True})
        else:
            session.add(models.Availability(office_id=office_id, **columns))


def retired(session: Session) -> set[tuple[str, str]]:
    query = select(models.Office.code, models.Availability.code).join(
        models.Availability, models.Availability.office_id == models.Office.id
    )
    rows = session.execute(query.where(~models.Availability.active))
    return {("availability", f"{office}/{code}") for office, code in rows}


def _columns(value: Availability) -> dict[str, Any]:
    columns = {attribute: getattr(value, attribute) for attribute in KEYS.values()}
    return {
        **columns,
        "name": dict(value.name),
        "services": list(value.services),
        "desks": list(value.desks),
        "hours": {day: list(spans) for day, spans in value.hours.items()},
        "exceptions": [day.isoformat() for day in value.exceptions],
    }


def _of_row(row: models.Availability) -> Availability:
    values = {attribute: getattr(row, attribute) for attribute in KEYS.values()}
    return Availability(
        **{
            **values,
            "services": tuple(row.services),
            "desks": tuple(row.desks),
            "hours": hours.canonical(row.hours),
            "exceptions": tuple(date.fromisoformat(day) for day in row.exceptions),
        }
    )


def _list(read: Callable[[Item], str]) -> Callable[[Item], tuple[str, ...]]:
    return partial(Item.each, read=read, limit=MOST, least=1)


def _steps(low: int, high: int) -> Callable[[Item], int]:
    def one(item: Item) -> int:
        minutes = item.integer(low, high)
        if minutes % QUANTUM_MINUTES:
            item.error(N_("must be a multiple of %(step)s minutes"), step=QUANTUM_MINUTES)
        return minutes

    return one


def _hours(item: Item) -> Mapping[str, tuple[str, ...]]:
    found = hours.read(item)
    if any(
        int(clock[-2:]) % QUANTUM_MINUTES
        for spans in found.values()
        for span in spans
        for clock in span.split("-")
    ):
        item.error(N_("must begin and end at a multiple of %(step)s minutes"), step=QUANTUM_MINUTES)
    return found


def _dates(item: Item) -> tuple[date, ...]:
    return item.each(Item.date, limit=366)
