"""What a clerk does with a person: each verb at its own address, with what was written down."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from flask import Response, request

from turnero_admin import answer, task
from turnero_admin.blueprint import blueprint
from turnero_admin.desk_actions import DESK, call_whoever_is_next
from turnero_admin.task import Task, code_of
from turnero_core.errors import Conflict, Invalid
from turnero_core.i18n import N_, gettext, pick
from turnero_core.web.access import access
from turnero_core.web.runtime import base_url
from turnero_queue import attending, printing, verbs
from turnero_queue.api.theme import paper_logo
from turnero_queue.models import Ticket

PERSON = f"{DESK}/tickets/<uuid:ticket_id>"
# What is said when a verb has been done; the verbs that need no more than this.
SAID: Mapping[str, str] = {
    "recall": N_("%(code)s is called once more."),
    "start": N_("%(code)s is being attended."),
    "no-show": N_("%(code)s did not come. They can be let back in below the queue."),
    "put-back": N_("%(code)s waits again, in the same place."),
    "park": N_("%(code)s is set aside. Go on with them from the list below the queue."),
    "resume": N_("%(code)s is being attended again."),
    "readmit": N_("%(code)s is back in the queue."),
    "transfer": N_("%(code)s was sent on, with the same number."),
}


def _register(verb: str, said: str) -> None:
    @blueprint.post(f"{PERSON}/{verb}", endpoint=verb.replace("-", "_"))
    @access("can:desk.attend")
    def view(office: str, desk: str, ticket_id: UUID) -> Response:
        return answer.perform(office, desk, partial(_do, verb, said, str(ticket_id)))


for _verb, _said in SAID.items():
    _register(_verb, _said)


@blueprint.post(f"{PERSON}/finish")
@access("can:desk.attend")
def finish(office: str, desk: str, ticket_id: UUID) -> Response:
    return answer.perform(office, desk, partial(_finish, str(ticket_id)))


@blueprint.post(f"{PERSON}/finish-and-next")
@access("can:desk.attend")
def finish_and_next(office: str, desk: str, ticket_id: UUID) -> Response:
    return answer.perform(office, desk, partial(_finish_and_next, str(ticket_id)))


@blueprint.post(f"{PERSON}/call")
@access("can:desk.attend")
def call(office: str, desk: str, ticket_id: UUID) -> Response:
    return answer.perform(office, desk, partial(_call, str(ticket_id)))


@blueprint.post(f"{PERSON}/reprint")
@access("can:desk.attend")
def reprint(office: str, desk: str, ticket_id: UUID) -> Response:
    return answer.perform(office, desk, partial(_reprint, str(ticket_id)))


def _do(verb: str, said: str, ticket_id: str, asked: Task) -> str:
    ticket = asked.ticket(ticket_id)
    keep_notes(ticket)
    wanted = asked.asked(ticket, **_destination())
    if verb == "transfer":
        wanted.check(verb)
    verbs.VERBS[verb](wanted)
    return gettext(said, code=code_of(ticket))


def _destination() -> dict[str, str]:
    """Where a transfer goes; a choice left open is left out."""
    chosen = {name: request.form.get(name, "") for name in ("service", "to_desk")}
    return {name: code for name, code in chosen.items() if code}


def _finish(ticket_id: str, asked: Task) -> str:
    """Be done with a person; one who came for more goes on to the next service by themselves."""
    ticket = asked.ticket(ticket_id)
    keep_notes(ticket)
    services = asked.unit.catalogue.services_by_id
    wanted = asked.asked(ticket, **_result(ticket))
    wanted.check("finish")
    if wanted.outcome == "resolved" and {*wanted.given_codes} <= {services[ticket.service_id].code}:
        unit = asked.unit
        attending.conclude(unit.session, asked.moment, unit.catalogue, ticket, unit.actor)
    else:
        verbs.finish(wanted)
    if ticket.state == "done":
        return gettext(N_("%(code)s is finished."), code=code_of(ticket))
    following = pick(services[ticket.service_id].name)
    said = N_("%(code)s goes on to “%(service)s”, with the same number.")
    return gettext(said, code=code_of(ticket), service=following)


def _finish_and_next(ticket_id: str, asked: Task) -> str:
    return f"{_finish(ticket_id, asked)} {call_whoever_is_next(asked)}"


def _result(ticket: Ticket) -> dict[str, object]:
    """Outcome and services given, when the form that came is about this person."""
    if request.form.get("about") != ticket.id:
        return {}
    outcome = request.form.get("outcome", "resolved")
    if outcome not in attending.OUTCOMES:
        raise Invalid(N_("The outcome is either resolved or pending."))
    return {"outcome": outcome, "services_given": request.form.getlist("given")}


def _call(ticket_id: str, asked: Task) -> str:
    ticket = asked.ticket(ticket_id)
    if not task.reason():
        raise Invalid(N_("Say why this person goes before the others."))
    verbs.call(asked.asked(ticket))
    return gettext(N_("%(code)s is called before the others."), code=code_of(ticket))


def _reprint(ticket_id: str, asked: Task) -> str:
    """The slip again; a turn that was taken without paper is printed for the first time."""
    unit, ticket = asked.unit, asked.ticket(ticket_id)
    if printing.job_of(unit.session, ticket) is not None:
        # Without words of the clerk's, the history says at least where it was asked for.
        why = task.reason() or f"desk {asked.place.desk.code}"
        printing.reprint(unit.session, ticket, unit.actor, unit.now, reason=why)
    else:
        printer = printing.printer_for(unit.session, asked.place.office)
        if printer is None:
            raise Conflict(N_("This office has no printer."), slug="no-printer")
        printing.print_ticket(
            unit.session, unit.catalogue, ticket, printer, base_url(), unit.now, paper_logo()
        )
    return gettext(N_("The slip of %(code)s is printing."), code=code_of(ticket))


def keep_notes(ticket: Ticket) -> None:
    """What was typed about this person goes along with whatever is done with them."""
    if request.form.get("about") == ticket.id and "notes" in request.form:
        ticket.notes = task.text("notes", task.LONGEST_NOTES)
