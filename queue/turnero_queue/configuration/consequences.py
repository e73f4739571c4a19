"""Whom a configuration would hurt if it were loaded now: people waiting, desks in use."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.i18n import N_, gettext, ngettext, pick
from turnero_queue import catalogue, desks, password_rule
from turnero_queue.catalogue import Catalogue, Office
from turnero_queue.configuration import occupied
from turnero_queue.configuration.occupied import Occupied
from turnero_queue.configuration.values import Configuration
from turnero_queue.models import Ticket
from turnero_queue.waiting import code_of

Busy = Mapping[tuple[str, str], Occupied]
STILL_THERE = ("waiting", "called", "serving", "parked")


class _After:
    """What is given and attended once the configuration is in force."""

    def __init__(self, wanted: Configuration) -> None:
        self.given = {(o.code, offer.code) for o in wanted.offices for offer in o.services}
        self.desks = {(o.code, desk.code) for o in wanted.offices for desk in o.desks}
        self.attended = {
            (o.code, link.code)
            for o in wanted.offices
            for desk in o.desks
            for link in desk.services
        }


def consequences(session: Session, wanted: Configuration, now: datetime) -> list[str]:
    """Sentences, for the city and each office in use now; nothing is changed."""
    busy = {(one.office, one.desk): one for one in occupied.occupied(session, wanted)}
    return [
        *_signed_in(session, wanted, now),
        *_of_offices(session, _After(wanted), busy, now),
    ]


def _signed_in(session: Session, wanted: Configuration, now: datetime) -> Iterator[str]:
    if wanted.municipality.sign_in.get("passwords") != password_rule.ADMINISTRATORS:
        return
    if people := password_rule.at_stake(session, now):
        yield ngettext(
            "%(n)s person signed in with a password would be signed out.",
            "%(n)s people signed in with a password would be signed out.",
            people,
        )


def _of_offices(session: Session, after: _After, busy: Busy, now: datetime) -> list[str]:
    configured = catalogue.current(session)
    return [
        sentence
        for office in configured.offices
        for sentence in (
            *_people(session, configured, office, after, now),
            *_desks(session, office, after, busy),
        )
    ]


def _people(
    session: Session, configured: Catalogue, office: Office, after: _After, now: datetime
) -> Iterator[str]:
    today = clock.local_date(now, office.zone)
    query = (
        select(Ticket.service_id, func.count())
        .where(
            Ticket.office_id == office.id,
            Ticket.business_day == today,
            Ticket.state.in_(STILL_THERE),
        )
        .group_by(Ticket.service_id)
        .order_by(func.count().desc(), Ticket.service_id)
    )
    for service_id, people in session.execute(query):
        service = configured.services_by_id[service_id]
        key = (office.code, service.code)
        names = {"service": pick(service.name), "office": pick(office.name)}
        if key not in after.given:
            yield ngettext(
                "%(n)s person is here for %(service)s, which %(office)s would give no more.",
                "%(n)s people are here for %(service)s, which %(office)s would give no more.",
                people,
                **names,
            )
        elif key not in after.attended:
            yield ngettext(
                "%(n)s person is here for %(service)s, and no desk of %(office)s would attend.",
                "%(n)s people are here for %(service)s, and no desk of %(office)s would attend.",
                people,
                **names,
            )


def _desks(session: Session, office: Office, after: _After, busy: Busy) -> Iterator[str]:
    statuses = desks.statuses(session, office)
    for desk in office.desks:
        if (office.code, desk.code) in after.desks:
            continue
        names = {"desk": pick(desk.name), "office": pick(office.name)}
        if found := busy.get((office.code, desk.code)):
            code = code_of(found.ticket.prefix, found.ticket.number)
            yield gettext(
                N_("%(desk)s of %(office)s is with %(code)s now and cannot be taken away."),
                code=code,
                **names,
            )
        elif statuses.get(desk.id, "closed") != "closed":
            yield gettext(
                N_("%(desk)s of %(office)s is open now and would be taken away."), **names
            )
