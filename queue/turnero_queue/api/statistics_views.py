"""Statistics for other programs of the city."""

from typing import Any

from flask_smorest import Blueprint

from turnero_core.i18n import gettext
from turnero_core.web.access import access
from turnero_queue import statistics
from turnero_queue.api import statistics_schemas
from turnero_queue.api.edge import Unit, authenticate, reads
from turnero_queue.catalogue import Office
from turnero_queue.statistics import Query, Report
from turnero_queue.statistics.indicators import INDICATORS

blueprint = Blueprint("api_statistics", __name__, description="Figures derived from the events.")
blueprint.before_request(authenticate)
# The parameter of each filter of a query.
_FILTERS = {
    "services": "service",
    "desks": "desk",
    "staff": "staff",
    "priorities": "priority",
    "origins": "origin",
    "hours": "hour",
    "weekdays": "weekday",
}


@blueprint.get("/statistics")
@blueprint.arguments(statistics_schemas.StatisticsQuery, location="query")
@blueprint.response(200, statistics_schemas.Statistics)
@access("scope:statistics", "scope:admin")
@reads
def get_statistics(unit: Unit, asked: dict[str, Any]) -> dict[str, Any]:
    """Totals, indicators and the tables asked for, of a period of local days."""
    filters = {name: asked.get(given, ()) for name, given in _FILTERS.items()}
    query = Query(_offices(unit, asked), asked["first"], asked["last"], **filters)
    found = statistics.report(unit.session, query)
    return {
        "first": query.first.isoformat(),
        "last": query.last.isoformat(),
        "offices": [office.code for office in query.offices],
        "totals": found.totals,
        "indicators": _indicators(found),
        "tables": {name: found.by(name) for name in dict.fromkeys(asked.get("by", ()))},
    }


def _offices(unit: Unit, asked: dict[str, Any]) -> list[Office]:
    codes = dict.fromkeys(asked.get("office", ()))
    return [unit.office(code) for code in codes] or unit.offices_with("statistics.view")


def _indicators(found: Report) -> list[dict[str, Any]]:
    return [
        {
            "code": one.code,
            "name": gettext(one.name),
            "family": one.family,
            "unit": one.unit,
            "value": one.value(found.totals),
        }
        for one in INDICATORS
    ]
