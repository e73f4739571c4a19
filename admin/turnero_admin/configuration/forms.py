"""What every form of the configuration shows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import request

from turnero_admin.calendar import hurt as bookings
from turnero_admin.configuration.fields import Field, Line, Plain, compare, language_name
from turnero_admin.configuration.saving import State
from turnero_queue.api.edge import Unit
from turnero_queue.configuration import tree as trees


def missing(entry: Plain, asked: Iterable[Field], languages: Sequence[str]) -> list[str]:
    """The languages, by name, in which some text of the entry is not written."""
    texts: list[Mapping[str, str]] = []
    for field in asked:
        value = entry.get(field.name)
        if field.kind == "names" and value:
            texts.append(value)
        elif field.kind == "texts" and value:
            texts.extend(value)
    return [language_name(code) for code in languages if any(code not in text for text in texts)]


def form_context(
    unit: Unit, state: State, value: Plain, stored: Any, asked: Iterable[Field]
) -> dict[str, Any]:
    """What every form of the configuration shows: `value` in its fields, and what to say.

    `opened` is the fingerprint that it is saved against: of what it began with, until what is
    stored now has been shown.
    """
    present = state.stored if state.overtaken else stored
    began = trees.fingerprint(present)
    found = [row for one in state.hurt for row in one.appointments]
    return {
        "value": value,
        "state": state,
        "errors": state.errors,
        "opened": began if state.overtaken else request.form.get("opened") or began,
        "differences": _differences(state, value, asked),
        "gone": state.overtaken and state.stored is None,
        "languages": unit.catalogue.languages,
        "main_language": unit.catalogue.locale.split("_")[0],
        "booked": bookings.shown(unit, found) if found else None,
        "services_by_id": unit.catalogue.services_by_id,
        "given": request.form,
        "switcher": None,
    }


def _differences(state: State, value: Plain, asked: Iterable[Field]) -> list[Line]:
    """What is saved now and what was written; lists are for their own page to compare."""
    if not state.overtaken or isinstance(state.stored, list):
        return []
    return compare(asked, state.stored, value)
