"""The blueprint of the statistics pages in `/admin/statistics`."""

from typing import Any

from flask import Blueprint, render_template, url_for

from turnero_admin.panel.blueprint import prepare
from turnero_admin.statistics import filters
from turnero_admin.statistics.asked import Asked
from turnero_admin.statistics.numbers import Writer
from turnero_core.i18n import N_
from turnero_queue.api.edge import Unit

VIEW = "can:statistics.view"
blueprint = prepare(Blueprint("statistics", __name__, url_prefix="/admin/statistics"))

# Where the section's pages are: endpoint, what it is called, its own arguments.
TABS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("statistics.index", N_("At a glance"), {}),
    ("statistics.by", N_("By office"), {"dimension": "office"}),
    ("statistics.by", N_("By service"), {"dimension": "service"}),
    ("statistics.by", N_("By desk"), {"dimension": "desk"}),
    ("statistics.by", N_("By member of staff"), {"dimension": "staff"}),
    ("statistics.by", N_("By priority"), {"dimension": "priority"}),
    ("statistics.by", N_("By origin"), {"dimension": "origin"}),
    ("statistics.by", N_("By hour"), {"dimension": "hour"}),
    ("statistics.by", N_("By weekday"), {"dimension": "weekday"}),
    ("statistics.by", N_("By day"), {"dimension": "day"}),
    ("statistics.calls", N_("Out of the ordinary"), {}),
    ("statistics.compare", N_("Compare"), {}),
    ("statistics.indicators", N_("What the figures mean"), {}),
    ("statistics.reports", N_("Monthly report"), {}),
)


def page(template: str, unit: Unit, asked: Asked, **context: Any) -> str:
    """A page of the section: `asked` is what the address asks for, `write` writes figures."""
    return render_template(
        f"admin/statistics/{template}",
        unit=unit,
        asked=asked,
        write=Writer(unit.catalogue.locale),
        tabs=TABS,
        choices=filters.choices(unit, asked),
        chips=filters.chips(unit, asked),
        # The frame's own switcher would forget the rest of what is asked.
        switcher=None,
        **context,
    )


def files(asked: Asked, key: str, **arguments: str) -> list[tuple[str, str]]:
    """Where the table `key` of what is asked can be downloaded."""
    return [
        (
            kind.upper(),
            url_for("statistics.download", key=key, kind=kind, **asked.address(**arguments)),
        )
        for kind in ("csv", "xlsx", "json")
    ]
