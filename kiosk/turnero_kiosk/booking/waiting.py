"""Joining the waiting list of a day that is full."""

from collections.abc import Mapping
from datetime import date

from turnero_core.errors import Invalid
from turnero_core.i18n import current_language
from turnero_queue import appointments
from turnero_queue.api.edge import Unit
from turnero_queue.appointments import Person, Wish
from turnero_queue.catalogue import Office


def join(
    unit: Unit, office: Office, wanted: Wish, day: date, form: Mapping[str, str]
) -> Mapping[str, list[str]]:
    """Put whoever the form names on the list; what is wrong with the form, by field."""
    person = Person(form.get("name"), form.get("email") or None, form.get("phone") or None)
    try:
        appointments.join_waiting_list(
            unit.session, office, wanted, day, day, unit.now, person, language=current_language()
        )
    except Invalid as problem:
        found: Mapping[str, list[str]] = problem.extra.get("errors") or {"email": [str(problem)]}
        return found
    return {}
