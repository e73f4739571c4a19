"""The office that the panel looks at: named in the address, switched at the top of the page."""

from dataclasses import dataclass

from flask import current_app, request, url_for

from turnero_core.errors import Problem
from turnero_core.i18n import pick
from turnero_core.web.runtime import runtime
from turnero_queue import catalogue
from turnero_queue.api import signed_in
from turnero_queue.api.edge import Unit
from turnero_queue.catalogue import Office


@dataclass(frozen=True)
class Place:
    name: str
    href: str
    current: bool


@dataclass(frozen=True)
class Switcher:
    """`everywhere` leads to all offices at once, where the page can show that."""

    places: list[Place]
    everywhere: Place | None


def chosen(unit: Unit, permission: str) -> Office | None:
    """The office that `?office=` names, when the permission holds there; None is all of them."""
    code = request.args.get("office")
    if not code:
        return None
    office = unit.catalogue.office(code)
    unit.require(permission, office.id)
    return office


def within(unit: Unit, permission: str) -> list[Office]:
    """The one office chosen, or all where the permission holds."""
    office = chosen(unit, permission)
    return [office] if office else unit.offices_with(permission)


def looked_at(permission: str = "") -> str | None:
    """The code of the office in the address, else of the first where the permission holds."""
    mine = _mine(permission)
    named = _named()
    return named if named in mine else next(iter(mine), None)


def switcher() -> Switcher | None:
    """Links to this page of each of one's offices; None for who has only one."""
    mine = _mine()
    if len(mine) < 2 or request.method != "GET" or request.endpoint is None:
        return None
    named, arguments = _named(), set(request.view_args or ())
    if arguments - {"office"}:
        # A thing of one office has no counterpart in another.
        return None
    places = [
        Place(pick(office.name), url_for(request.endpoint, office=code), code == named)
        for code, office in mine.items()
    ]
    everywhere = None
    if not arguments:
        everywhere = Place("", url_for(request.endpoint), not named)
    return Switcher(places, everywhere)


def _named() -> str | None:
    return (request.view_args or {}).get("office") or request.args.get("office")


def _mine(permission: str = "") -> dict[str, Office]:
    """Offices by code where whoever is signed in has a role (for the permission, if given)."""
    person = signed_in.person()
    if person is None or "turnero" not in current_app.extensions:
        return {}
    try:
        with runtime().database.read() as session:
            configured = catalogue.current(session)
    except Problem:
        return {}
    return {
        office.code: office
        for office in configured.offices
        if (person.can(permission, office.id) if permission else person.grants.present(office.id))
    }
