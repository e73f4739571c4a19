"""The lines that a request carries to say who asks: a name with a text, or with a secret's file."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from turnero_admin.configuration.fields import Form
from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext

PARTS = ("name", "text", "file")
MOST = 20
TWICE = N_("There are two lines with this name.")
BOTH = N_("Write a text or the name of a file, not both.")


def read(form: Form) -> list[dict[str, str]]:
    """The lines of the form; empty ones are none."""
    columns = [form.getlist(f"headers.{part}")[:MOST] for part in PARTS]
    rows = [
        dict(zip(PARTS, (text.strip() for text in row), strict=True))
        for row in zip_longest(*columns, fillvalue="")
    ]
    return [row for row in rows if any(row.values())]


def to_plain(rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    return {row["name"]: {"file": row["file"]} if row["file"] else row["text"] for row in rows}


def from_plain(stored: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {"name": name, "text": "", "file": str(value["file"])}
        if isinstance(value, Mapping)
        else {"name": name, "text": str(value), "file": ""}
        for name, value in stored.items()
    ]


def check(rows: Sequence[Mapping[str, str]]) -> None:
    """What the configuration could not even say; Invalid."""
    errors: dict[str, list[str]] = {}
    for name, count in Counter(row["name"] for row in rows).items():
        if count > 1:
            errors.setdefault(f"headers.{name}", []).append(gettext(TWICE))
    for row in rows:
        if row["text"] and row["file"]:
            errors.setdefault(f"headers.{row['name']}", []).append(gettext(BOTH))
    if errors:
        raise Invalid(errors=errors)
