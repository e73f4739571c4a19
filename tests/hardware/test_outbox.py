"""The outbox prints in order, one at a time, never drops a slip and never doubles it silently."""

import threading
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from turnero_core.db import Database
from turnero_core.errors import Conflict, Invalid
from turnero_hardware.models import JobState, Printer, PrinterState, PrintJob, PrintJobEvent
from turnero_hardware.outbox import (
    LEASE,
    backoff,
    claim,
    enqueue,
    expire_old,
    report_failed,
    report_printed,
    reprint,
    waiting_printers,
)
from turnero_hardware.outbox_moves import move_jobs
from turnero_hardware.printer_error import PrinterError
from turnero_hardware.slip import Slip, Text
from turnero_hardware.tcp import CLOSED, NO_PAPER

SECOND = timedelta(seconds=1)


def create_printer(session: Session, code: str = "hall", **overrides: str) -> Printer:
    fields = {"name": "Hall printer", "uri": "virtual://tray", "profile": "80mm", **overrides}
    printer = Printer(code=code, **fields)
    session.add(printer)
    session.flush()
    return printer


def queue_slip(
    session: Session, printer: Printer, at: datetime, text: str = "R012", kind: str = "ticket"
) -> PrintJob:
    return enqueue(session, printer, Slip((Text(text),)), kind, None, at)


def history(session: Session, job: PrintJob) -> list[str]:
    events = select(PrintJobEvent.kind).where(PrintJobEvent.print_job_id == job.id)
    return list(session.scalars(events.order_by(PrintJobEvent.id)))


def reload(session: Session, job: PrintJob) -> PrintJob:
    session.refresh(job)
    return job


def test_a_job_is_claimed_printed_and_never_claimed_again(
    outbox_database: Database, at: datetime
) -> None:
    with outbox_database.write() as session:
        printer = create_printer(session)
        job = queue_slip(session, printer, at)

        taken = claim(session, printer.id, "ana", at)
        assert taken is not None
        assert (taken.id, taken.attempts, taken.copy) == (job.id, 1, False)
        assert Slip.from_dict(taken.slip) == Slip((Text("R012"),))
        assert report_printed(session, job.id, "ana", at + SECOND)

        assert claim(session, printer.id, "beto", at + LEASE * 9) is None
        done = reload(session, job)
        assert (done.state, done.printed_at, done.claimed_by) == ("printed", at + SECOND, None)
        assert history(session, job) == ["queued", "claimed", "printed"]
        session.refresh(printer)
        assert (printer.state, printer.last_seen_at) == (PrinterState.READY, at + SECOND)


def test_slips_print_in_the_order_they_were_asked_for(
    outbox_database: Database, at: datetime
) -> None:
    with outbox_database.write() as session:
        printer = create_printer(session)
        late = queue_slip(session, printer, at + SECOND, "R013")
        early = queue_slip(session, printer, at, "R012")
        now = at + 2 * SECOND

        first = claim(session, printer.id, "ana", now)
        assert claim(session, printer.id, "beto", now) is None
        assert report_printed(session, early.id, "ana", now)
        second = claim(session, printer.id, "beto", now)

        assert first is not None
        assert second is not None
        assert [first.id, second.id] == [early.id, late.id]


def test_a_job_whose_worker_vanished_prints_again_as_a_copy(
    outbox_database: Database, at: datetime
) -> None:
    with outbox_database.write() as session:
        printer = create_printer(session)
        job = queue_slip(session, printer, at)
        claim(session, printer.id, "ana", at)

        assert claim(session, printer.id, "beto", at + LEASE) is None
        again = claim(session, printer.id, "beto", at + LEASE + SECOND)

        assert again is not None
        assert (again.id, again.copy, again.claimed_by, again.attempts) == (job.id, True, "beto", 2)
        assert not report_printed(session, job.id, "ana", at + LEASE + 2 * SECOND)
        assert reload(session, job).state == JobState.CLAIMED
        assert report_printed(session, job.id, "beto", at + LEASE + 3 * SECOND)
        assert history(session, job) == ["queued", "claimed", "claimed", "printed"]


def test_a_job_the_printer_never_got_is_tried_again_later_and_is_no_copy(
    outbox_database: Database, at: datetime
) -> None:
    with outbox_database.write() as session:
        printer = create_printer(session)
        job = queue_slip(session, printer, at)
        other = queue_slip(session, printer, at + SECOND, "R013")
        claim(session, printer.id, "ana", at)

        assert report_failed(session, job.id, "ana", PrinterError(NO_PAPER), at)

        assert claim(session, printer.id, "ana", at + SECOND) is None
        again = claim(session, printer.id, "ana", at + backoff(1))
        assert again is not None
        assert (again.id, again.copy, again.attempts) == (job.id, False, 2)
        assert reload(session, other).state == JobState.QUEUED
        session.refresh(printer)
        assert (printer.state, printer.last_error) == (PrinterState.FAILING, NO_PAPER)


