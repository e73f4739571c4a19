"""The panel's first page: what one may do, and how the offices are doing now."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import render_template

from turnero_admin.panel.blueprint import blueprint
from turnero_core import clock
from turnero_core.web.access import access
from turnero_queue import desks, opening, waiting
from turnero_queue.api.edge import Unit, reads
from turnero_queue.catalogue import Office


@dataclass(frozen=True)
class AtNow:
    """An office at this moment; `longest_s` is how long the first to come has waited."""

    office: Office
    is_open: bool
    waiting: int
    longest_s: int
    desks_open: int


@blueprint.get("", strict_slashes=False)
@access("staff")
@reads
def home(unit: Unit) -> str:
    return render_template("admin/panel/home.html", offices=list(_offices(unit)), switcher=None)


def _offices(unit: Unit) -> Iterator[AtNow]:
    grants = unit.caller.grants if unit.caller else None
    for office in unit.catalogue.offices:
        if grants is not None and grants.present(office.id):
            yield _at_now(unit, office)


def _at_now(unit: Unit, office: Office) -> AtNow:
    day = clock.local_date(unit.now, office.zone)
    people = waiting.load(unit.session, office.id, day)
    since = min((entry.issued_at for entry in people), default=unit.now)
    statuses = desks.statuses(unit.session, office)
    return AtNow(
        office,
        opening.open_span(office, unit.now) is not None,
        len(people),
        max(0, int((unit.now - since).total_seconds())),
        sum(statuses.get(desk.id) == "open" for desk in office.desks),
    )
