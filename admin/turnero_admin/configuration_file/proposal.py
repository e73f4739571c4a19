"""What a file would change, as the page shows it, and whether that is what was shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy.orm import Session

from turnero_core.db import Database
from turnero_core.errors import Problem
from turnero_core.i18n import N_, gettext, ngettext
from turnero_queue import appointments, configuration, models
from turnero_queue.configuration import Change, Configuration, Finding

ACTOR = "trial"
SECTIONS = {
    "municipality": N_("Municipality"),
    "category": N_("Categories"),
    "service": N_("Services"),
    "priority": N_("Priorities"),
    "office": N_("Offices"),
    "desk": N_("Desks"),
    "printer": N_("Printers"),
    "availability": N_("Appointments"),
}
KINDS = {"+": N_("added"), "~": N_("changed"), "-": N_("taken out of use")}


@dataclass(frozen=True)
class Section:
    name: str
    changes: list[Change]


@dataclass(frozen=True)
class Proposal:
    """`version` is the configuration's that it was compared with; `refused` says why it cannot be
    put in force now."""

    sections: list[Section]
    count: int
    retired: list[Change]
    consequences: list[str]
    warnings: Sequence[Finding]
    version: int
    refused: str = ""


def version(session: Session) -> int:
    row = session.get(models.Municipality, 1)
    return row.config_version if row else 0


def of(session: Session, database: Database, wanted: Configuration, now: datetime) -> Proposal:
    changes = configuration.diff(session, wanted)
    found: list[str] = []
    busy = configuration.occupied(session, wanted)
    if changes:
        found = configuration.consequences(session, wanted, now)
    if changes and not busy:
        found += _bookings(database, wanted, now)
    return Proposal(
        sections=[
            Section(gettext(SECTIONS[what]), list(group))
            for what, group in groupby(_in_order(changes), key=lambda change: change.what)
        ],
        count=len(changes),
        retired=[change for change in changes if change.kind == "-"],
        consequences=found,
        warnings=wanted.warnings,
        version=version(session),
        refused=_said(configuration.refusal(busy)) if busy else "",
    )


def _said(problem: Problem) -> str:
    return gettext(problem.detail, **problem.params)


def _in_order(changes: Sequence[Change]) -> list[Change]:
    order = list(SECTIONS)
    return sorted(changes, key=lambda change: order.index(change.what))


class _TrialOver(Exception):
    """Ends a unit of work whose changes were only tried."""


def _bookings(database: Database, wanted: Configuration, now: datetime) -> list[str]:
    """The appointments that would have no place any more; tried, and nothing of it kept."""
    count = 0
    try:
        with database.write() as session:
            before = {row.id for _, row in appointments.hurt_everywhere(session, now)}
            configuration.apply(session, wanted, actor=ACTOR)
            after = {row.id for _, row in appointments.hurt_everywhere(session, now)}
            count = len(after - before)
            raise _TrialOver
    except _TrialOver:
        pass
    if not count:
        return []
    return [
        ngettext(
            "%(n)s booked appointment would have no place any more. Move or cancel it afterwards.",
            "%(n)s booked appointments would have no place any more. Move or cancel them then.",
            count,
        )
    ]
