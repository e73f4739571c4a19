"""The calls for help that are open, as a region that every page of the staff shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.errors import Problem
from turnero_core.i18n import pick
from turnero_core.web.runtime import runtime
from turnero_queue import catalogue, helping
from turnero_queue.api import signed_in
from turnero_queue.catalogue import Catalogue
from turnero_queue.helping import Call
from turnero_queue.helping.screens import name_of
from turnero_queue.permissions import Permission


@dataclass(frozen=True)
class Shown:
    """A call with the words for it. `mine`: whoever looks has taken it."""

    call: Call
    office: str
    where: str
    elapsed_s: int
    urgent: bool
    mine: bool
    may_assist: bool


def shown(live: bool = False) -> Markup:
    """The banner for whoever may answer, else nothing. `live`: the page has a live connection
    that tells of calls for help; else the banner brings one of its own."""
    person = signed_in.person()
    ready = person is not None and person.can(Permission.HELP_ANSWER)
    if not ready or "turnero" not in current_app.extensions:
        return Markup()
    page = render_template("admin/help/_banner_region.html", live=live, **context())
    return Markup(page)  # noqa: S704 - a template's own output


def context(notice: tuple[str, str] | None = None) -> dict[str, Any]:
    """What the banner shows; `notice` is a kind and a sentence about what was just done."""
    person = signed_in.person()
    try:
        with runtime().database.read() as session:
            found = _open(session, catalogue.current(session), clock.now()) if person else []
    except Problem:
        # Nothing is configured yet, so nobody calls.
        found = []
    return {"calls": found, "notice": notice}


def words_of(found: Catalogue, call: Call) -> str:
    """Where the person was: the service's name, or the page's."""
    service = found.services_by_id.get(call.service_id or "")
    return pick(service.name) if service else name_of(call.screen)


def _open(session: Session, found: Catalogue, now: datetime) -> list[Shown]:
    person = signed_in.person()
    offices = {
        office.id: office
        for office in found.offices
        if person is not None and person.can(Permission.HELP_ANSWER, office.id)
    }
    shown_calls = []
    for call in helping.open_calls(session, offices, now):
        office = offices[call.office_id]
        since = call.taken_at or call.asked_at
        mine = person is not None and call.taken_by == person.staff_id
        shown_calls.append(
            Shown(
                call,
                pick(office.name),
                words_of(found, call),
                max(0, int((now - since).total_seconds())),
                call.is_urgent(office.rules.help_escalate_minutes, now),
                mine,
                mine and office.rules.help_assist_minutes > 0,
            )
        )
    return shown_calls
