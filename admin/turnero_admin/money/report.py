"""The report of a day or a period, four ways added up, and as files for accounting."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Response, request, url_for

from turnero_admin.money.blueprint import VIEW, blueprint, page
from turnero_admin.panel import offices
from turnero_core import clock
from turnero_core.i18n import N_, gettext, pick
from turnero_core.web.access import access
from turnero_queue import audit, payments_report, points_of_sale
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.catalogue import Office
from turnero_queue.payments_report import WAYS, Entry
from turnero_queue.permissions import Permission

LONGEST = timedelta(days=92)
LONGEST_FILE = timedelta(days=366)
TITLES = {
    "method": N_("By method"),
    "service": N_("By service"),
    "point_of_sale": N_("By point of sale"),
    "staff": N_("By member of staff"),
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Period:
    """Local days, both included; `cut` when more was asked for than is shown at once."""

    first: date
    last: date
    cut: bool = False


@blueprint.get("/money")
@access(VIEW)
@reads
def report(unit: Unit) -> str:
    where, period = offices.within(unit, Permission.PAYMENTS_VIEW), _period(unit, LONGEST)
    found = {
        by: payments_report.payments_report(unit.session, where, period.first, period.last, by=by)
        for by in WAYS
    }
    asked: dict[str, Any] = {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        **_office(),
    }
    return page(
        "report.html",
        unit,
        reports=found,
        whole=found["method"],
        titles=TITLES,
        period=period,
        offices=_by_office(where, found["method"].entries),
        where=where,
        places=_places(unit, where),
        today=asked["from"] == asked["to"] == _today(unit).isoformat(),
        csv=url_for("money.report_csv", **asked),
        xlsx=url_for("money.report_xlsx", **asked),
    )


@blueprint.get("/money.csv")
@access(VIEW)
@changes
def report_csv(unit: Unit) -> Response:
    entries, name = _entries(unit, "csv")
    return _file(payments_report.to_csv(entries).encode("utf-8-sig"), "text/csv", name)


@blueprint.get("/money.xlsx")
@access(VIEW)
@changes
def report_xlsx(unit: Unit) -> Response:
    entries, name = _entries(unit, "xlsx")
    return _file(payments_report.to_xlsx(entries), XLSX, name)


def _entries(unit: Unit, kind: str) -> tuple[tuple[Entry, ...], str]:
    """The rows asked for; that they were taken is in the audit log."""
    where, period = offices.within(unit, Permission.PAYMENTS_VIEW), _period(unit, LONGEST_FILE)
    found = payments_report.payments_report(
        unit.session, where, period.first, period.last, by="method"
    )
    span = f"{period.first.isoformat()}_{period.last.isoformat()}"
    audit.record(
        unit.session,
        actor=unit.actor,
        action="export.payments",
        subject=f"{len(found.entries)} rows, {kind}",
        office_id=where[0].id if len(where) == 1 else None,
        after={"from": period.first.isoformat(), "to": period.last.isoformat()},
        now=unit.now,
    )
    return found.entries, f"{gettext(N_('payments'))}-{span}.{kind}"


def _file(content: bytes, mimetype: str, name: str) -> Response:
    ascii_name = name.encode("ascii", "ignore").decode()
    headers = {"Content-Disposition": f'attachment; filename="{ascii_name}"'}
    return Response(content, mimetype=mimetype, headers=headers)


def _period(unit: Unit, longest: timedelta) -> Period:
    """What the address asks for; today where it says nothing that can be used."""
    today = _today(unit)
    first = _day(request.args.get("from", "")) or today
    last = _day(request.args.get("to", "")) or max(first, today if first == today else first)
    first, last = min(first, last), max(first, last)
    if last - first > longest:
        return Period(first, first + longest, cut=True)
    return Period(first, last)


def _today(unit: Unit) -> date:
    where = offices.within(unit, Permission.PAYMENTS_VIEW)
    return clock.local_date(unit.now, (where or list(unit.catalogue.offices))[0].zone)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2200 else None


def _places(unit: Unit, where: list[Office]) -> dict[str, str]:
    """What the points of sale of these offices are called, by their codes."""
    return {
        place.code: f"{pick(place.name)} ({place.code})"
        for office in where
        for place in points_of_sale.of_office(unit.session, office)
    }


def _office() -> dict[str, str]:
    code = request.args.get("office")
    return {"office": code} if code else {}


def _by_office(where: list[Office], entries: tuple[Entry, ...]) -> list[dict[str, Any]]:
    """What came in and went back in each office; none for one alone, which is the whole."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for entry in entries:
        cell, back = sums[entry.office], entry.amount_minor < 0
        cell[2 * back] += 1
        cell[2 * back + 1] += abs(entry.amount_minor)
    if len(where) < 2:
        return []
    return [
        {
            "name": pick(office.name),
            "payments": sums[office.code][0],
            "paid_minor": sums[office.code][1],
            "refunds": sums[office.code][2],
            "refunded_minor": sums[office.code][3],
            "net_minor": sums[office.code][1] - sums[office.code][3],
        }
        for office in where
    ]