def test_a_job_cut_off_in_the_middle_is_tried_again_as_a_copy(
    outbox_database: Database, at: datetime
) -> None:
    with outbox_database.write() as session:
        printer = create_printer(session)
        job = queue_slip(session, printer, at)
        claim(session, printer.id, "ana", at)
        report_failed(session, job.id, "ana", PrinterError(CLOSED, fate_unknown=True), at)

        again = claim(session, printer.id, "ana", at + backoff(1))

        assert again is not None
        assert again.copy


def test_a_slip_that_can_never_print_is_given_up_and_lets_the_next_one_through(
    outbox_database: Database, at: datetime
) -> None:
    with outbox_database.write() as session:
        printer = create_printer(session)
        broken = queue_slip(session, printer, at)
        following = queue_slip(session, printer, at + SECOND)
        claim(session, printer.id, "ana", at)

        report_failed(session, broken.id, "ana", PrinterError("bad", permanent=True), at)

        taken = claim(session, printer.id, "ana", at + SECOND)
        assert taken is not None
        assert taken.id == following.id
        assert reload(session, broken).state == JobState.FAILED
        session.refresh(printer)
        assert (printer.state, printer.last_error) == (PrinterState.UNKNOWN, None)


def test_only_the_holder_of_a_job_can_report_it(outbox_database: Database, at: datetime) -> None:
    with outbox_database.write() as session:
        printer = create_printer(session)
        job = queue_slip(session, printer, at)

        assert not report_printed(session, job.id, "ana", at)
        claim(session, printer.id, "ana", at)
        assert not report_failed(session, job.id, "beto", PrinterError(NO_PAPER), at)

        assert reload(session, job).state == JobState.CLAIMED
        assert history(session, job) == ["queued", "claimed"]


def test_one_printer_never_takes_the_jobs_of_another(
    outbox_database: Database, at: datetime
) -> None:
    with outbox_database.write() as session:
        hall, annex = create_printer(session), create_printer(session, "annex")
        queue_slip(session, hall, at)

        assert claim(session, annex.id, "ana", at) is None
        assert waiting_printers(session, at) == [hall.id]


def test_a_ticket_nobody_needs_any_more_expires_and_a_receipt_never_does(
    outbox_database: Database, at: datetime
) -> None:
    with outbox_database.write() as session:
        printer = create_printer(session)
        ticket = queue_slip(session, printer, at)
        receipt = queue_slip(session, printer, at, kind="receipt")
        fresh = queue_slip(session, printer, at + timedelta(minutes=10))

        assert expire_old(session, at + timedelta(minutes=15)) == 0
        assert expire_old(session, at + timedelta(minutes=16)) == 1

        states = [reload(session, job).state for job in (ticket, receipt, fresh)]
        assert states == ["expired", "queued", "queued"]
        assert history(session, ticket) == ["queued", "expired"]


def test_a_job_in_somebody_s_hands_does_not_expire(outbox_database: Database, at: datetime) -> None:
    late = at + timedelta(minutes=20)
    with outbox_database.write() as session:
        printer = create_printer(session)
        job = queue_slip(session, printer, at)
        claim(session, printer.id, "ana", late)

        assert expire_old(session, late + SECOND) == 0
        assert expire_old(session, late + LEASE + SECOND) == 1
        assert reload(session, job).state == JobState.EXPIRED


def test_a_reprint_is_a_new_job_marked_as_a_copy_and_the_first_stays_as_it_was(
    outbox_database: Database, at: datetime
) -> None:
    with outbox_database.write() as session:
        printer = create_printer(session)
        job = queue_slip(session, printer, at)
        claim(session, printer.id, "ana", at)
        report_printed(session, job.id, "ana", at)

        again = reprint(session, reload(session, job), at + SECOND, "rosa", reason="torn")

        taken = claim(session, printer.id, "ana", at + SECOND)
        assert taken is not None
        assert (taken.id, taken.copy, taken.slip) == (again.id, True, job.slip)
        assert reload(session, job).state == JobState.PRINTED
        assert not reload(session, job).copy


