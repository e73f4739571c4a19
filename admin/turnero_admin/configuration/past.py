"""The history: every change with its differences, and taking one back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, render_template, request, url_for
from sqlalchemy import select

from turnero_admin.configuration import past_words, saving
from turnero_admin.configuration.blueprint import CITY, OFFICE, blueprint, looking
from turnero_admin.configuration.forms import form_context
from turnero_admin.configuration.past_words import Told
from turnero_admin.configuration.saving import OPENED, State
from turnero_core.errors import Conflict, NotFound
from turnero_core.i18n import N_
from turnero_core.web.access import access
from turnero_queue.api.edge import Unit
from turnero_queue.catalogue import Office
from turnero_queue.configuration import deltas, history
from turnero_queue.configuration.tree import Tree
from turnero_queue.models import ConfigurationChange, Staff

AT_ONCE = 20
UNDONE = N_("Undone. What was before is in force again.")


@dataclass(frozen=True)
class Row:
    change: ConfigurationChange
    who: str
    told: list[Told]
    undone: bool


@blueprint.get("/history", endpoint="history")
@access(CITY)
def of_the_city() -> str:
    return _listing(None)


@blueprint.get("/offices/<office>/history")
@access(OFFICE)
def office_history(office: str) -> str:
    return _listing(office)


@blueprint.get("/history/<int:version>")
@access(CITY)
def past_change(version: int) -> str:
    return _page(None, version, OPENED)


@blueprint.get("/offices/<office>/history/<int:version>")
@access(OFFICE)
def past_office_change(office: str, version: int) -> str:
    return _page(office, version, OPENED)


@blueprint.post("/history/<int:version>")
@access(CITY)
def undo(version: int) -> Response:
    return _undo(None, version, url_for("configuration.history"))


@blueprint.post("/offices/<office>/history/<int:version>")
@access(OFFICE)
def undo_office(office: str, version: int) -> Response:
    return _undo(office, version, url_for("configuration.office_history", office=office))


def _undo(office: str | None, version: int, then: str) -> Response:
    change, undone = _change(office, version)

    def edit(tree: Tree) -> None:
        if undone:
            raise Conflict(N_("This change has been undone already."))
        deltas.turn_back(tree, change.entries)

    return saving.answer(
        edit,
        (),
        page=lambda state: _page(office, version, state),
        then=then,
        told=UNDONE,
        undoes=change.id,
    )


@looking
def _change(unit: Unit, office: str | None, version: int) -> tuple[ConfigurationChange, bool]:
    """The change, and whether it has been undone."""
    found = _of(unit.session, office, version)
    return found, history.undone_by(unit.session, found) is not None


def _of(session: Any, office: str | None, version: int) -> ConfigurationChange:
    """The change, if it is the office's own where one is named."""
    found = history.one(session, version)
    if office is not None and found.office != office:
        raise NotFound(N_("There is no such change."))
    return found


@looking
def _listing(unit: Unit, office: str | None) -> str:
    place = unit.office(office) if office else None
    before = request.args.get("before", type=int)
    found = history.changes(unit.session, office=office or "", before=before, most=AT_ONCE + 1)
    older = found[AT_ONCE - 1].version if len(found) > AT_ONCE else None
    here = "configuration.office_history" if office else "configuration.history"
    return render_template(
        "admin/configuration/history.html",
        office=place,
        rows=_rows(unit, found[:AT_ONCE]),
        zone=_zone(unit, place),
        newer=url_for(here, office=office) if before else None,
        older=url_for(here, office=office, before=older) if older else None,
        switcher=None,
    )


@looking
def _page(unit: Unit, office: str | None, version: int, state: State) -> str:
    place = unit.office(office) if office else None
    change = _of(unit.session, office, version)
    later = history.undone_by(unit.session, change)
    return render_template(
        "admin/configuration/past.html",
        office=place,
        row=_rows(unit, [change])[0],
        later=later,
        zone=_zone(unit, place),
        **form_context(unit, state, {}, None, ()),
    )


def _zone(unit: Unit, office: Office | None) -> ZoneInfo:
    return office.zone if office else ZoneInfo(unit.catalogue.timezone)


def _rows(unit: Unit, found: Sequence[ConfigurationChange]) -> list[Row]:
    names = {
        f"staff:{row.login}"[:80]: row.name
        for row in unit.session.execute(select(Staff.login, Staff.name))
    }
    ids = [change.id for change in found]
    query = select(ConfigurationChange.undoes_id).where(ConfigurationChange.undoes_id.in_(ids))
    undone = set(unit.session.scalars(query))
    return [
        Row(
            change,
            names.get(change.actor, change.actor),
            past_words.told(change.entries, unit.catalogue),
            change.id in undone,
        )
        for change in found
    ]
