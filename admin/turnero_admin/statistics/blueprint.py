"""The blueprint of the statistics pages in `/admin/statistics`."""

from typing import Any

from flask import Blueprint, render_template, url_for

from turnero_admin.panel.blueprint import prepare
from turnero_admin.statistics import filters
from turnero_admin.statistics.asked import Asked
from turnero_admin.statistics.numbers import Writer
from turnero_core.i18n import N_
from turnero_queue.api.edge import Unit
from turnero_queue.statistics.names import DIMENSION_NAMES

VIEW = "can:statistics.view"
blueprint = prepare(Blueprint("statistics", __name__, url_prefix="/admin/statistics"))

# The section's pages that are not of one dimension.
TABS: tuple[tuple[str, str], ...] = (
    ("statistics.index", N_("At a glance")),
    ("statistics.compare", N_("Compare")),
    ("statistics.unusual", N_("Out of the ordinary")),
    ("statistics.reports", N_("Monthly report")),
    ("statistics.indicators", N_("What the figures mean")),
)
# A month is for the charts of long periods only.
DIMENSIONS = {key: name for key, name in DIMENSION_NAMES.items() if key != "month"}


def page(template: str, unit: Unit, asked: Asked, **context: Any) -> str:
    """A page of the section: `asked` is what the address asks for, `write` writes figures."""
    return render_template(
        f"admin/statistics/{template}",
        unit=unit,
        asked=asked,
        write=Writer(unit.catalogue.locale),
        tabs=TABS,
        dimensions=DIMENSIONS,
        presets=filters.presets(asked),
        files=files,
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
