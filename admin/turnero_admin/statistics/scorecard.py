"""The key indicators in their families, each with its change and what it means."""

from collections.abc import Mapping
from dataclasses import dataclass

from turnero_admin.statistics import differences
from turnero_admin.statistics.measures import MEASURES
from turnero_admin.statistics.numbers import Writer
from turnero_admin.statistics.tables import Kind
from turnero_core.i18n import N_, gettext
from turnero_queue.statistics import Figures, Report
from turnero_queue.statistics.comparing import Line, compare
from turnero_queue.statistics.indicators import (
    FAMILY_NAMES,
    INDICATORS,
    UNIT_NAMES,
    Family,
    Indicator,
    Unit,
)

HOUR_S = 3600
HEADLINES = ("issued", "served_share", "wait_median", "target_share")
#: What each family asks, in plain words.
ASKS: Mapping[Family, str] = {
    "efficiency": N_("How long do people wait, and how busy are the desks?"),
    "efficacy": N_("Do those who come get what they came for?"),
    "quality": N_("How well are they treated?"),
    "productivity": N_("How much is done?"),
    "impact": N_("What does it change?"),
}
KINDS: Mapping[Unit, Kind] = {
    "minutes": "minutes",
    "share": "share",
    "count": "count",
    "rate": "decimal",
    "hours": "hours",
}


@dataclass(frozen=True)
class Headline:
    value: str
    label: str
    change: str


@dataclass(frozen=True)
class Meaning:
    """What an indicator is, in the language being read."""

    code: str
    name: str
    definition: str
    formula: str
    unit: str
    owner: str


@dataclass(frozen=True)
class Card:
    """`missing` where there was nothing to measure, and `value` says so; `good` tells whether it
    went the right way, None when it did not move or neither way is."""

    meaning: Meaning
    value: str
    missing: bool
    change: str
    good: bool | None


@dataclass(frozen=True)
class Group:
    key: Family
    name: str
    asks: str
    cards: tuple[Card, ...]


def headlines(now: Figures, before: Figures, write: Writer) -> list[Headline]:
    """The four figures that are read first, each against the period before."""
    return [
        Headline(
            write.by_kind(measure.kind)(measure.read(now)),
            gettext(measure.label),
            differences.words(measure.kind, measure.read(now), measure.read(before), write),
        )
        for measure in (MEASURES[name] for name in HEADLINES)
    ]


def families(found: Report, before: Report, write: Writer) -> list[Group]:
    """Every indicator with its value, and what it was in the other period."""
    lines = compare(before.totals, found.totals)
    narrowed = found.query.narrows
    return [
        Group(
            family,
            gettext(name),
            gettext(ASKS[family]),
            tuple(
                _card(line, write, narrowed) for line in lines if line.indicator.family == family
            ),
        )
        for family, name in FAMILY_NAMES.items()
    ]


def meanings() -> list[tuple[str, str, list[Meaning]]]:
    """Of each family its name, what it asks, and what its indicators mean."""
    return [
        (
            gettext(name),
            gettext(ASKS[family]),
            [_meaning(one) for one in INDICATORS if one.family == family],
        )
        for family, name in FAMILY_NAMES.items()
    ]


def _card(line: Line, write: Writer, narrowed: bool) -> Card:
    meaning, kind = _meaning(line.indicator), KINDS[line.indicator.unit]
    if line.after is None:
        return Card(meaning, _why_missing(narrowed), True, "", None)
    now, before = line.after, line.before
    if line.indicator.unit == "hours":
        now, before = now * HOUR_S, None if before is None else before * HOUR_S
    good = None
    change = differences.words(kind, now, before, write)
    if line.good is not None and change != differences.unchanged():
        good = line.good
        way = gettext(N_("better")) if line.good else gettext(N_("worse"))
        change = f"{change} · {way}"
    return Card(meaning, write.by_kind(kind)(now), False, change, good)


def _why_missing(narrowed: bool) -> str:
    if narrowed:
        return gettext(N_("Not measured for this selection"))
    return gettext(N_("Nothing to measure in this period"))


def _meaning(indicator: Indicator) -> Meaning:
    return Meaning(
        indicator.code,
        gettext(indicator.name),
        gettext(indicator.definition),
        gettext(indicator.formula),
        gettext(UNIT_NAMES[indicator.unit]),
        gettext(indicator.owner),
    )
