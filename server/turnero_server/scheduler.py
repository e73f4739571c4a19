"""Runs the jobs in whichever process holds the lease; the others stand by."""

import os
import socket
from datetime import UTC
from typing import Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from sqlalchemy.exc import SQLAlchemyError

from turnero_core import clock
from turnero_core.db import Database
from turnero_core.ids import new_id
from turnero_server import jobs, lease

RENEW_S = 20
log = structlog.get_logger()
_settings: dict[str, Any] = {
    "timezone": UTC,
    # A turn that was missed, as when the machine slept, is made up for once.
    "job_defaults": {"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
}


class Scheduler:
    """Start it once in every process that may run jobs."""

    def __init__(self, database: Database, *, foreground: bool = False) -> None:
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{new_id()[-8:]}"[:120]
        self.leading = False
        self._database = database
        kind: type[BaseScheduler] = BlockingScheduler if foreground else BackgroundScheduler
        self._clockwork = kind(**_settings)

    def start(self) -> None:
        """Returns at once, or with `foreground` when somebody stops it."""
        self.take_lease()
        self._clockwork.add_job(self.take_lease, "interval", seconds=RENEW_S)
        for job in jobs.JOBS:
            self._clockwork.add_job(
                self.run, "interval", [job], seconds=job.every.total_seconds(), name=job.name
            )
        self._clockwork.start()

    def stop(self) -> None:
        if self._clockwork.running:
            self._clockwork.shutdown(wait=False)
        if self.leading:
            self.leading = False
            self._give_up()

    def _give_up(self) -> None:
        try:
            with self._database.write() as session:
                lease.give_up(session, self.holder)
        except SQLAlchemyError as error:
            log.warning("lease_not_given_up", error=str(error))

    def take_lease(self) -> None:
        """Try to lead, or to go on leading; without the database nobody leads."""
        led = self.leading
        try:
            with self._database.write() as session:
                self.leading = lease.take(session, self.holder, clock.now())
        except SQLAlchemyError as error:
            self.leading = False
            log.warning("lease_not_renewed", error=str(error))
        if self.leading and not led:
            log.info("scheduler_leads", holder=self.holder)

    def run(self, job: jobs.Job) -> None:
        if self.leading:
            jobs.run(self._database, job)
