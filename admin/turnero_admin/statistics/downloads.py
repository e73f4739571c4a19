"""Every table as a file: CSV and XLSX for spreadsheets, JSON for programs."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, request

from turnero_admin.statistics import asked as asking
from turnero_admin.statistics import breakdown, comparing, pictures, unusual
from turnero_admin.statistics.asked import Asked
from turnero_admin.statistics.blueprint import VIEW, blueprint
from turnero_admin.statistics.numbers import Writer
from turnero_admin.statistics.tables import Table
from turnero_core import spreadsheet
from turnero_core.errors import NotFound
from turnero_core.i18n import N_
from turnero_core.web.access import access
from turnero_core.web.runtime import runtime
from turnero_queue import audit
from turnero_queue.api.edge import Unit, reads
from turnero_queue.statistics import Report, report

Make = Callable[[Unit, Report, Asked, Writer], Table]
_NAMED: Mapping[str, Make] = {
    "funnel": lambda unit, found, asked, write: pictures.path(found, write).table,
    "week": lambda unit, found, asked, write: pictures.week(found, write).table,
    "waits": lambda unit, found, asked, write: pictures.waits(found, write).table,
    "arrivals": lambda unit, found, asked, write: pictures.arrivals(found, asked, write).table,
    "comparison": comparing.table,
    "out-of-order": unusual.table,
    "unusual": unusual.by_desk,
}


@blueprint.get("/files/<key>.<kind>")
@access(VIEW)
@reads
def download(unit: Unit, key: str, kind: str) -> Response:
    """A table of what is asked; that it was taken is in the audit log."""
    if kind not in _KINDS:
        raise NotFound(N_("There is no such file."))
    asked, write = asking.read(unit), Writer(unit.catalogue.locale)
    table = _table(unit, key, asked, write)
    content, mimetype = _KINDS[kind](table, asked)
    record(unit, asked, f"{key}.{kind}")
    name = f"{key}-{asked.period.first.isoformat()}_{asked.period.last.isoformat()}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=mimetype, headers=headers)


def record(unit: Unit, asked: Asked, what: str) -> None:
    """Note in the audit log that figures left the building, once they have been counted.

    In a transaction of its own: counting a year must not keep everybody else from writing.
    """
    with runtime().database.write() as session:
        session.info["address"] = request.remote_addr or ""
        audit.record(
            session,
            actor=unit.actor,
            action="export.statistics",
            subject=what,
            office_id=asked.offices[0].id if len(asked.offices) == 1 else None,
            after={
                "from": asked.period.first.isoformat(),
                "to": asked.period.last.isoformat(),
                **asked.kept,
            },
            now=unit.now,
        )


def _table(unit: Unit, key: str, asked: Asked, write: Writer) -> Table:
    found = report(unit.session, asked.query)
    if key in _NAMED:
        return _NAMED[key](unit, found, asked, write)
    dimension, _, group = key.partition("-")
    return breakdown.table(found, asked, breakdown.dimension_of(dimension), group, write)


def _csv(table: Table, asked: Asked) -> tuple[bytes, str]:
    return spreadsheet.csv_text(table.headings(), table.plain()).encode(), "text/csv"


def _xlsx(table: Table, asked: Asked) -> tuple[bytes, str]:
    return spreadsheet.xlsx_bytes(table.title, table.headings(), table.plain()), spreadsheet.XLSX


def _json(table: Table, asked: Asked) -> tuple[bytes, str]:
    """With what was asked, and each column's words and kind beside its key."""
    content: dict[str, Any] = {
        "table": table.key,
        "title": table.title,
        "from": asked.period.first.isoformat(),
        "to": asked.period.last.isoformat(),
        "offices": [office.code for office in asked.offices],
        "kept": dict(asked.kept),
        "columns": [
            {"key": column.key, "name": column.heading, "kind": column.kind}
            for column in table.columns
        ],
        "rows": table.records(),
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode(), "application/json"


_KINDS: Mapping[str, Callable[[Table, Asked], tuple[bytes, str]]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "json": _json,
}
