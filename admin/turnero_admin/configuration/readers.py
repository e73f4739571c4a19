"""How each kind of field is read from a form: what the configuration file would say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from turnero_admin.configuration.fields import Field, Form


def _text(form: Form, field: Field, languages: tuple[str, ...]) -> str:
    return form.get(field.name, "").strip()


def _capitals(form: Form, field: Field, languages: tuple[str, ...]) -> str:
    return _text(form, field, languages).upper()


def _names(form: Form, field: Field, languages: tuple[str, ...]) -> dict[str, str]:
    found = {code: form.get(f"{field.name}.{code}", "").strip() for code in languages}
    return {code: text for code, text in found.items() if text}


def _texts(form: Form, field: Field, languages: tuple[str, ...]) -> list[dict[str, str]]:
    """Rows of one text in every language; empty rows are none."""
    columns = {code: form.getlist(f"{field.name}.{code}") for code in languages}
    count = max((len(column) for column in columns.values()), default=0)
    rows = [
        {
            code: column[index].strip()
            for code, column in columns.items()
            if index < len(column) and column[index].strip()
        }
        for index in range(min(count, 200))
    ]
    return [row for row in rows if row]


def number(text: str) -> int | str:
    """A whole number; what is none stays as it was typed, to be judged and shown again."""
    text = text.strip()
    return int(text) if re.fullmatch(r"-?[0-9]{1,9}", text, re.ASCII) else text


def _number(form: Form, field: Field, languages: tuple[str, ...]) -> int | str:
    return number(form.get(field.name, ""))


def _money(form: Form, field: Field, languages: tuple[str, ...]) -> str:
    """“15” and “15,5” are meant as 15.00 and 15.50 where there are cents."""
    text = form.get(field.name, "").strip().replace(",", ".")
    places = field.high
    if places and re.fullmatch(r"[0-9]+(\.[0-9]*)?", text, re.ASCII):
        whole, _, rest = text.partition(".")
        text = f"{int(whole)}.{rest.ljust(places, '0')}"
    return text


def _flag(form: Form, field: Field, languages: tuple[str, ...]) -> bool:
    return field.name in form


def _area(form: Form, field: Field, languages: tuple[str, ...]) -> str:
    """Several lines, as browsers end them, with the ends of a file."""
    return _text(form, field, languages).replace("\r\n", "\n")


def _parts(form: Form, field: Field, languages: tuple[str, ...]) -> dict[str, str]:
    """One text for each of the field's keys; empty ones are left out."""
    found = {key: form.get(f"{field.name}.{key}", "").strip() for key, _ in field.options}
    return {key: text for key, text in found.items() if text}


def _pairs(form: Form, field: Field, languages: tuple[str, ...]) -> dict[str, str]:
    """Rows of a name and a value; rows without either are none."""
    names = form.getlist(f"{field.name}.name")
    values = form.getlist(f"{field.name}.value")
    rows = [(name.strip(), value.strip()) for name, value in zip(names, values, strict=False)]
    return {name: value for name, value in rows[:100] if name or value}


def _words(form: Form, field: Field, languages: tuple[str, ...]) -> list[str]:
    """Words with spaces or commas between them."""
    return re.split(r"[\s,]+", text) if (text := _text(form, field, languages)) else []


def _several(form: Form, field: Field, languages: tuple[str, ...]) -> list[str]:
    return form.getlist(field.name)


def _location(form: Form, field: Field, languages: tuple[str, ...]) -> dict[str, Any] | None:
    """“-12.05, -77.04”: degrees north and east; what is no number stays as it was typed."""
    text = form.get(field.name, "").strip()
    if not text:
        return None
    north, _, east = text.partition(",")
    return {"lat": _degrees(north), "lon": _degrees(east)}


def _degrees(text: str) -> float | str:
    try:
        return float(text.strip())
    except ValueError:
        return text.strip()


READERS = {
    "text": _text,
    "listed": _text,
    "capitals": _capitals,
    "choice": _text,
    "icon": _text,
    "names": _names,
    "texts": _texts,
    "number": _number,
    "money": _money,
    "flag": _flag,
    "several": _several,
    "location": _location,
    "area": _area,
    "parts": _parts,
    "words": _words,
    "pairs": _pairs,
    "email": _text,
}
