"""A change of the configuration in words: what it was about, and field by field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from turnero_admin.configuration import (
    closures,
    fields,
    kinds,
    past_city,
    past_payments,
    printer_address,
    printer_fields,
    rule_fields,
)
from turnero_admin.configuration.fields import Field, Line
from turnero_admin.configuration.links import ATTENDS, link_words
from turnero_admin.configuration.office_fields import DESK, GENERAL
from turnero_admin.schedules.blueprint import FIELDS
from turnero_core.i18n import N_, gettext, pick
from turnero_queue.catalogue import Catalogue
from turnero_queue.configuration.deltas import ORDER, PAYMENTS
from turnero_queue.opening import WEEKDAY_NAMES, WEEKDAYS

SECTIONS = {
    "services": N_("Service"),
    "categories": N_("Category"),
    "priorities": N_("Priority"),
    "offices": N_("Office"),
    "desks": N_("Desk"),
    "printers": N_("Printer"),
    "availability": N_("Schedule"),
    "municipality": N_("Municipality"),
}
OFFICE_KEYS = (
    *GENERAL,
    *closures.FIELDS,
    Field("hours", N_("Opening hours")),
    Field("rules", N_("Rules")),
    Field("services", N_("Services of the office")),
    Field("texts", N_("Texts of slips and screens")),
    Field("hall", N_("Hall screens")),
)
DESK_FIELDS = (*DESK[1:], Field("services", ATTENDS))
SCHEDULE_FIELDS = tuple(
    Field({"exceptions": "except"}.get(name, name), label) for name, label in FIELDS.items()
)
ADDED, RETIRED, ALTERED, MOVED = "added", "retired", "altered", "moved"


@dataclass(frozen=True)
class Told:
    """One entry: its name, what it is, what happened to it, and the lines that differ."""

    title: str
    section: str
    what: str
    lines: list[Line]


def told(entries: Sequence[Mapping[str, Any]], catalogue: Catalogue) -> list[Told]:
    """Each entry in words. A list is in another order only where those that stay are."""
    return [
        _told(list(entry["path"]), entry["before"], entry["after"], catalogue)
        for entry in entries
        if entry["path"][0] != ORDER or _is_turned(entry["before"] or [], entry["after"] or [])
    ]


def _is_turned(before: list[str], after: list[str]) -> bool:
    stayed = [code for code in before if code in after]
    return stayed != [code for code in after if code in before]


def _told(path: list[str], before: Any, after: Any, catalogue: Catalogue) -> Told:
    if path[: len(PAYMENTS)] == list(PAYMENTS) and len(path) > len(PAYMENTS):
        return Told(*past_payments.told(path[len(PAYMENTS) :], before, after, ALTERED))
    if path[0] == ORDER:
        names = _names(path[1:], catalogue)
        line = Line(gettext(N_("Order")), _listed(before, names), _listed(after, names))
        office = _office_name(path[2], catalogue) if path[1] == "offices" and len(path) > 3 else ""
        return Told(_list_name(path[-1]), office, MOVED, [line])
    if path[0] == "municipality":
        return Told(
            _section_name("municipality"), "", ALTERED, past_city.lines(path[1], before, after)
        )
    if path[0] == "offices" and len(path) == 3:
        lines = _office_key(path[2], before, after, catalogue)
        return Told(_office_name(path[1], catalogue), _section_name("offices"), ALTERED, lines)
    what = ADDED if before is None else RETIRED if after is None else ALTERED
    name = _entry_name(after or before, path[-1])
    section = _section_name(path[-2])
    if len(path) > 3:
        section = f"{section} · {_office_name(path[1], catalogue)}"
    return Told(name, section, what, _entry(path, before, after, catalogue))


def _entry(path: list[str], before: Any, after: Any, catalogue: Catalogue) -> list[Line]:
    """The fields of an entry; of one that comes or goes its title says enough."""
    if before is None or after is None:
        return []
    names = _service_names(catalogue)
    if path[-2] in ("desks", "availability"):
        known: tuple[Field, ...] = DESK_FIELDS if path[-2] == "desks" else SCHEDULE_FIELDS
        before, after = (_with_words(value, names) for value in (before, after))
    elif path[-2] == "printers":
        known = printer_fields.TOLD
        before, after = (
            {**value, "uri": printer_address.words(value["uri"])} for value in (before, after)
        )
    else:
        known = kinds.KINDS[path[0]].fields if path[0] in kinds.KINDS else ()
    return fields.compare(known, before, after)


def _with_words(entry: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {**entry, "services": [link_words(link, names) for link in entry.get("services", [])]}


def _office_key(key: str, before: Any, after: Any, catalogue: Catalogue) -> list[Line]:
    names = _service_names(catalogue)
    if key == "hours":
        return fields.compare(
            (),
            {gettext(N_("Opening hours")): _week(before)},
            {gettext(N_("Opening hours")): _week(after)},
        )
    if key == "rules":
        return fields.compare(rule_fields.all_of(shared=True), before, after)
    if key == "services":
        old, new = ([link_words(link, names) for link in value or []] for value in (before, after))
        gone = [text for text in old if text not in new]
        come = [text for text in new if text not in old]
        label = gettext(N_("Services of the office"))
        return [Line(label, ", ".join(gone), ", ".join(come))]
    if key == "closures":
        before, after = ([_closure(each) for each in value or []] for value in (before, after))
    return fields.compare(OFFICE_KEYS, {key: before}, {key: after})


def _week(value: Mapping[str, Sequence[str]] | None) -> str:
    names = dict(zip(WEEKDAYS, WEEKDAY_NAMES, strict=True))

    def named(days: str) -> str:
        parts = [part.split("-") for part in days.split(",")]
        return ", ".join(" – ".join(gettext(names.get(day, day)) for day in part) for part in parts)

    return "; ".join(f"{named(days)}: {', '.join(spans)}" for days, spans in (value or {}).items())


def _closure(value: Mapping[str, Any]) -> str:
    days = value["from"] if value["from"] == value.get("to") else f"{value['from']} – {value['to']}"
    reason = pick(value.get("reason", {}))
    return f"{days} ({reason})" if reason else str(days)


LISTS = {
    "services": N_("Services"),
    "categories": N_("Categories"),
    "priorities": N_("Priorities"),
    "offices": N_("Offices"),
    "desks": N_("Desks"),
    "printers": N_("Printers"),
    "availability": N_("Schedules"),
    "points_of_sale": N_("Points of sale"),
    "connectors": N_("Systems of debts"),
    "certificates": N_("Certificates"),
}


def _entry_name(entry: Any, code: str) -> str:
    name = entry.get("name") if isinstance(entry, Mapping) else None
    return (pick(name) if isinstance(name, Mapping) else name) or code


def _office_name(code: str, catalogue: Catalogue, entry: Any = None) -> str:
    known = {office.code: office.name for office in catalogue.offices_by_id.values()}
    return pick(known[code]) if code in known else _entry_name(entry, code)


def _service_names(catalogue: Catalogue) -> dict[str, str]:
    return {service.code: pick(service.name) for service in catalogue.services_by_id.values()}


def _names(path: Sequence[str], catalogue: Catalogue) -> dict[str, str]:
    """How the entries of a list are called, by code."""
    if path[-1] == "services":
        return _service_names(catalogue)
    if path[-1] == "offices":
        return {office.code: pick(office.name) for office in catalogue.offices_by_id.values()}
    if path[-1] == "priorities":
        every = catalogue.priorities_by_id.values()
        return {priority.code: pick(priority.name) for priority in every}
    if path[-1] == "categories":
        return {category.code: pick(category.name) for category in catalogue.categories}
    return {}


def _listed(codes: Any, names: Mapping[str, str]) -> str:
    return ", ".join(names.get(code, code) for code in codes or [])


def _list_name(section: str) -> str:
    return gettext(LISTS.get(section, section))


def _section_name(section: str) -> str:
    return gettext(SECTIONS.get(section, section))
