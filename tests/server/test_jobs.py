"""Scheduled jobs: one process runs them, and one that fails does not stop the others."""

from datetime import timedelta

import pytest
import time_machine
from tests.server.installation import Installation

from turnero_core import clock
from turnero_core.db import Database
from turnero_core.errors import Conflict
from turnero_server import jobs, lease
from turnero_server.jobs import Job
from turnero_server.scheduler import Scheduler


def take(database: Database, holder: str) -> bool:
    with database.write() as session:
        return lease.take(session, holder, clock.now())


def test_one_process_holds_the_lease_until_it_stops_renewing(
    database: Database, clock: time_machine.Traveller
) -> None:
    assert take(database, "lima")
    assert not take(database, "cusco")
    clock.shift(lease.LASTS - timedelta(seconds=1))
    assert not take(database, "cusco")
    assert take(database, "lima")
    clock.shift(lease.LASTS - timedelta(seconds=1))
    assert not take(database, "cusco")
    clock.shift(timedelta(seconds=1))
    assert take(database, "cusco")
    assert not take(database, "lima")


def test_a_process_that_gives_up_the_lease_is_followed_at_once(database: Database) -> None:
    first, second = Scheduler(database), Scheduler(database)
    first.take_lease()
    second.take_lease()
    assert (first.leading, second.leading) == (True, False)
    second.stop()
    with database.read() as session:
        assert lease.holder(session, clock.now()) == first.holder
    first.stop()
    second.take_lease()
    assert second.leading


def test_only_the_process_that_leads_runs_jobs(database: Database) -> None:
    ran: list[str] = []
    job = Job("note", timedelta(minutes=1), "notes", lambda *_: len(ran.append("ran") or ran))
    leads, stands_by = Scheduler(database), Scheduler(database)
    leads.take_lease()
    stands_by.take_lease()
    stands_by.run(job)
    assert ran == []
    leads.run(job)
    assert ran == ["ran"]


def test_without_a_database_nobody_leads(tmp_path) -> None:
    lost = Database(f"sqlite:///{tmp_path / 'missing' / 'turnero.db'}")
    scheduler = Scheduler(lost)
    scheduler.leading = True
    scheduler.take_lease()
    assert not scheduler.leading


@pytest.mark.parametrize("error", [Conflict("not now"), None])
def test_a_job_that_is_refused_does_nothing_and_raises_nothing(
    database: Database, error: Exception | None
) -> None:
    def refuse(session, _now):
        lease.take(session, "the job", clock.now())
        if error:
            raise error
        return 1

    done = jobs.run(database, Job("refused", timedelta(minutes=1), "refuses", refuse))
    with database.read() as session:
        kept = lease.holder(session, clock.now())
    assert (done, kept) == ((0, None) if error else (1, "the job"))


def test_every_job_has_a_name_of_its_own_and_runs_on_a_blank_municipality(
    database: Database,
) -> None:
    assert len({job.name for job in jobs.JOBS}) == len(jobs.JOBS)
    assert [jobs.run(database, job) for job in jobs.JOBS] == [0] * len(jobs.JOBS)


def test_the_command_lists_them_and_runs_them_once(configured: Installation) -> None:
    listed = configured.run("jobs", "--list").splitlines()
    assert [line.split("\t")[0] for line in listed] == [job.name for job in jobs.JOBS]
    ran = configured.run("jobs", "--once").splitlines()
    assert ran == [f"{job.name}\t0" for job in jobs.JOBS]
