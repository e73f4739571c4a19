"""The agent's own outbox: every job once, whatever comes twice, late or after a crash."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from turnero_core.clock import now
from turnero_hardware import outbox
from turnero_hardware.agent.store import Store
from turnero_hardware.models import JobState, Printer, PrintJob
from turnero_hardware.printer_error import PrinterError
from turnero_hardware.slip import Slip, Text

HALL = {"id": "p1", "code": "hall", "name": "Hall", "uri": "virtual://hall", "profile": "80mm"}
NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)


def handed(job_id: str, *, at: datetime = NOON, **overrides: Any) -> dict[str, Any]:
    """A job as the server hands it out."""
    job = {
        "id": job_id,
        "printer": HALL,
        "kind": "ticket",
        "slip": Slip((Text(job_id),)).to_dict(),
        "copy": False,
        "created_at": at.isoformat(),
    }
    return {**job, **overrides}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    made = Store(file, "this one")
    yield made
    made.close()


def jobs(store: Store) -> dict[str, tuple[str, bool]]:
    with store.database.read() as session:
        found = session.scalars(select(PrintJob).order_by(PrintJob.created_at, PrintJob.id))
        return {job.id: (str(job.state), job.copy) for job in found}


def take(store: Store) -> str | None:
    with store.database.write() as session:
        job = outbox.claim(session, "p1", "w", now())
        return job.id if job else None


def print_next(store: Store) -> str | None:
    job = take(store)
    if job:
        with store.database.write() as session:
            outbox.report_printed(session, job, "w", now())
    return job


def test_a_job_given_again_is_not_printed_again(store: Store) -> None:
    assert store.keep([handed("a"), handed("b")]) == 2
    print_next(store)

    assert store.keep([handed("a"), handed("b"), handed("c")]) == 1

    assert jobs(store) == {
        "a": ("printed", False),
        "b": ("queued", False),
        "c": ("queued", False),
    }
    store.reported("a")
    assert store.keep([handed("a")]) == 0
    assert store.holds() == ["b", "c"]


def test_jobs_print_in_the_servers_order_whatever_order_they_come_in(store: Store) -> None:
    later = handed("later", at=NOON + timedelta(microseconds=1))
    store.keep([later])
    store.keep([handed("first")])

    assert [print_next(store), print_next(store)] == ["first", "later"]


def test_what_was_being_printed_in_a_crash_is_a_copy_and_comes_first(file: Path) -> None:
    before = Store(file, "this one")
    before.keep([handed("a"), handed("b")])
    take(before)
    before.close()

    after = Store(file, "this one")

    assert jobs(after) == {"a": ("queued", True), "b": ("queued", False)}
    assert take(after) == "a"
    after.close()


def test_looking_at_it_recovers_nothing(store: Store, file: Path) -> None:
    store.keep([handed("a")])
    take(store)

    looked = Store.as_it_is(file)
    assert looked.counts() == (1, 0)
    looked.close()

    assert jobs(store) == {"a": ("claimed", False)}


def test_on_a_cloned_disk_what_waits_stays_unprinted(file: Path) -> None:
    before = Store(file, "this one")
    before.keep([handed("a"), handed("b"), handed("c")])
    print_next(before)
    take(before)
    before.close()

    clone = Store(file, "another machine")

    assert jobs(clone) == {
        "a": ("printed", False),
        "b": ("expired", False),
        "c": ("expired", False),
    }
    assert clone.holds() == ["a"]
    assert clone.keep([handed("b", copy=True)]) == 0
    clone.close()


def test_what_the_server_wants_back_is_not_begun(store: Store) -> None:
    store.keep([handed("a"), handed("b")])
    take(store)

    assert store.drop(["a", "b", "never heard of"]) == 1

    assert jobs(store) == {"a": ("claimed", False), "b": ("expired", False)}
    assert store.holds() == ["a"]
    assert store.to_report() == []


def test_every_end_is_reported_until_the_server_has_heard(store: Store) -> None:
    store.keep([handed("a"), handed("b"), handed("c", kind="receipt")])
    print_next(store)
    broken = PrinterError("Too long.", permanent=True)
    with store.database.write() as session:
        outbox.claim(session, "p1", "w", now())
        outbox.report_failed(session, "b", "w", broken, now())

    told = {report.job_id: report.body for report in store.to_report()}
    assert told == {
        "a": {"outcome": "printed", "copy": False},
        "b": {"outcome": "failed", "copy": False, "error": "Too long.", "permanent": True},
    }
    store.reported("a")
    assert [report.job_id for report in store.to_report()] == ["b"]
    assert store.counts() == (1, 1)


def test_old_tickets_are_given_up_by_the_servers_clock(
    store: Store, clock: time_machine.Traveller
) -> None:
    store.keep([handed("old"), handed("receipt", kind="receipt")])

    store.expire(NOON + timedelta(minutes=14))
    assert store.counts() == (2, 0)
    store.expire(NOON + timedelta(minutes=16))

    assert jobs(store)["old"] == ("expired", False)
    assert jobs(store)["receipt"] == ("queued", False)
    assert [report.outcome for report in store.to_report()] == ["expired"]


def test_a_clock_set_back_does_not_make_slips_wait(
    store: Store, clock: time_machine.Traveller
) -> None:
    store.keep([handed("a")])
    clock.shift(timedelta(days=-1))
    assert take(store) is None

    store.retry()

    assert take(store) == "a"


def test_a_printer_that_is_an_agents_no_more_is_left_alone(store: Store) -> None:
    patio = {**HALL, "id": "p2", "code": "patio"}
    store.know_printers([HALL, patio])
    assert [one["code"] for one in store.printers()] == ["hall", "patio"]

    store.know_printers([{**patio, "code": "hall"}])

    assert [one["code"] for one in store.printers()] == ["hall"]
    with store.database.read() as session:
        assert session.get_one(Printer, "p1").device_id == "elsewhere"


def test_a_week_after_it_was_reported_a_job_is_forgotten(
    store: Store, clock: time_machine.Traveller
) -> None:
    store.keep([handed("a"), handed("b")])
    print_next(store)
    store.reported("a")

    clock.shift(timedelta(days=6))
    store.forget()
    assert list(jobs(store)) == ["a", "b"]
    clock.shift(timedelta(days=2))
    store.forget()

    assert jobs(store) == {"b": ("queued", False)}


def test_an_outbox_of_an_older_version_gets_its_new_columns(file: Path) -> None:
    Store(file, "this one").close()
    with sqlite3.connect(file) as old:
        old.execute("DROP INDEX ix_printer_device_id")
        old.execute("ALTER TABLE printer DROP COLUMN device_id")
    old.close()

    store = Store(file, "this one")
    store.keep([handed("a")])

    assert jobs(store) == {"a": (JobState.QUEUED, False)}
    assert len(store.printers()) == 1
    store.close()
