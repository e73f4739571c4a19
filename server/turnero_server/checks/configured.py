"""What a working day needs: a sane clock, a configuration, people, desks, printers, jobs."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.errors import Problem
from turnero_core.i18n import N_, gettext
from turnero_core.settings import Settings
from turnero_hardware.models import OPEN_STATES, PrintJob
from turnero_queue import catalogue, opening, sequence, staff
from turnero_queue.catalogue import Office
from turnero_queue.models import Desk
from turnero_server import lease
from turnero_server.checks.audit import audit_log
from turnero_server.checks.devices import devices
from turnero_server.checks.finding import Finding, fail, ok, warn
from turnero_server.checks.notices import notices
from turnero_server.checks.payments import payments
from turnero_server.checks.printers import printers
from turnero_server.checks.sign_in import sign_in
from turnero_server.checks.webhooks import webhooks

OVERDUE = timedelta(minutes=10)


def time(session: Session, _settings: Settings) -> Iterator[Finding]:
    about = gettext(N_("clock"))
    problem = sequence.clock_problem(session, clock.now())
    if problem:
        yield fail(about, gettext(problem.detail, **problem.params), "")
    else:
        yield ok(about, clock.rfc3339(clock.now()))


def people(session: Session, _settings: Settings) -> Iterator[Finding]:
    about = gettext(N_("administrators"))
    count = staff.administrators(session)
    if count:
        yield ok(about, str(count))
    else:
        yield fail(about, gettext(N_("There are none.")), gettext(N_("Run “turnero init”.")))


def configuration(session: Session, _settings: Settings) -> Iterator[Finding]:
    about = gettext(N_("configuration"))
    try:
        found = catalogue.current(session)
    except Problem as problem:
        yield fail(about, gettext(problem.detail, **problem.params), "")
        return
    yield ok(
        about,
        gettext(
            N_("%(name)s: %(offices)s offices, %(services)s services"),
            name=found.name,
            offices=len(found.offices),
            services=len(found.services),
        ),
    )
    for office in found.offices:
        yield from _desks(session, office)


def _desks(session: Session, office: Office) -> Iterator[Finding]:
    """Services that nobody can attend, and, in opening hours, that no open desk does."""
    about = gettext(N_("office %(office)s"), office=office.code)
    query = select(Desk.id).where(Desk.office_id == office.id, Desk.status == "open")
    working = set(session.scalars(query))
    never = _unattended(office, {desk.id for desk in office.desks})
    now = _unattended(office, working) - never
    if never:
        yield warn(
            about,
            gettext(N_("no desk attends %(services)s"), services=", ".join(sorted(never))),
            gettext(N_("Give the service to a desk, or take it from the office.")),
        )
    if now and opening.open_span(office, clock.now()):
        said = N_("no open desk attends %(services)s") if working else N_("no desk is open")
        yield warn(
            about,
            gettext(said, services=", ".join(sorted(now))),
            gettext(N_("Open a desk that does.")),
        )
    elif not never:
        yield ok(about, gettext(N_("every service has a desk")))


def _unattended(office: Office, desks: set[str]) -> set[str]:
    attended = {key for desk in office.desks if desk.id in desks for key in desk.handicaps}
    return {service.code for service in office.services if service.id not in attended}


def jobs(session: Session, _settings: Settings) -> Iterator[Finding]:
    about = gettext(N_("scheduled jobs"))
    holder = lease.holder(session, clock.now())
    if holder:
        yield ok(about, gettext(N_("run by %(holder)s"), holder=holder))
        return
    yield warn(
        about,
        gettext(N_("nobody runs them at the moment")),
        gettext(N_("Start “turnero serve” or “turnero jobs”.")),
    )


def print_jobs(session: Session, _settings: Settings) -> Iterator[Finding]:
    about = gettext(N_("print jobs"))
    overdue = session.scalar(
        select(func.count())
        .select_from(PrintJob)
        .where(PrintJob.state.in_(OPEN_STATES), PrintJob.created_at < clock.now() - OVERDUE)
    )
    if not overdue:
        yield ok(about, gettext(N_("none is late")))
        return
    yield warn(
        about,
        gettext(N_("waiting for more than ten minutes: %(count)s"), count=overdue),
        gettext(N_("Look at the printer, its paper and its cover.")),
    )


CHECKS: tuple[Callable[[Session, Settings], Iterator[Finding]], ...] = (
    time,
    people,
    configuration,
    jobs,
    printers,
    devices,
    print_jobs,
    notices,
    payments,
    webhooks,
    audit_log,
    sign_in,
)
