"""Somebody who waits, from supervision: moved, called before others, counted otherwise."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from flask import Response, request
from sqlalchemy import select

from turnero_admin.supervision import words
from turnero_admin.supervision.blueprint import SUPERVISE, act, action_page, blueprint, office_of
from turnero_core.errors import Invalid, NotFound
from turnero_core.i18n import N_, gettext, pick
from turnero_core.web.access import access
from turnero_queue import audit, states, verbs, waiting
from turnero_queue.api.edge import Unit, reads
from turnero_queue.catalogue import Office
from turnero_queue.models import Ticket
from turnero_queue.supervision import office_now, reclassing
from turnero_queue.supervision.office_now import OfficeNow
from turnero_queue.supervision.reasons import needed

ONE = "/<office>/tickets/<uuid:ticket_id>"
Change = Callable[[Unit, Office, Ticket], str]


@blueprint.get(ONE)
@access(SUPERVISE)
@reads
def person(unit: Unit, office: str, ticket_id: UUID) -> str:
    return _page(str(ticket_id), unit, office_of(unit, office))


@blueprint.post(f"{ONE}/transfer")
@access(SUPERVISE)
def transfer(office: str, ticket_id: UUID) -> Response:
    return _do(office, ticket_id, _transfer)


@blueprint.post(f"{ONE}/call")
@access(SUPERVISE)
def call(office: str, ticket_id: UUID) -> Response:
    return _do(office, ticket_id, _call)


@blueprint.post(f"{ONE}/priority")
@access(SUPERVISE)
def set_priority(office: str, ticket_id: UUID) -> Response:
    return _do(office, ticket_id, _reclass)


def _do(office: str, ticket_id: UUID, change: Change) -> Response:
    def done(unit: Unit, found: Office) -> str:
        return change(unit, found, _ticket(unit, found, str(ticket_id)))

    return act(office, done, partial(_page, str(ticket_id)))


def _page(
    ticket_id: str, unit: Unit, office: Office, refused: Exception | None = None, **context: Any
) -> str:
    ticket = _ticket(unit, office, ticket_id)
    there = office_now.of(unit.session, unit.catalogue, office, unit.now)
    return action_page(
        "_person",
        office,
        waiting.code_of(ticket.prefix, ticket.number),
        ticket=ticket,
        code=waiting.code_of(ticket.prefix, ticket.number),
        state=states.name_of(ticket.state),
        service=unit.catalogue.services_by_id[ticket.service_id],
        priority=unit.catalogue.priorities_by_id[ticket.priority_id],
        desk_there=unit.catalogue.desks_by_id.get(ticket.desk_id or ""),
        visitor=next((one for one in there.people if one.id == ticket.id), None),
        free=[at for at in there.desks if at.ticket is None],
        **_choices(unit, office, there),
        **context,
    )


def _choices(unit: Unit, office: Office, there: OfficeNow) -> dict[str, Any]:
    """What the forms offer, desks with what they do: open ones without anybody first."""
    desks = sorted(there.desks, key=lambda at: (at.ticket is not None, not at.is_open))
    named = [(at.desk.code, f"{pick(at.desk.name)} · {words.name_of(at)}") for at in desks]
    empty = {at.desk.code for at in desks if at.ticket is None}
    return {
        "service_choices": [(service.code, pick(service.name)) for service in office.services],
        "desk_choices": named,
        "free_choices": [choice for choice in named if choice[0] in empty],
        "priority_choices": [(one.code, pick(one.name)) for one in unit.catalogue.priorities],
    }


def _ticket(unit: Unit, office: Office, ticket_id: str) -> Ticket:
    ticket = unit.session.scalar(
        select(Ticket).where(Ticket.id == ticket_id, Ticket.office_id == office.id)
    )
    if ticket is None:
        raise NotFound(N_("There is no such ticket."))
    return ticket


def _asked(unit: Unit, office: Office, ticket: Ticket, reason: str, **body: str) -> verbs.Request:
    """The verb's request, the office held and the ticket read again as it then is."""
    moment = unit.hold(office.id)
    unit.session.refresh(ticket)
    given = {name: value for name, value in body.items() if value}
    return verbs.Request.of(
        unit.session, moment, unit.catalogue, ticket, unit.actor, {"reason": reason, **given}
    )


def _transfer(unit: Unit, office: Office, ticket: Ticket) -> str:
    reason = needed(request.form.get("reason"))
    service, desk = request.form.get("service", ""), request.form.get("to_desk", "")
    if not service and not desk:
        raise Invalid(errors={"service": [gettext(N_("Choose where the person goes."))]})
    asked = _asked(unit, office, ticket, reason, service=service, to_desk=desk)
    verbs.transfer(asked)
    code = waiting.code_of(ticket.prefix, ticket.number)
    audit.record(
        unit.session,
        actor=unit.actor,
        action="ticket.transfer",
        subject=f"ticket:{code}",
        office_id=office.id,
        after={"service": service, "desk": desk, "ticket": ticket.id},
        reason=reason,
        now=asked.moment.at,
    )
    return gettext(N_("%(code)s was sent on, with the same number."), code=code)


def _call(unit: Unit, office: Office, ticket: Ticket) -> str:
    reason = needed(request.form.get("reason"))
    asked = _asked(unit, office, ticket, reason, desk=request.form.get("desk", ""))
    verbs.call(asked)
    code = waiting.code_of(ticket.prefix, ticket.number)
    return gettext(N_("%(code)s is called before the others."), code=code)


def _reclass(unit: Unit, office: Office, ticket: Ticket) -> str:
    reason = request.form.get("reason", "")
    wanted = unit.catalogue.priority(request.form.get("priority", ""))
    asked = _asked(unit, office, ticket, reason)
    reclassing.reclass(
        unit.session, asked.moment, unit.catalogue, ticket, wanted, unit.actor, reason
    )
    code = waiting.code_of(ticket.prefix, ticket.number)
    return gettext(N_("%(code)s counts by the other class from now on."), code=code)
