"""Which services a desk attends and an office gives: read from forms, and said in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from turnero_admin.configuration.fields import Field, Form, Line, Plain, compare
from turnero_admin.configuration.readers import number
from turnero_core.i18n import N_, gettext, pick
from turnero_queue.catalogue import Desk, Office
from turnero_queue.configuration import tree as trees

ATTENDS = N_("Services that it attends")


def attended(form: Form) -> list[Any]:
    """The services ticked; with the minutes after which it only helps with one."""
    found: list[Any] = []
    for code in dict.fromkeys(form.getlist("services")):
        text = form.get(f"handicap.{code}", "").strip()
        minutes = number(text)
        found.append(code if minutes in ("", 0) else {"code": code, "handicap_minutes": minutes})
    return found


def offered(form: Form, languages: Iterable[str]) -> list[Any]:
    """The services ticked; with what is different in this office."""
    found: list[Any] = []
    for code in dict.fromkeys(form.getlist("services")):
        entry: Plain = {}
        if limit := form.get(f"limit.{code}", "").strip():
            entry["daily_limit"] = number(limit)
        place = {
            language: text
            for language in languages
            if (text := form.get(f"place.{code}.{language}", "").strip())
        }
        if place:
            entry["place"] = place
        found.append({"code": code, **entry} if entry else code)
    return found


def attends_words(desk: Desk, names: Mapping[str, str]) -> list[str]:
    """“Rates”, “Weddings (after 10 min)”: what a desk attends."""
    found = []
    for service_id, handicap in desk.handicaps.items():
        if service_id in names:
            minutes = int(handicap.total_seconds() // 60)
            name = names[service_id]
            found.append(
                gettext(N_("%(service)s (after %(minutes)s min)"), service=name, minutes=minutes)
                if minutes
                else name
            )
    return found


def lines_of(office: Office, fields: Iterable[Field], before: Plain, after: Plain) -> list[Line]:
    """What differs between two versions of a desk, its services by name."""
    known = [*fields, Field("services", ATTENDS)]
    names = {service.code: pick(service.name) for service in office.services}
    return compare(known, _worded(before, names), _worded(after, names))


def _worded(entry: Plain, names: Mapping[str, str]) -> Plain:
    return {**entry, "services": [link_words(link, names) for link in entry.get("services", [])]}


def link_words(link: Any, names: Mapping[str, str]) -> str:
    """A service that a desk attends or an office gives, with what is different there."""
    code = str(trees.code_of(link))
    text = names.get(code, code)
    if not isinstance(link, dict):
        return text
    extra = []
    if "handicap_minutes" in link:
        extra.append(gettext(N_("after %(minutes)s min"), minutes=link["handicap_minutes"]))
    if "daily_limit" in link:
        extra.append(gettext(N_("%(count)s in a day"), count=link["daily_limit"]))
    if "place" in link:
        extra.append(pick(link["place"]))
    return f"{text} ({', '.join(extra)})" if extra else text
