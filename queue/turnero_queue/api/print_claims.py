"""An agent asks for print jobs and waits, without a transaction, until there are some."""

import queue
from time import monotonic
from typing import Any

from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.web.runtime import runtime
from turnero_hardware import outbox, outbox_agents
from turnero_hardware.models import Printer, PrintJob
from turnero_hardware.outbox_agents import Handed
from turnero_queue import devices
from turnero_queue.api import device_edge
from turnero_queue.devices.heartbeat import described
from turnero_queue.models.devices import Device

# What falls due by itself, such as a job whose lease ran out, is announced by nobody.
LOOK_EVERY_S = 2.0


def claim(holds: list[str], wait_s: float) -> dict[str, Any]:
    """Jobs for the agent that asks, as soon as there are any and after `wait_s` seconds at most;
    a revoked agent that waits gets nothing."""
    woken = runtime().hub.subscribe(outbox.TOPIC)
    end = monotonic() + wait_s
    try:
        with runtime().database.write() as session:
            device_edge.agent(session)
        while not _is_something_due(holds):
            left = end - monotonic()
            if left <= 0:
                return {"jobs": [], "drop": [], "server_time": clock.rfc3339(clock.now())}
            _sleep(woken, min(left, LOOK_EVERY_S))
        return _hand_out(holds)
    finally:
        runtime().hub.unsubscribe(woken)


def _sleep(woken: Any, seconds: float) -> None:
    try:
        woken.get(seconds)
        while True:
            woken.get(0)
    except queue.Empty:
        return


def _is_something_due(holds: list[str]) -> bool:
    with runtime().database.read() as session:
        agent = devices.authenticate(session, device_edge.token(), clock.now())
        printers, worker = _own(session, agent)
        return outbox_agents.has_work(session, printers, worker, holds, clock.now())


def _hand_out(holds: list[str]) -> dict[str, Any]:
    with runtime().database.write() as session:
        agent = device_edge.agent(session)
        now = clock.now()
        printers, worker = _own(session, agent)
        handed = outbox_agents.hand_out(session, printers, worker, holds, now)
        return _shown(session, handed)


def _own(session: Session, agent: Device) -> tuple[list[str], str]:
    printers = [printer.id for printer in devices.printers_of(session, agent)]
    return printers, devices.worker_name(agent)


def _shown(session: Session, handed: Handed) -> dict[str, Any]:
    return {
        "jobs": [_job(session, job) for job in handed.jobs],
        "drop": handed.drop,
        "server_time": clock.rfc3339(clock.now()),
    }


def _job(session: Session, job: PrintJob) -> dict[str, Any]:
    return {
        "id": job.id,
        "printer": described(session.get_one(Printer, job.printer_id)),
        "kind": job.kind,
        "slip": job.slip,
        "copy": job.copy,
        "attempt": job.attempts,
        "created_at": clock.rfc3339(job.created_at),
        "lease_until": clock.rfc3339(job.lease_until) if job.lease_until else None,
    }
