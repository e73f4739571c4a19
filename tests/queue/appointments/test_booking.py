"""Booking, from the hold to the cancellation."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from tests.queue.appointments.agenda import LUIS, MONDAY, ROSA, TUESDAY, Agenda, given, lima

from turnero_core.errors import Conflict
from turnero_queue import appointments
from turnero_queue.appointments import tending
from turnero_queue.models import Notice

NINE, TEN = lima(TUESDAY, 9), lima(TUESDAY, 10)


def kinds(agenda: Agenda, state: str | None = None) -> list[str]:
    with agenda.read() as session:
        rows = session.scalars(select(Notice).order_by(Notice.id)).all()
    return sorted(row.kind for row in rows if state is None or row.state == state)


def test_a_held_place_is_nobody_elses_and_confirmed_it_stays_so(agenda: Agenda) -> None:
    held = agenda.hold(NINE)
    assert held.state == "held"
    assert agenda.left(NINE) == 1
    booked = agenda.confirm(held)
    assert booked.state == "confirmed"
    assert booked.code == held.code
    assert agenda.left(NINE) == 1
    assert agenda.reread(booked).email == "rosa@example.com"


def test_what_somebody_wrote_is_sealed_in_the_database(small_agenda: Agenda) -> None:
    booked = small_agenda.book(NINE, person=ROSA)
    with small_agenda.town.database.glance() as connection:
        row = connection.exec_driver_sql("SELECT * FROM appointment").mappings().one()
    written = " ".join(str(value) for value in row.values())
    assert booked.token not in written
    assert "Rosa" not in written
    assert "rosa@" not in written


def test_confirming_twice_changes_nothing_the_second_time(agenda: Agenda) -> None:
    booked = agenda.book(NINE, person=ROSA)
    before = agenda.town.everything("appointment_calendar")
    again = agenda.confirm(booked, LUIS)
    assert (again.state, again.email) == ("confirmed", "rosa@example.com")
    assert agenda.town.everything("appointment_calendar") == before


def test_a_hold_that_is_over_frees_its_place_without_any_job(
    agenda: Agenda, clock: time_machine.Traveller
) -> None:
    agenda.prepare(given(seats=1))
    held = agenda.hold(NINE)
    clock.shift(timedelta(minutes=9, seconds=59))
    assert agenda.left(NINE) == 0
    with pytest.raises(Conflict):
        agenda.hold(NINE)
    clock.shift(timedelta(seconds=1))
    assert agenda.left(NINE) == 1
    other = agenda.book(NINE)
    assert agenda.reread(held).state == "expired"
    assert agenda.seats(held) == 0
    with pytest.raises(Conflict) as refused:
        agenda.confirm(held)
    assert refused.value.slug == "hold-expired"
    assert agenda.reread(other).state == "confirmed"


def test_a_hold_that_is_over_is_not_confirmed_though_its_place_is_still_free(
    agenda: Agenda, clock: time_machine.Traveller
) -> None:
    held = agenda.hold(NINE)
    clock.shift(timedelta(minutes=10))
    with pytest.raises(Conflict) as refused:
        agenda.confirm(held)
    assert refused.value.slug == "hold-expired"
    with agenda.write() as session:
        assert tending.expire_holds(session, held.created_at + timedelta(minutes=10)) == 1
    assert agenda.seats() == 0


def test_a_place_that_is_given_up_is_free_at_that_instant(agenda: Agenda) -> None:
    booked, other = agenda.book(NINE), agenda.book(NINE)
    assert agenda.left(NINE) == 0
    agenda.cancel(booked)
    assert agenda.left(NINE) == 1
    assert agenda.seats(booked) == 0
    assert agenda.seats(other) == 3


def test_a_link_is_good_for_nothing_once_the_appointment_is_cancelled(agenda: Agenda) -> None:
    booked = agenda.book(NINE)
    agenda.cancel(booked)
    before = agenda.town.everything()
    for act in (
        lambda: agenda.cancel(booked),
        lambda: agenda.confirm(booked),
        lambda: agenda.reschedule(booked, TEN),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.slug == "appointment-over"
        assert refused.value.extra["state"] == "cancelled"
    with pytest.raises(Conflict), agenda.write() as session:
        appointments.check_in(session, booked.token, NINE)
    assert agenda.town.everything() == before


def test_another_hour_keeps_the_code_and_frees_the_old_places(agenda: Agenda) -> None:
    booked = agenda.book(NINE)
    moved = agenda.reschedule(booked, TEN)
    assert (moved.code, moved.uid, moved.sequence) == (booked.code, booked.uid, 1)
    assert agenda.left(NINE) == 2
    assert agenda.left(TEN) == 1
    assert agenda.seats() == 3


def test_another_hour_that_is_full_leaves_everything_as_it_was(agenda: Agenda) -> None:
    agenda.prepare(given(seats=1))
    booked = agenda.book(NINE)
    agenda.book(TEN)
    before = agenda.town.everything()
    with pytest.raises(Conflict) as refused:
        agenda.reschedule(booked, TEN)
    assert refused.value.slug == "slot-full"
    assert agenda.town.everything() == before


def test_an_hour_that_overlaps_the_old_one_can_be_taken(agenda: Agenda) -> None:
    agenda.prepare(given(seats=1))
    booked = agenda.book(NINE, ("rentas", 4))
    moved = agenda.reschedule(booked, lima(TUESDAY, 9, 15))
    assert moved.ends_at == TEN
    assert agenda.seats() == 9


def test_messages_go_with_each_change_once(agenda: Agenda) -> None:
    booked = agenda.book(lima(TUESDAY, 12), person=ROSA)
    assert kinds(agenda) == ["appointment-confirmed", "appointment-reminder"]
    agenda.reschedule(booked, lima(TUESDAY, 15))
    assert kinds(agenda, "withdrawn") == ["appointment-reminder"]
    agenda.cancel(booked)
    assert kinds(agenda, "withdrawn") == ["appointment-reminder"] * 2
    assert kinds(agenda, "queued") == [
        "appointment-cancelled",
        "appointment-changed",
        "appointment-confirmed",
    ]


def test_nobody_is_told_of_a_hold_or_without_a_contact(small_agenda: Agenda) -> None:
    held = small_agenda.hold(NINE, person=ROSA)
    small_agenda.cancel(held)
    small_agenda.cancel(small_agenda.book(TEN))
    assert kinds(small_agenda) == []


def test_a_reminder_whose_hour_has_passed_is_not_sent(small_agenda: Agenda) -> None:
    small_agenda.book(lima(MONDAY, 15), person=ROSA)
    assert kinds(small_agenda) == ["appointment-confirmed"]


def test_an_appointment_is_found_by_the_code_that_somebody_reads(small_agenda: Agenda) -> None:
    booked = small_agenda.book(NINE)
    spoken = f" {booked.code[:3].lower()}-{booked.code[3:]} "
    with small_agenda.read() as session:
        assert appointments.by_code(session, spoken).id == booked.id
        history = [event.kind for event in appointments.history(session, booked)]
    assert history == ["held", "confirmed"]


def test_what_is_announced_reaches_who_listens_to_the_offices_appointments(
    small_agenda: Agenda,
) -> None:
    from turnero_queue import announcements

    hub, topic = small_agenda.town.hub, announcements.appointments_topic
    heard = hub.subscribe(topic(small_agenda.office().id))
    other = hub.subscribe(topic(small_agenda.office("norte").id))
    small_agenda.hold(NINE)
    hub.unsubscribe(heard)
    hub.unsubscribe(other)
    assert heard.get(1).data["kind"] == "held"
    assert other._messages.empty()
