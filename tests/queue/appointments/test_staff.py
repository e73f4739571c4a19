"""The staff's calendar: what it shows, blocked times, changed schedules, and who waits."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from tests.queue.appointments.agenda import (
    ANA,
    LUIS,
    MONDAY,
    ROSA,
    TUESDAY,
    Agenda,
    given,
    lima,
)

from turnero_core import clock as clocks
from turnero_core.errors import Conflict, Invalid
from turnero_queue import appointments, catalogue
from turnero_queue.appointments import Person, tending
from turnero_queue.catalogue import Closure
from turnero_queue.models import Appointment, AppointmentWish, AuditEntry, Notice

NINE, TEN = lima(TUESDAY, 9), lima(TUESDAY, 10)


def test_a_day_shows_who_comes_at_which_desk_and_how_many_desks_it_needs(
    small_agenda: Agenda, clock: time_machine.Traveller
) -> None:
    small_agenda.prepare(given(desks=("1", "2")))
    first, second = small_agenda.book(NINE), small_agenda.book(NINE, ("rentas", 4))
    small_agenda.hold(lima(TUESDAY, 8))
    gone = small_agenda.book(TEN)
    small_agenda.cancel(gone)
    clock.shift(timedelta(minutes=10))
    with small_agenda.read() as session:
        office = small_agenda.office()
        day = appointments.day_view(session, office, TUESDAY, clocks.now())
        week = appointments.week_view(session, office, TUESDAY, clocks.now())
    assert [entry.appointment.id for entry in day.entries] == [first.id, second.id]
    assert [entry.desk for entry in day.entries] == ["1", "2"]
    assert day.entries[1].services[0].quantity == 4
    assert day.desks_needed == 2
    assert [len(each.entries) for each in week] == [0, 2, 0, 0, 0, 0, 0]
    assert week[0].day == MONDAY


def test_a_blocked_hour_is_not_booked_and_names_who_it_hurts(agenda: Agenda) -> None:
    agenda.prepare(given(desks=("1", "2")))
    booked = agenda.book(NINE)
    with agenda.write() as session:
        office = agenda.office()
        hurt = appointments.hurt_by_block(session, office, NINE, TEN, clocks.now(), desks=("1",))
        other = appointments.hurt_by_block(session, office, NINE, TEN, clocks.now(), desks=("2",))
        row = appointments.block(
            session, office, NINE, TEN, "Training", "staff:ana", clocks.now(), desks=("2",)
        )
    assert ([each.id for each in hurt], other) == ([booked.id], [])
    assert agenda.left(NINE) == 0
    assert agenda.left(lima(TUESDAY, 9, 45)) == 1
    assert agenda.left(TEN) == 2
    with pytest.raises(Conflict):
        agenda.hold(NINE)
    with agenda.write() as session:
        appointments.unblock(session, row.id, "staff:ana", clocks.now())
    assert agenda.left(NINE) == 1
    with agenda.read() as session:
        subject = AuditEntry.subject == f"block:{row.id}"
        query = select(AuditEntry.action).where(subject).order_by(AuditEntry.seq)
        actions = session.scalars(query).all()
    assert actions == ["appointments.blocked", "appointments.unblocked"]


def test_a_block_of_the_whole_office_leaves_nothing(small_agenda: Agenda) -> None:
    with small_agenda.write() as session:
        office = small_agenda.office()
        appointments.block(session, office, NINE, TEN, "Strike", "staff:ana", clocks.now())
        for start, end, reason in ((TEN, NINE, "x"), (NINE, TEN, "  ")):
            with pytest.raises(Invalid):
                appointments.block(session, office, start, end, reason, "staff:ana", clocks.now())
    assert small_agenda.left(NINE) == 0
    assert small_agenda.left(TEN) == 2


def test_a_changed_schedule_names_the_bookings_that_it_hurts_before_it_is_saved(
    agenda: Agenda,
) -> None:
    booked, safe = agenda.book(NINE), agenda.book(lima(TUESDAY, 11))
    later = (replace(given(), hours={"tue": ((600, 780),)}),)
    before = agenda.town.everything()
    with agenda.read() as session:
        office = agenda.office()
        changed = replace(office, availabilities=later)
        assert [row.id for row in appointments.hurt_by(session, changed, clocks.now())] == [
            booked.id
        ]
        closed = replace(office, closures=(Closure(TUESDAY, TUESDAY, {}),))
        hurt = appointments.hurt_by(session, closed, clocks.now())
        assert [row.id for row in hurt] == [booked.id, safe.id]
    with pytest.raises(Conflict) as refused, agenda.write() as session:
        appointments.set_availabilities(session, office, later, "staff:ana", clocks.now())
    assert refused.value.extra["appointments"] == [booked.code]
    assert agenda.town.everything() == before
    agenda.reschedule(booked, lima(TUESDAY, 11), actor="staff:ana")
    with agenda.write() as session:
        assert not appointments.set_availabilities(
            session, office, later, "staff:ana", clocks.now()
        )
    assert agenda.left(NINE) == 0
    assert agenda.left(lima(TUESDAY, 12)) == 2


def test_the_staffs_own_places_are_not_the_citizens(small_agenda: Agenda) -> None:
    small_agenda.prepare(given(seats=1), given("own", seats=1, pool="staff"))
    small_agenda.book(NINE)
    with pytest.raises(Conflict):
        small_agenda.hold(NINE)
    booked = small_agenda.book(NINE, pool="staff", origin="staff", actor="staff:ana")
    assert booked.pool == "staff"


def test_the_soonest_office_comes_first(small_agenda: Agenda) -> None:
    small_agenda.prepare(given(services=("rentas",), lead_minutes=0), office="norte")
    with small_agenda.read() as session:
        configured = catalogue.current(session)
        wanted = small_agenda.wish(configured.office("centro"), "rentas")
        found = appointments.first_free(session, wanted, configured.offices, clocks.now())
        days = appointments.days(
            session, configured.office("centro"), wanted, MONDAY, TUESDAY, clocks.now()
        )
    assert [(office.code, slot.start) for office, slot in found] == [
        ("norte", lima(MONDAY, 9, 15)),
        ("centro", lima(MONDAY, 10, 15)),
    ]
    assert (days[MONDAY].free, days[TUESDAY].free, days[TUESDAY].full) == (19, 28, False)


def wait(agenda: Agenda, person: Person) -> AppointmentWish:
    with agenda.write() as session:
        office = agenda.office()
        wanted = agenda.wish(office, "rentas")
        return appointments.join_waiting_list(
            session, office, wanted, TUESDAY, TUESDAY, clocks.now(), person
        )


def offers(agenda: Agenda) -> list[Appointment]:
    with agenda.read() as session:
        return list(
            session.scalars(
                select(Appointment)
                .where(Appointment.origin == "waiting_list", Appointment.state == "held")
                .order_by(Appointment.id)
            )
        )


def test_a_place_that_is_given_up_is_offered_to_who_waited_longest(
    agenda: Agenda, clock: time_machine.Traveller
) -> None:
    agenda.prepare(given(seats=1, hours={"tue": ((540, 555),)}))
    booked = agenda.book(NINE, person=ROSA)
    wait(agenda, LUIS)
    wait(agenda, ANA)
    assert offers(agenda) == []
    agenda.cancel(booked)
    (first,) = offers(agenda)
    assert first.email == "luis@example.com"
    assert agenda.left(NINE) == 0
    clock.shift(timedelta(minutes=121))
    with agenda.write() as session:
        assert tending.expire_holds(session, clocks.now()) == 1
        assert tending.offer_seats(session, clocks.now()) == 1
        assert tending.offer_seats(session, clocks.now()) == 0
    (second,) = offers(agenda)
    assert second.phone == "+51987654321"
    with agenda.write() as session:
        assert appointments.confirm(session, second.token, clocks.now()).state == "confirmed"
    with agenda.read() as session:
        wishes = session.scalars(select(AppointmentWish).order_by(AppointmentWish.id)).all()
        told = session.scalars(select(Notice.kind).where(Notice.kind == "seat-offered")).all()
    assert [each.state for each in wishes] == ["waiting", "taken"]
    assert len(told) == 2


def test_who_waits_leaves_a_contact_and_a_day_to_come(small_agenda: Agenda) -> None:
    with pytest.raises(Invalid):
        wait(small_agenda, Person("Eva"))
    with pytest.raises(Invalid), small_agenda.write() as session:
        office = small_agenda.office()
        yesterday = MONDAY - timedelta(days=1)
        wanted = small_agenda.wish(office, "rentas")
        appointments.join_waiting_list(
            session, office, wanted, yesterday, yesterday, clocks.now(), ROSA
        )
    row = wait(small_agenda, ROSA)
    with small_agenda.write() as session:
        assert appointments.leave_waiting_list(session, row.token).state == "given_up"


def test_loading_a_configuration_says_which_appointments_it_leaves_without_a_place(
    small_agenda: Agenda,
) -> None:
    from turnero_queue import configuration
    from turnero_server.cli import load

    booked = small_agenda.book(NINE)
    with small_agenda.read() as session:
        same = configuration.parse(configuration.dump(session), "same.yaml")
    (centro, *others) = same.offices
    shorter = replace(centro, availability=(replace(centro.availability[0], hours={}),))
    before = small_agenda.town.everything()
    assert load._hurt(small_agenda.town.database, same) == []
    (said,) = load._hurt(small_agenda.town.database, replace(same, offices=(shorter, *others)))
    assert booked.code in said
    assert "2026-03-03 09:00" in said
    assert small_agenda.town.everything() == before
