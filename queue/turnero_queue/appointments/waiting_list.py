"""Who waits for a day that is full, and is offered the place that somebody gives up."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core import clock, sealed
from turnero_core.errors import Conflict, Invalid, NotFound, Problem
from turnero_core.i18n import N_, gettext
from turnero_core.ids import new_secret
from turnero_queue import catalogue
from turnero_queue.appointments import booking, listing, persons, telling, wishes
from turnero_queue.appointments.values import Booker, Person, Wish, wish
from turnero_queue.catalogue import Catalogue, Office
from turnero_queue.models import AppointmentWish

# Nobody is asked more often than this for one wish.
MOST_OFFERS = 3
MOST_OPEN_WISHES = 3
# Who waits is looked at this many at a time: a crowd must not hold up whoever cancels.
AT_ONCE = 20


def join_waiting_list(
    session: Session,
    office: Office,
    wanted: Wish,
    first: date,
    last: date,
    now: datetime,
    person: Person,
    *,
    language: str = "es",
) -> AppointmentWish:
    """Wait for a place on one of the days from `first` to `last`; a contact is needed.

    Asking again for the same changes nothing. Raises Invalid without a contact, for days that are
    past or that have no appointments at all, Conflict `too-many-appointments`.
    """
    person = persons.check(session, person, language)
    if not person.reachable:
        text = gettext(N_("Give an e-mail address or a telephone, so that we can tell you."))
        raise Invalid(errors={"email": [text]})
    _check_days(session, office, wanted, first, last, now)
    digest = persons.digest(person.email or person.phone) or ""
    services = [[each.service.code, each.quantity] for each in wanted]
    waiting = _open_wishes(session, digest)
    for known in waiting:
        if (known.office_id, known.first, known.last) == (office.id, first, last) and sorted(
            known.services
        ) == sorted(services):
            return known
    if len(waiting) >= MOST_OPEN_WISHES:
        raise Conflict(
            N_("You are on the waiting list %(count)s times already."),
            slug="too-many-appointments",
            count=MOST_OPEN_WISHES,
        )
    token = new_secret()
    row = AppointmentWish(
        token=token,
        token_digest=sealed.digest(token),
        office_id=office.id,
        state="waiting",
        first=first,
        last=last,
        services=services,
        name=person.name,
        email=person.email,
        phone=person.phone,
        contact_digest=digest,
        language=language,
        created_at=now,
        offers=0,
    )
    session.add(row)
    session.flush()
    return row


def leave_waiting_list(session: Session, token: str) -> AppointmentWish:
    """Give up waiting; a place already offered stays held until it is answered."""
    row = session.scalar(
        select(AppointmentWish).where(AppointmentWish.token_digest == sealed.digest(token))
    )
    if row is None:
        raise NotFound(N_("You are not on this waiting list any more."))
    if row.state in ("waiting", "offered"):
        _give_up(session, row)
    return row


def offer(session: Session, office: Office, now: datetime) -> int:
    """Hold a free place for the next who waits, for each who waits; how many were offered one.

    The calendar is held by this transaction. Somebody whose day has passed is not asked any more.
    """
    wishes.return_missed(session, office.id, now)
    configured = catalogue.current(session)
    offered = 0
    for row in _waiting(session, office.id):
        if row.last < clock.local_date(now, office.zone) or row.offers >= MOST_OFFERS:
            _give_up(session, row)
        elif _offer_to(session, configured, office, row, now):
            offered += 1
    return offered


def _waiting(session: Session, office_id: str) -> Sequence[AppointmentWish]:
    """Who waits: those asked least often first, then in the order they came."""
    return session.scalars(
        select(AppointmentWish)
        .where(AppointmentWish.office_id == office_id, AppointmentWish.state == "waiting")
        .order_by(AppointmentWish.offers, AppointmentWish.id)
        .limit(AT_ONCE)
    ).all()


def _offer_to(
    session: Session, configured: Catalogue, office: Office, row: AppointmentWish, now: datetime
) -> bool:
    kept = timedelta(minutes=office.rules.waiting_list_answer_minutes)
    try:
        wanted = wish(configured, office, [(code, count) for code, count in row.services])
        free = listing.iterate(session, office, wanted, row.first, row.last, now)
        slot = next(free, None)
        if slot is None:
            return False
        booker = Booker(actor="system", origin=wishes.ORIGIN, language=row.language)
        answer_by = min(now + kept, slot.start)
        person = Person(row.name, row.email, row.phone)
        held = booking.hold(
            session, office, wanted, slot.start, now, booker, person, keep_for=answer_by - now
        )
    except Problem:
        # A service that is gone, or a contact with as many appointments as it may have.
        return False
    row.offers += 1
    row.appointment_id = held.id
    row.state = "offered"
    session.flush()
    telling.offered(session, held, answer_by, now)
    return True


def _check_days(
    session: Session, office: Office, wanted: Wish, first: date, last: date, now: datetime
) -> None:
    today = clock.local_date(now, office.zone)
    if not today <= first <= last <= today + timedelta(days=listing.LONGEST_LOOK.days):
        raise Invalid(errors={"day": [gettext(N_("Choose a day to come."))]})
    days = listing.days(session, office, wanted, first, last, now)
    if not any(day.free or day.full for day in days.values()):
        raise Invalid(errors={"day": [gettext(N_("No appointments on this day."))]})


def _open_wishes(session: Session, digest: str) -> Sequence[AppointmentWish]:
    return session.scalars(
        select(AppointmentWish).where(
            AppointmentWish.contact_digest == digest,
            AppointmentWish.state.in_(("waiting", "offered")),
        )
    ).all()


def _give_up(session: Session, row: AppointmentWish) -> None:
    row.state = "given_up"
    session.flush()
