"""The calls for help of some days, with how long people waited."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request

from turnero_admin.helping.banner import words_of
from turnero_admin.helping.blueprint import blueprint
from turnero_admin.panel import offices
from turnero_core import clock
from turnero_core.i18n import N_, pick
from turnero_core.web.access import access
from turnero_queue import helping
from turnero_queue.api.edge import Unit, reads
from turnero_queue.permissions import Permission

DAYS = 7
ENDINGS = {
    "done": (N_("Helped"), "ok"),
    "cancelled": (N_("Cancelled at the kiosk"), ""),
    "unanswered": (N_("Nobody came"), "danger"),
    "forgotten": (N_("Taken, never closed"), "warn"),
}


@blueprint.get("", strict_slashes=False)
@access("can:office.supervise")
@reads
def index(unit: Unit) -> str:
    since, until = asked_days(unit)
    zone = ZoneInfo(unit.catalogue.timezone)
    mine = offices.within(unit, Permission.OFFICE_SUPERVISE)
    begin = datetime.combine(since, datetime.min.time(), zone)
    end = datetime.combine(until + timedelta(days=1), datetime.min.time(), zone)
    calls = helping.listed(unit.session, [office.id for office in mine], begin, end)
    return render_template(
        "admin/help/index.html",
        calls=calls,
        figures=helping.figures(calls),
        offices={office.id: pick(office.name) for office in mine},
        where={call.id: words_of(unit.catalogue, call) for call in calls},
        endings=ENDINGS,
        zone=zone,
        now=unit.now,
        asked={"from": since.isoformat(), "to": until.isoformat()},
    )


def asked_days(unit: Unit, days: int = DAYS) -> tuple[date, date]:
    """The days that the address names, else the last seven."""
    today = clock.local_date(unit.now, ZoneInfo(unit.catalogue.timezone))
    until = _day(request.args.get("to")) or today
    since = _day(request.args.get("from")) or until - timedelta(days=days - 1)
    return min(since, until), until


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
