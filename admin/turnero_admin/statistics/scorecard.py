"""The key indicators in their families, each with its change and what it means."""

from dataclasses import dataclass

from turnero_admin.statistics import differences
from turnero_admin.statistics.measures import MEASURES
from turnero_admin.statistics.numbers import Writer
from turnero_core.i18n import gettext
from turnero_queue.api.edge import Unit
from turnero_queue.statistics import Report

HEADLINES = ("issued", "served_share", "wait_median", "target_share")


@dataclass(frozen=True)
class Card:
    """`missing` where there was nothing to measure, and `value` says so."""

    name: str
    value: str
    missing: bool
    change: str
    definition: str
    formula: str
    unit: str
    owner: str


@dataclass(frozen=True)
class Family:
    key: str
    name: str
    asks: str
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Headline:
    value: str
    label: str
    change: str


def headlines(found: Report, before: Report, write: Writer) -> list[Headline]:
    """The four figures that are read first, each against the period before."""
    return [
        Headline(
            write.by_kind(measure.kind)(measure.read(found.totals)),
            gettext(measure.label),
            differences.words(
                measure.kind, measure.read(found.totals), measure.read(before.totals), write
            ),
        )
        for measure in (MEASURES[name] for name in HEADLINES)
    ]


def families(unit: Unit, found: Report, before: Report, write: Writer) -> list[Family]:
    return []