def test_of_many_workers_at_once_exactly_one_gets_the_job(
    outbox_database: Database, at: datetime
) -> None:
    with outbox_database.write() as session:
        printer = create_printer(session)
        queue_slip(session, printer, at)
        queue_slip(session, printer, at + SECOND)
    start, taken = threading.Barrier(6), []

    def work(name: str) -> None:
        start.wait()
        with outbox_database.write() as session:
            job = claim(session, printer.id, name, at + 2 * SECOND)
            taken.append(job and job.id)

    threads = [threading.Thread(target=work, args=(f"worker-{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len([job_id for job_id in taken if job_id]) == 1
    with outbox_database.read() as session:
        assert session.scalars(select(PrintJob.attempts).order_by(PrintJob.created_at)).all() == [
            1,
            0,
        ]


def test_a_rolled_back_transaction_prints_nothing(outbox_database: Database, at: datetime) -> None:
    with outbox_database.write() as session:
        printer = create_printer(session)
    with suppress(LookupError), outbox_database.write() as session:
        queue_slip(session, printer, at)
        raise LookupError("the ticket could not be issued")
    with outbox_database.write() as session:
        assert claim(session, printer.id, "ana", at) is None


def test_the_database_itself_refuses_a_claim_without_a_lease(
    outbox_database: Database, at: datetime
) -> None:
    with outbox_database.write() as session:
        job = queue_slip(session, create_printer(session), at)
    with outbox_database.write() as session:
        seize = update(PrintJob).where(PrintJob.id == job.id).values(state=JobState.CLAIMED)
        with pytest.raises(IntegrityError):
            session.execute(seize)
        session.rollback()


def test_tries_grow_apart_up_to_a_minute() -> None:
    assert [backoff(n).total_seconds() for n in (1, 2, 3, 5, 6, 500)] == [2, 4, 8, 32, 60, 60]


def test_a_reprint_needs_a_reason_and_both_histories_keep_it(
    outbox_database: Database, at: datetime
) -> None:
    with outbox_database.write() as session:
        printer = create_printer(session)
        job = queue_slip(session, printer, at)
        with pytest.raises(Invalid):
            reprint(session, job, at, "rosa", reason=" \n")
        assert history(session, job) == ["queued"]

        again = reprint(session, job, at, "rosa", reason="The first one  was torn.")

        for told in (events(session, job)[-1], events(session, again)[0]):
            assert (told.actor, told.detail) == ("rosa", "The first one was torn.")
        assert history(session, job) == ["queued", "reprint"]


def test_a_slip_whose_words_were_forgotten_is_not_printed_again_blank(
    outbox_database: Database, at: datetime
) -> None:
    with outbox_database.write() as session:
        job = queue_slip(session, create_printer(session), at)
        job.slip = Slip(()).to_dict()
        with pytest.raises(Conflict) as refused:
            reprint(session, job, at, "rosa", reason="torn")
        assert refused.value.slug == "slip-forgotten"
        assert session.scalars(select(PrintJob)).all() == [job]
        assert history(session, job) == ["queued"]


def test_the_jobs_of_a_dead_printer_come_out_of_another_in_their_order(
    outbox_database: Database, at: datetime
) -> None:
    with outbox_database.write() as session:
        dead, other = create_printer(session), create_printer(session, "annex")
        begun, waiting = (queue_slip(session, dead, at + n * SECOND, f"R01{n}") for n in range(2))
        done = queue_slip(session, other, at, "A001")
        claim(session, other.id, "beto", at)
        report_printed(session, done.id, "beto", at)
        claim(session, dead.id, "ana", at)

        assert move_jobs(session, dead, other, "rosa", at + SECOND) == 2

        assert [reload(session, job).printer_id for job in (begun, waiting)] == [other.id] * 2
        assert [reload(session, job).copy for job in (begun, waiting, done)] == [True, False, False]
        assert not report_printed(session, begun.id, "ana", at + SECOND)
        assert claim(session, dead.id, "ana", at + SECOND) is None
        first = claim(session, other.id, "beto", at + SECOND)
        assert first is not None
        assert first.id == begun.id
        told = events(session, waiting)[-1]
        assert (told.kind, told.actor, told.detail) == ("moved", "rosa", "hall -> annex")
        assert history(session, done) == ["queued", "claimed", "printed"]


def test_an_expired_job_leaves_a_notice_of_its_age_and_of_what_held_it_up(
    outbox_database: Database, at: datetime
) -> None:
    with outbox_database.write() as session:
        printer = create_printer(session)
        job = queue_slip(session, printer, at)
        claim(session, printer.id, "ana", at)
        report_failed(session, job.id, "ana", PrinterError(NO_PAPER), at)

        assert expire_old(session, at + timedelta(minutes=20)) == 1

        assert events(session, job)[-1].detail == f"20 min old. {NO_PAPER}"


def test_two_workers_of_one_name_do_not_report_for_each_other(
    outbox_database: Database, at: datetime
) -> None:
    with outbox_database.write() as session:
        printer = create_printer(session)
        job = queue_slip(session, printer, at)
        slow = claim(session, printer.id, "kiosk", at)
        assert slow is not None
        session.expunge(slow)
        late = at + LEASE + SECOND
        quick = claim(session, printer.id, "kiosk", late)
        assert quick is not None

        assert not report_printed(session, job.id, "kiosk", late, attempt=slow.attempts)
        error = PrinterError(NO_PAPER)
        assert not report_failed(session, job.id, "kiosk", error, late, attempt=slow.attempts)

        assert reload(session, quick).state == JobState.CLAIMED
        assert report_printed(session, job.id, "kiosk", late, attempt=quick.attempts)


def events(session: Session, job: PrintJob) -> list[PrintJobEvent]:
    found = select(PrintJobEvent).where(PrintJobEvent.print_job_id == job.id)
    return list(session.scalars(found.order_by(PrintJobEvent.id)))
