"""The public dataset: counts and times of a day by office, service and hour, nobody among them.

Small groups are left out, and so is whatever would tell them: see `shown`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.errors import NotFound
from turnero_core.i18n import N_, language_of, pick
from turnero_core.spreadsheet import csv_text
from turnero_queue import models
from turnero_queue.catalogue import Catalogue, Office

# Groups of fewer people are never shown, nor a number from which one would follow.
FEWEST = 5
Class = Literal["open", "restricted", "sensitive"]
_TABLE = models.StatisticHour


@dataclass(frozen=True)
class Column:
    """`meaning` and `kept` are message ids; `kept` is why a column is not in the dataset, empty for
    those that are."""

    name: str
    kind: str
    level: Class
    meaning: str
    kept: str = ""


COLUMNS = (
    Column("date", "date", "open", N_("Local day of the office, as YYYY-MM-DD.")),
    Column("office", "text", "open", N_("Code of the office.")),
    Column("office_name", "text", "open", N_("Name of the office.")),
    Column("service", "text", "open", N_("Code of the service that people came for.")),
    Column("service_name", "text", "open", N_("Name of the service.")),
    Column("hour", "integer", "open", N_("Local hour in which they took their turn, 0 to 23.")),
    Column("people", "integer", "open", N_("How many took a turn.")),
    Column(
        "attended",
        "integer",
        "open",
        N_(
            "How many of them were attended to the end; empty when they, or the others, are too "
            "few."
        ),
    ),
    Column(
        "mean_wait_minutes",
        "integer",
        "open",
        N_("Mean wait of those called, to the nearest minute; empty when they are too few."),
    ),
    Column(
        "mean_attention_minutes",
        "integer",
        "open",
        N_("Mean time of attention, to the nearest minute; empty when those attended are too few."),
    ),
    Column(
        "desk",
        "text",
        "restricted",
        N_("Desk that attended."),
        N_(
            "With the hour it tells who attended; for the city's own programs (view bi_desk_hours)."
        ),
    ),
    Column(
        "origin",
        "text",
        "restricted",
        N_("Where the turn was taken."),
        N_("It makes the groups too small; for the city's own programs (view bi_hours)."),
    ),
    Column(
        "priority",
        "text",
        "sensitive",
        N_("Class of priority."),
        N_("It may tell a disability, a pregnancy or an age."),
    ),
    Column("staff", "text", "sensitive", N_("Who attended."), N_("It is a person's work.")),
    Column(
        "ticket",
        "text",
        "sensitive",
        N_("Number, times and history of one turn."),
        N_("Whoever saw somebody with the slip would know their visit."),
    ),
)
PUBLISHED = tuple(column.name for column in COLUMNS if not column.kept)


@dataclass(frozen=True)
class Group:
    """The people of one office, service and hour, added up."""

    office: str
    service: str
    hour: int
    people: int
    attended: int
    called: int
    wait_s: int
    attention_s: int


def publishing(configured: Catalogue) -> list[Office]:
    """The offices whose rules open their dataset to everybody; NotFound when none does."""
    found = [office for office in configured.offices if office.rules.open_data_published]
    if not found:
        raise NotFound(N_("This municipality does not publish its data here."))
    return found


def days(session: Session, configured: Catalogue, now: datetime) -> list[date]:
    """The days that there is a dataset of, the newest first: those that are over everywhere."""
    offices = publishing(configured)
    mine = (_TABLE.day < _today(offices, now), _of(offices))
    query = select(_TABLE.day).where(*mine).distinct().order_by(_TABLE.day.desc())
    return list(session.scalars(query))


def dataset(
    session: Session, configured: Catalogue, day: date, now: datetime
) -> list[dict[str, object]]:
    """The rows of a day, each with the columns PUBLISHED; NotFound when it is not over yet."""
    offices = publishing(configured)
    if day >= _today(offices, now):
        raise NotFound(N_("There is no dataset of that day yet."))
    names = _Names(configured)
    return [names.row(day, group) for group in shown(_groups(session, offices, day))]


def csv(rows: Iterable[dict[str, object]]) -> str:
    return csv_text(PUBLISHED, ([row[name] for name in PUBLISHED] for row in rows))


def shown(groups: Sequence[Group]) -> list[Group]:
    """The groups that may be seen.

    Those of fewer than FEWEST people are hidden. So that none follows from a total that somebody
    knows, the hidden groups of one office and service, and those of one office and hour, are at
    least two with at least FEWEST people together: else the smallest of the others goes too.
    """
    hidden = {group for group in groups if group.people < FEWEST}
    while more := {found for line in _lines(groups) for found in _too_plain(line, hidden)}:
        hidden |= more
    return [group for group in groups if group not in hidden]


def _lines(groups: Sequence[Group]) -> Iterable[list[Group]]:
    lines: dict[tuple[object, ...], list[Group]] = defaultdict(list)
    for group in groups:
        lines[group.office, "service", group.service].append(group)
        lines[group.office, "hour", group.hour].append(group)
    return lines.values()


def _too_plain(line: list[Group], hidden: set[Group]) -> list[Group]:
    """What else of a line must be hidden, so that what is hidden of it cannot be told."""
    own = [group for group in line if group in hidden]
    others = [group for group in line if group not in hidden]
    if not own or not others:
        return []
    if len(own) > 1 and sum(group.people for group in own) >= FEWEST:
        return []
    return [min(others, key=lambda group: (group.people, group.service, group.hour))]


def _of(offices: Sequence[Office]) -> ColumnElement[bool]:
    return _TABLE.office_id.in_([office.id for office in offices])


def _groups(session: Session, offices: Sequence[Office], day: date) -> list[Group]:
    sums = (_TABLE.issued, _TABLE.served, _TABLE.called, _TABLE.wait_s, _TABLE.service_s)
    rows = session.execute(
        select(_TABLE.office, _TABLE.service, _TABLE.hour, *map(func.sum, sums))
        .where(_TABLE.day == day, _of(offices))
        .group_by(_TABLE.office, _TABLE.service, _TABLE.hour)
        .order_by(_TABLE.office, _TABLE.service, _TABLE.hour)
    )
    return [Group(*row[:3], *map(int, row[3:])) for row in rows]


class _Names:
    """Writes rows with the names of offices and services in the municipality's own language."""

    def __init__(self, configured: Catalogue) -> None:
        language = language_of(configured.locale)
        self._offices = {
            office.code: pick(office.name, language) for office in configured.offices_by_id.values()
        }
        self._services = {
            service.code: pick(service.name, language)
            for service in configured.services_by_id.values()
        }

    def row(self, day: date, group: Group) -> dict[str, object]:
        others = group.people - group.attended
        plain = all(number == 0 or number >= FEWEST for number in (group.attended, others))
        return {
            "date": day.isoformat(),
            "office": group.office,
            "office_name": self._offices.get(group.office, group.office),
            "service": group.service,
            "service_name": self._services.get(group.service, group.service),
            "hour": group.hour,
            "people": group.people,
            "attended": group.attended if plain else None,
            "mean_wait_minutes": _mean(group.wait_s, group.called),
            "mean_attention_minutes": _mean(group.attention_s, group.attended),
        }


def _mean(seconds: int, people: int) -> int | None:
    return (seconds * 2 + people * 60) // (people * 120) if people >= FEWEST else None


def _today(offices: Sequence[Office], now: datetime) -> date:
    """The earliest local day of any of the offices."""
    return min(clock.local_date(now, office.zone) for office in offices)
