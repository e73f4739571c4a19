"""What is measured of the devices, for Prometheus."""

from collections import Counter
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from turnero_hardware.models import OPEN_STATES, Printer, PrintJob
from turnero_hardware.status import Paper
from turnero_queue.catalogue import Catalogue
from turnero_queue.devices import HealthState, device_health
from turnero_queue.devices.alerts import open_alerts
from turnero_queue.devices.health import PRINTER


def measure_devices(
    registry: CollectorRegistry, session: Session, configured: Catalogue, now: datetime
) -> None:
    """Devices by kind and state, each printer's paper and line, and the alerts that are open."""
    found = device_health(session, None, now)
    devices = Gauge(
        "turnero_devices", "Devices by kind and state", ["kind", "state"], registry=registry
    )
    counts = Counter((health.kind, health.state) for health in found)
    for kind in sorted({health.kind for health in found}):
        for state in HealthState:
            devices.labels(kind, state).set(counts[kind, state])
    offices = {office.id: office.code for office in configured.offices_by_id.values()}
    paper = Gauge(
        "turnero_printer_paper",
        "1 for what a printer says of its paper",
        ["office", "printer", "paper"],
        registry=registry,
    )
    waiting = Gauge(
        "turnero_print_jobs_waiting",
        "Slips that wait to be printed",
        ["office", "printer"],
        registry=registry,
    )
    for health in found:
        if health.kind != PRINTER:
            continue
        place = offices.get(health.office_id or "", "")
        waiting.labels(place, health.code).set(health.jobs_waiting)
        for word in Paper:
            paper.labels(place, health.code, word).set(health.paper == word)
    _ages(registry, session, now)
    alerts = Gauge("turnero_device_alerts", "Alerts that are open", registry=registry)
    alerts.set(len(open_alerts(session)))


def _ages(registry: CollectorRegistry, session: Session, now: datetime) -> None:
    oldest = Gauge(
        "turnero_print_job_oldest_seconds",
        "Age of the oldest slip that waits",
        ["printer"],
        registry=registry,
    )
    rows = session.execute(
        select(Printer.code, func.min(PrintJob.created_at))
        .join(PrintJob, PrintJob.printer_id == Printer.id)
        .where(PrintJob.state.in_(OPEN_STATES))
        .group_by(Printer.code)
    )
    for code, since in rows:
        oldest.labels(code).set((now - since).total_seconds())
