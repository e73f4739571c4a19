"""What the filter of a page offers, and what it has chosen, each with a way to drop it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import request, url_for

from turnero_admin import show
from turnero_admin.statistics.asked import ORIGINS, Asked
from turnero_admin.statistics.heat import clock
from turnero_admin.statistics.numbers import Writer
from turnero_admin.statistics.periods import CUSTOM, PRESETS
from turnero_core.i18n import N_, gettext, pick
from turnero_queue.api.edge import Unit
from turnero_queue.permissions import Permission
from turnero_queue.statistics.names import DIMENSION_NAMES


@dataclass(frozen=True)
class Choice:
    """A select: (value, text) pairs; `blank` stands for all."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str
    blank: str
    common: bool = False


@dataclass(frozen=True)
class Chip:
    """Something chosen; `href` leads to the same page without it."""

    label: str
    text: str
    href: str


@dataclass(frozen=True)
class Preset:
    text: str
    href: str
    current: bool


def choices(unit: Unit, asked: Asked) -> list[Choice]:
    """The selects: only what belongs to offices that one may see."""
    mine = unit.offices_with(Permission.STATISTICS_VIEW)
    service_name = DIMENSION_NAMES["service"]
    services = {service.code: service for office in asked.offices for service in office.services}
    found = [
        Choice(
            "service",
            gettext(service_name),
            tuple((code, pick(service.name)) for code, service in services.items()),
            asked.kept.get("service", ""),
            gettext(N_("All services")),
            common=True,
        ),
        *(_more(unit, asked, name) for name in ("desk", "priority", "origin", "hour", "weekday")),
    ]
    if len(mine) > 1:
        places = tuple((office.code, pick(office.name)) for office in mine)
        chosen = asked.office.code if asked.office else ""
        everywhere = gettext(N_("All my offices"))
        found.insert(
            0, Choice("office", gettext(N_("Office")), places, chosen, everywhere, common=True)
        )
    return found


def _more(unit: Unit, asked: Asked, name: str) -> Choice:
    return Choice(
        name,
        gettext(DIMENSION_NAMES[name]),
        tuple(_OPTIONS[name](unit, asked)),
        asked.kept.get(name, ""),
        gettext(N_("All")),
    )


def _desks(unit: Unit, asked: Asked) -> list[tuple[str, str]]:
    several = len(asked.offices) > 1
    return [
        (
            f"{office.code}/{desk.code}",
            f"{pick(office.name)}: {pick(desk.name)}" if several else pick(desk.name),
        )
        for office in asked.offices
        for desk in office.desks
    ]


def _weekdays(unit: Unit, asked: Asked) -> list[tuple[str, str]]:
    write = Writer(unit.catalogue.locale)
    return [(str(day), write.weekday(day)) for day in range(7)]


_OPTIONS: Mapping[str, Callable[[Unit, Asked], list[tuple[str, str]]]] = {
    "desk": _desks,
    "priority": lambda unit, asked: [(p.code, pick(p.name)) for p in unit.catalogue.priorities],
    "origin": lambda unit, asked: [(code, show.origin(code)) for code in ORIGINS],
    "hour": lambda unit, asked: [(str(hour), clock(hour)) for hour in range(24)],
    "weekday": _weekdays,
}


def chips(unit: Unit, asked: Asked) -> list[Chip]:
    """What is kept, in words."""
    known = {choice.name: dict(choice.options) for choice in choices(unit, asked)}
    return [
        Chip(
            gettext(DIMENSION_NAMES[name]),
            known.get(name, {}).get(value, value),
            here(asked, **{name: None}),
        )
        for name, value in asked.kept.items()
    ]


def presets(asked: Asked) -> list[Preset]:
    return [
        Preset(gettext(label), here(asked, period=name), asked.period.preset == name)
        for name, label in PRESETS.items()
        if name != CUSTOM
    ]


def here(asked: Asked, **changed: str | None) -> str:
    """This page for something else asked."""
    return url_for(request.endpoint or "", **(request.view_args or {}), **asked.address(**changed))
