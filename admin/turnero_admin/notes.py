"""Notes about a person, kept while the clerk types."""

from uuid import UUID

from flask import Response, make_response

from turnero_admin import answer, show, task
from turnero_admin.blueprint import blueprint, htmx
from turnero_admin.person_actions import PERSON, keep_notes
from turnero_core import clock
from turnero_core.errors import Conflict
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_queue.api.edge import Unit, changes


@blueprint.post(f"{PERSON}/notes")
@access("can:desk.attend")
def notes(office: str, desk: str, ticket_id: UUID) -> Response:
    """Keep the notes; a browser without scripts comes back to the whole console."""
    if not htmx:
        return answer.perform(office, desk, lambda asked: _keep(asked, str(ticket_id)))
    try:
        return make_response(_kept(office, desk, str(ticket_id)))
    except answer.EVERYDAY as problem:
        return make_response(answer.sentence(problem), problem.status)


@changes
def _kept(unit: Unit, office: str, desk: str, ticket_id: str) -> str:
    return _keep(task.begin(unit, office, desk), ticket_id)


def _keep(asked: task.Task, ticket_id: str) -> str:
    ticket = asked.ticket(ticket_id)
    if ticket.desk_id != asked.place.desk.id:
        raise Conflict(N_("The person is at another desk now; the notes were not kept."))
    keep_notes(ticket)
    at = show.hour(clock.now(), asked.place.office.zone)
    return gettext(N_("Saved at %(time)s"), time=at)
