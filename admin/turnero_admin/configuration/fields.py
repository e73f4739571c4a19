"""The fields of the configuration's forms: how each is asked for, read, and said in one line.

What a form reads is what the configuration file would say; the readers of the file judge it, and
their findings come back under the same names.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from babel import Locale
from werkzeug.datastructures import MultiDict

from turnero_admin.configuration.readers import READERS
from turnero_core.i18n import N_, current_language, gettext

Plain = dict[str, Any]
Form = MultiDict[str, str]


@dataclass(frozen=True)
class Field:
    """`kind` is one of READERS. `options` are (value, text) pairs, of “parts” (key, label); `blank`
    is what no choice is called. `lines` is whether texts in several languages are long."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    required: bool = False
    options: tuple[tuple[str, str], ...] = ()
    blank: str = ""
    longest: int = 80
    lines: bool = False
    low: int = 0
    high: int = 600


@dataclass(frozen=True)
class Group:
    """Fields that belong together, under a heading; `short` ones stand side by side."""

    title: str
    fields: tuple[Field, ...]
    short: bool = False


@dataclass(frozen=True)
class Line:
    """One field in words, as it was and as it is; empty text where there is nothing."""

    label: str
    before: str
    after: str


def read(form: Form, fields: Iterable[Field], languages: Iterable[str]) -> Plain:
    """What is filled in, as the configuration file says it; what is left empty is left out."""
    spoken = tuple(languages)
    found = {field.name: READERS[field.kind](form, field, spoken) for field in fields}
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def compare(
    fields: Iterable[Field], before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> list[Line]:
    """The fields that differ, in words; what no field knows is under its own name."""
    known = {field.name: field for field in fields}
    old, new = before or {}, after or {}
    return [
        line
        for name in dict.fromkeys([*known, *old, *new])
        if old.get(name) != new.get(name) and name != "code"
        for line in _lines(known.get(name, Field(name, name)), old.get(name), new.get(name))
    ]


def language_name(code: str) -> str:
    """A language in the reader's own: inglés, English."""
    name = Locale(current_language()).languages.get(code) or code
    return name[:1].upper() + name[1:]


def said(field: Field, value: Any) -> str:
    """A value in words."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return gettext(N_("Yes")) if value else gettext(N_("No"))
    if isinstance(value, Mapping):
        return _said_group(field, value)
    if isinstance(value, list):
        return "; ".join(said(field, entry) for entry in value)
    named = (gettext(text) for key, text in field.options if key == str(value))
    return next(named, str(value))


def _said_group(field: Field, value: Mapping[str, Any]) -> str:
    if field.kind == "location":
        return located(value)
    if field.kind == "pairs":
        return "; ".join(f"{key}: {entry}" for key, entry in value.items())
    return " / ".join(dict.fromkeys(said(field, entry) for entry in value.values()))


def located(value: Mapping[str, Any]) -> str:
    """A place on the map as the form has it."""
    return ", ".join(str(value[key]) for key in ("lat", "lon") if value.get(key) not in (None, ""))


def _lines(field: Field, old: Any, new: Any) -> Iterable[Line]:
    label = gettext(field.label)
    if field.kind == "names":
        before, after = old or {}, new or {}
        for code in dict.fromkeys([*before, *after]):
            if before.get(code) != after.get(code):
                title = f"{label} ({language_name(code)})"
                yield Line(title, before.get(code, ""), after.get(code, ""))
    elif field.kind == "parts":
        before, after = old or {}, new or {}
        for key, part in field.options:
            if before.get(key) != after.get(key):
                yield Line(gettext(part), before.get(key, ""), after.get(key, ""))
    elif (before_text := said(field, old)) != (after_text := said(field, new)):
        yield Line(label, before_text, after_text)
