"""What runs at its time: each job is one call of the domain, in a transaction of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.db import Database
from turnero_core.errors import Problem
from turnero_core.i18n import N_
from turnero_hardware import outbox
from turnero_queue import day_close, helping, idempotency, privacy, satisfaction
from turnero_queue.appointments import tending
from turnero_queue.certificates import printing as certificate_printing
from turnero_queue.devices import alerts
from turnero_queue.notices import policy as notices
from turnero_queue.payments import paying
from turnero_queue.statistics import updating as statistics
from turnero_queue.supervision import hall_messages, lending, pauses
from turnero_queue.webhooks import deliveries

log = structlog.get_logger()


@dataclass(frozen=True)
class Job:
    """`run` takes the transaction and the present, and gives how many things it did."""

    name: str
    every: timedelta
    purpose: str
    run: Callable[[Session, datetime], int]


JOBS = (
    Job(
        "close-past-days",
        timedelta(minutes=1),
        N_("notes as left whoever was still waiting when the day ended"),
        day_close.close_past_days,
    ),
    Job(
        "end-hall-messages",
        timedelta(seconds=5),
        N_("takes away the messages in the halls whose hour has come"),
        hall_messages.end_due,
    ),
    Job(
        "end-pauses",
        timedelta(seconds=5),
        N_("lets paused services go on when their hour has come"),
        pauses.end_due,
    ),
    Job(
        "return-lent-desks",
        timedelta(minutes=1),
        N_("gives desks back what they attended before a change for one day"),
        lending.end_due,
    ),
    Job(
        "expire-holds",
        timedelta(minutes=1),
        N_("notes which places were held and not confirmed in time"),
        tending.expire_holds,
    ),
    Job(
        "expire-print-jobs",
        timedelta(minutes=1),
        N_("gives up slips that nobody waits for any more"),
        outbox.expire_old,
    ),
    Job(
        "forget-appointments",
        timedelta(hours=1),
        N_("forgets who an appointment was for, some time after it"),
        tending.forget,
    ),
    Job(
        "forget-old-notices",
        timedelta(hours=1),
        N_("forgets the addresses and contents of messages that were sent long ago"),
        notices.forget_old,
    ),
    Job(
        "end-old-help-calls",
        timedelta(minutes=1),
        N_("notes as over the calls for help that nobody answered or ended"),
        helping.tidy,
    ),
    Job(
        "note-missed-appointments",
        timedelta(minutes=5),
        N_("notes after the day who had an appointment and did not come"),
        tending.note_no_shows,
    ),
    Job(
        "offer-freed-places",
        timedelta(minutes=1),
        N_("offers freed appointments to the waiting list"),
        tending.offer_seats,
    ),
    Job(
        "expire-vouchers",
        timedelta(minutes=1),
        N_("ends the payments whose voucher nobody took to the cash desk in time"),
        paying.expire_vouchers,
    ),
    Job(
        "forget-printed-certificates",
        timedelta(minutes=5),
        N_("blanks the slips of certificates that have been printed"),
        certificate_printing.forget_printed,
    ),
    Job(
        "update-statistics",
        timedelta(minutes=1),
        N_("takes the newest events into the statistics"),
        statistics.bring_up_to_date,
    ),
    Job(
        "watch-devices",
        timedelta(seconds=10),
        N_("raises and clears alerts of printers, kiosks and agents"),
        alerts.review,
    ),
    Job(
        "purge-device-alerts",
        timedelta(hours=6),
        N_("forgets alerts that were over long ago"),
        alerts.purge,
    ),
    Job(
        "purge-idempotency-keys",
        timedelta(hours=1),
        N_("forgets the keys of requests that are too old to be repeated"),
        idempotency.purge,
    ),
    Job(
        "forget-who-answered",
        timedelta(hours=6),
        N_("forgets which turns were judged, once they cannot be judged again"),
        satisfaction.forget_old,
    ),
    Job(
        "forget-personal-data",
        timedelta(hours=1),
        N_("forgets what tells of people once its days are over"),
        privacy.run,
    ),
    Job(
        "forget-webhook-deliveries",
        timedelta(hours=6),
        N_("forgets what other systems were told long ago"),
        deliveries.forget_old,
    ),
    Job(
        "settle-appointments",
        timedelta(minutes=1),
        N_("notes how the turns of appointments ended"),
        tending.settle,
    ),
)


def run(database: Database, job: Job) -> int:
    """Run one job now; a failure is logged, and the job's next turn comes all the same."""
    try:
        with database.write() as session:
            done = job.run(session, clock.now())
    except Problem as problem:
        log.info("job_refused", job=job.name, why=problem.slug)
        return 0
    except SQLAlchemyError as error:
        log.error("job_failed", job=job.name, error=str(error))
        return 0
    if done:
        log.info("job_done", job=job.name, count=done)
    return done
