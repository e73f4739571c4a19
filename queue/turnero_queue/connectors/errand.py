"""Reports what is due, one debt after another: a transaction, the call, a transaction."""

from __future__ import annotations

from pathlib import Path

import structlog

from turnero_core import clock
from turnero_core.db import Database
from turnero_core.errors import NotFound
from turnero_queue.connectors import registry, reporting
from turnero_queue.connectors.debt import DebtsUnavailable
from turnero_queue.connectors.guarded import Guarded
from turnero_queue.models import DebtReport

MOST_AT_ONCE = 100
log = structlog.get_logger()


def report_due(database: Database, instance: Path) -> int:
    """Tell the systems of what was paid; how many reports were taken. Never raises for theirs."""
    taken = 0
    for _ in range(MOST_AT_ONCE):
        with database.read() as session:
            if not reporting.is_due(session, clock.now()):
                break
        with database.write() as session:
            report = reporting.claim(session, clock.now())
        if report is not None:
            taken += _report(database, instance, report)
    return taken


def _report(database: Database, instance: Path, report: DebtReport) -> bool:
    try:
        _connector(database, instance, report.connector).report_paid(*reporting.as_told(report))
    except (DebtsUnavailable, NotFound) as error:
        why = error.why if isinstance(error, DebtsUnavailable) else "it is not configured any more"
        log.warning("debt_report_failed", connector=report.connector, why=why, report=report.id)
        with database.write() as session:
            reporting.failed(session, report, why, clock.now())
        return False
    with database.write() as session:
        return reporting.done(session, report, clock.now())


def _connector(database: Database, instance: Path, code: str) -> Guarded:
    with database.read() as session:
        return registry.connector(session, code, instance)
