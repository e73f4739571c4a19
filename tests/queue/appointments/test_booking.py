"""Booking, from the hold to the cancellation."""

from tests.queue.appointments.agenda import TUESDAY, Agenda, lima

NINE = lima(TUESDAY, 9)


def test_a_held_place_is_nobody_elses_and_confirmed_it_stays_so(agenda: Agenda) -> None:
    held = agenda.hold(NINE)
    assert held.state == "held"
    assert agenda.left(NINE) == 1
    booked = agenda.confirm(held)
    assert booked.state == "confirmed"
    assert booked.code == held.code
    assert agenda.left(NINE) == 1
    assert agenda.reread(booked).email == "rosa@example.com"


def test_a_place_that_is_given_up_is_free_at_that_instant(agenda: Agenda) -> None:
    booked = agenda.book(NINE)
    other = agenda.book(NINE)
    assert agenda.left(NINE) == 0
    agenda.cancel(booked)
    assert agenda.left(NINE) == 1
    assert agenda.seats(booked) == 0
    assert agenda.seats(other) == 3


def test_another_hour_keeps_the_code_and_frees_the_old_places(agenda: Agenda) -> None:
    booked = agenda.book(NINE)
    moved = agenda.reschedule(booked, lima(TUESDAY, 10))
    assert (moved.code, moved.uid, moved.sequence) == (booked.code, booked.uid, 1)
    assert agenda.left(NINE) == 2
    assert agenda.left(lima(TUESDAY, 10)) == 1
