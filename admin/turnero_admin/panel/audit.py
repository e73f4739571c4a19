"""The auditor's page: the log searched, downloaded, and whether its chain is whole."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, render_template, request, url_for

from turnero_admin.panel import offices
from turnero_admin.panel.blueprint import blueprint
from turnero_core import clock, spreadsheet
from turnero_core.i18n import pick
from turnero_core.web.access import access
from turnero_queue import audit as log
from turnero_queue import audit_search, audit_words
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.audit_search import Query
from turnero_queue.models import AuditEntry
from turnero_queue.permissions import Permission

PAGE = 50
FILTERS = ("actor", "action", "q", "from", "to", "office")
MOST_DOWNLOADED = 50_000
# How many of the last entries are checked at every look; all of them when asked for.
QUICK = 500
COLUMNS = (
    "seq", "at", "actor", "action", "subject", "office", "before", "after", "reason", "address",
    "hash",
)  # fmt: skip


@blueprint.get("/audit")
@access("can:audit.view")
@reads
def audit(unit: Unit) -> str:
    before = request.args.get("before", type=int)
    found = audit_search.search(unit.session, _query(unit), PAGE + 1, before)
    older = found[PAGE - 1].seq if len(found) > PAGE else None
    whole = request.args.get("check") == "all"
    last = log.last_seq(unit.session)
    return render_template(
        "admin/panel/audit.html",
        entries=found[:PAGE],
        office_names=_names(unit),
        zone=ZoneInfo(unit.catalogue.timezone),
        actions=_acts(unit),
        words=audit_words.words,
        asked=_asked(),
        download=url_for("panel.audit_csv", **_asked()),
        finding=log.verify(unit.session, 0 if whole else max(0, last - QUICK)),
        checked_all=whole or last <= QUICK,
        newest=_here() if before else None,
        older=_here(before=older) if older else None,
    )


@blueprint.get("/audit.csv")
@access("can:audit.view")
@changes
def audit_csv(unit: Unit) -> Response:
    """What was found, as a file; that it was taken is in the log too."""
    found = audit_search.search(unit.session, _query(unit), MOST_DOWNLOADED)
    names = _names(unit)
    text = spreadsheet.csv_text(COLUMNS, ([*_row(entry, names)] for entry in found))
    log.record(
        unit.session,
        actor=unit.actor,
        action="export.audit",
        subject=f"{len(found)} entries",
        after=_asked() or None,
        now=unit.now,
    )
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return Response(text, mimetype="text/csv", headers=headers)


def _query(unit: Unit) -> Query:
    """What the address asks for, within the offices whose log one may read."""
    asked = request.args
    office = offices.chosen(unit, Permission.AUDIT_VIEW)
    within = _within(unit)
    zone = ZoneInfo(unit.catalogue.timezone)
    text = asked.get("q", "").strip()
    query = Query(
        asked.get("actor", "").strip(),
        asked.get("action", ""),
        text,
        audit_words.like(text),
        _midnight(asked.get("from", ""), zone),
        _midnight(asked.get("to", ""), zone, days=1),
        within,
    )
    return replace(query, offices={office.id}) if office else query


def _acts(unit: Unit) -> list[tuple[str, str]]:
    """The codes in the log with their words, in the order of the words."""
    codes = audit_search.actions(unit.session, _within(unit))
    return sorted(((code, audit_words.words(code)) for code in codes), key=lambda act: act[1])


def _within(unit: Unit) -> frozenset[str] | None:
    """The offices whose log one may read; None is all of them."""
    grants = unit.caller.grants if unit.caller else None
    return grants.offices(Permission.AUDIT_VIEW) if grants else frozenset()


def _midnight(day: str, zone: ZoneInfo, days: int = 0) -> datetime | None:
    """The beginning of a day written 2026-03-02, or so many days later; None for what is no day."""
    try:
        date_ = date.fromisoformat(day) + timedelta(days=days)
        return datetime(date_.year, date_.month, date_.day, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _names(unit: Unit) -> dict[str, str]:
    return {office.id: pick(office.name) for office in unit.catalogue.offices_by_id.values()}


def _row(entry: AuditEntry, names: dict[str, str]) -> tuple[object, ...]:
    office = names.get(entry.office_id or "", entry.office_id or "")
    return (
        entry.seq,
        clock.rfc3339(entry.at),
        entry.actor,
        entry.action,
        entry.subject,
        office,
        entry.before or "",
        entry.after or "",
        entry.reason,
        entry.address,
        entry.hash,
    )


def _asked() -> dict[str, Any]:
    return {name: request.args[name] for name in FILTERS if request.args.get(name)}


def _here(**more: Any) -> str:
    return url_for("panel.audit", **_asked(), **more)
