"""Between a form's fields, whose names may have a dot, and what the configuration says: the field
`cash.round` is {"cash": {"round": …}}."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from turnero_admin.configuration import fields
from turnero_admin.configuration.fields import Field, Form, Group, Plain, compare
from turnero_admin.configuration.forms import form_context
from turnero_admin.configuration.payments import headers, places
from turnero_admin.configuration.payments.connector_values import TAB
from turnero_admin.configuration.readers import READERS
from turnero_admin.configuration.saving import State
from turnero_core.i18n import gettext
from turnero_queue.api.edge import Unit

# What is kept even when nothing is chosen: to leave it out would mean all of it.
CHOSEN = ("several", "methods")
HEADERS = "headers"


def read(form: Form, asked: Iterable[Field], languages: Iterable[str]) -> Plain:
    """What is filled in, by field."""
    every = tuple(asked)
    plain = tuple(field for field in every if field.kind in READERS)
    found = fields.read(form, plain, languages)
    for field in every:
        if field.kind in CHOSEN:
            found[field.name] = form.getlist(field.name)
        elif field.kind == HEADERS and (rows := headers.read(form)):
            found[field.name] = rows
    return found


def nested(asked: Iterable[Field], typed: Mapping[str, Any]) -> Plain:
    """What the configuration would say."""
    found: Plain = {}
    for field in asked:
        if field.name not in typed:
            continue
        head, _, rest = field.name.partition(".")
        value: Any = "\t" if typed[field.name] == TAB else typed[field.name]
        if field.kind == HEADERS:
            found[head] = headers.to_plain(value)
        elif rest:
            found.setdefault(head, {})[rest] = value
        else:
            found[head] = value
    return found


def flat(asked: Iterable[Field], stored: Mapping[str, Any] | None) -> Plain:
    """What is stored, by field."""
    found: Plain = {}
    for field in asked:
        head, _, rest = field.name.partition(".")
        value = (stored or {}).get(head)
        if field.kind == HEADERS:
            value = headers.from_plain(value or {}) or None
        elif rest:
            value = value.get(rest) if isinstance(value, Mapping) else None
        if value is not None:
            found[field.name] = TAB if value == "\t" else value
    return found


def kept(value: Plain, usual: Mapping[str, Any], stored: Mapping[str, Any] | None) -> Plain:
    """`value` without what is as usual and was not written before: to open and save a form
    changes nothing."""
    known = stored or {}
    found: Plain = {}
    for key, entry in value.items():
        if isinstance(entry, dict) and isinstance(usual.get(key), dict):
            if inner := kept(entry, usual[key], known.get(key)):
                found[key] = inner
        elif key in known or key not in usual or entry != usual[key]:
            found[key] = entry
    return found


def tongues(unit: Unit, stored: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The languages offered, and those in which something is written all the same."""
    offered = unit.catalogue.languages
    texts = [value for key, value in (stored or {}).items() if key in ("name", "text")]
    return tuple(dict.fromkeys([*offered, *(code for text in texts for code in text)]))


def spoken(groups: Iterable[Group]) -> tuple[Group, ...]:
    """Their titles in the reader's language; beside them may stand titles that people wrote."""
    return tuple(
        replace(group, title=gettext(group.title) if group.title else "") for group in groups
    )


def fields_of(groups: Iterable[Group]) -> tuple[Field, ...]:
    return tuple(field for group in groups for field in group.fields)


def context(
    unit: Unit,
    state: State,
    groups: tuple[Group, ...],
    typed: Plain | None,
    stored: Mapping[str, Any] | None,
    usual: Mapping[str, Any],
) -> dict[str, Any]:
    """What a form about money shows: what was `typed`, or else what is stored or usual."""
    asked = fields_of(groups)
    value = typed if typed is not None else {**usual, **flat(asked, stored)}
    made = form_context(unit, places.plainly(unit, state), value, stored, ())
    if state.overtaken:
        made["differences"] = compare(asked, {**usual, **flat(asked, state.stored)}, value)
    return {**made, "groups": groups, "languages": tongues(unit, stored)}
