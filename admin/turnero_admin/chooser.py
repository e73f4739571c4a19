"""Choosing a desk to work at."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, make_response, redirect, render_template, url_for

from turnero_admin import place
from turnero_admin.blueprint import blueprint
from turnero_core.web.access import access
from turnero_queue import desk_view, desks, waiting
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.catalogue import Desk, Office, Service
from turnero_queue.desk_view import Shift
from turnero_queue.models import Ticket
from turnero_queue.permissions import Permission


@dataclass(frozen=True)
class Choice:
    """A desk to choose: `mine` when whoever looks opened it and did not close it."""

    desk: Desk
    status: str
    services: list[Service]
    waiting: int
    shift: Shift | None
    mine: bool
    attending: str | None


@blueprint.get("/console")
@access("can:desk.attend")
@reads
def choose_desk(unit: Unit) -> str:
    offices = [
        (office, _choices(unit, office)) for office in unit.offices_with(Permission.DESK_ATTEND)
    ]
    mine = [(office, desk) for office, found in offices for desk in found if desk.mine]
    return render_template("admin/choose.html", offices=offices, mine=mine)


@blueprint.post("/console/<office>/<desk>/take")
@access("can:desk.attend")
@changes
def take_desk(unit: Unit, office: str, desk: str) -> Response:
    """Open a desk and sit down at it."""
    found = place.find(unit, office, desk)
    moment = unit.hold(found.office.id)
    desk_view.take_desk(unit.session, moment, found.office, found.desk, unit.actor)
    return make_response(redirect(url_for("admin.console", office=office, desk=desk), 303))


def _choices(unit: Unit, office: Office) -> list[Choice]:
    statuses = desks.statuses(unit.session, office)
    counts = desk_view.waiting_by_desk(unit.session, office, unit.now)
    shifts = desk_view.shifts(unit.session, office)
    people = desk_view.people_at(unit.session, office)
    found = []
    for desk in office.desks:
        status = statuses.get(desk.id, "closed")
        shift = shifts.get(desk.id)
        mine = shift is not None and status != "closed" and shift.actor == unit.actor
        services = [service for service in office.services if service.id in desk.handicaps]
        at_desk = _code_at(people, desk)
        found.append(Choice(desk, status, services, counts[desk.id], shift, mine, at_desk))
    return found


def _code_at(people: Mapping[str, Ticket], desk: Desk) -> str | None:
    ticket = people.get(desk.id)
    return waiting.code_of(ticket.prefix, ticket.number) if ticket else None
