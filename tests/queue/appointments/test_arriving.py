"""Checking in early, on time, late and too late, and what becomes of an appointment."""

from datetime import timedelta

import pytest
import time_machine
from tests.queue.appointments.agenda import MONDAY, ROSA, Agenda, lima

from turnero_core import clock as clocks
from turnero_core.errors import Conflict, NotFound
from turnero_queue import appointments
from turnero_queue.appointments import Arrival, tending

ELEVEN = lima(MONDAY, 11)


def arrive(agenda: Agenda, key: str, **more: object) -> Arrival:
    with agenda.write() as session:
        return appointments.check_in(session, key, clocks.now(), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("minutes", "case", "keeps"),
    [(-60, "early", True), (-6, "early", True), (-5, "on_time", True), (0, "on_time", True),
     (10, "on_time", True), (11, "late", False), (60, "late", False)],
)  # fmt: skip
def test_who_comes_within_the_rules_gets_a_turn(
    small_agenda: Agenda, clock: time_machine.Traveller, minutes: int, case: str, keeps: bool
) -> None:
    booked = small_agenda.book(ELEVEN, ("rentas", 1), ("catastro", 1), person=ROSA)
    clock.move_to(ELEVEN + timedelta(minutes=minutes))
    arrival = arrive(small_agenda, booked.token)
    assert (arrival.case, arrival.keeps_hour) == (case, keeps)
    assert arrival.ticket.origin == "appointment"
    assert (arrival.ticket.appointment_at == ELEVEN) is keeps
    assert small_agenda.reread(booked).state == "checked_in"
    shown = small_agenda.town.get(f"/tickets/{arrival.ticket.id}").get_json()
    assert shown["services_remaining"] == ["rentas", "catastro"]


def test_a_late_one_keeps_the_hour_where_the_office_wants_it(
    small_agenda: Agenda, clock: time_machine.Traveller
) -> None:
    small_agenda.town.configure(Office__centro={"rules": {"appointment_late_rule": "keep"}})
    booked = small_agenda.book(ELEVEN)
    clock.move_to(ELEVEN + timedelta(minutes=30))
    arrival = arrive(small_agenda, booked.token)
    assert (arrival.case, arrival.keeps_hour) == ("late", True)


@pytest.mark.parametrize(("minutes", "slug"), [(-61, "too-early"), (61, "too-late")])
def test_who_comes_too_early_or_too_late_is_told_what_to_do(
    agenda: Agenda, clock: time_machine.Traveller, minutes: int, slug: str
) -> None:
    booked = agenda.book(ELEVEN)
    clock.move_to(ELEVEN + timedelta(minutes=minutes))
    before = agenda.town.everything()
    with pytest.raises(Conflict) as refused:
        arrive(agenda, booked.token)
    assert refused.value.slug == slug
    assert agenda.town.everything() == before
    assert arrive(agenda, booked.token, force=True, actor="staff:ana").ticket.state == "waiting"


def test_another_days_appointment_is_no_turn_of_today_even_for_the_staff(
    small_agenda: Agenda, clock: time_machine.Traveller
) -> None:
    booked = small_agenda.book(ELEVEN + timedelta(days=1))
    with pytest.raises(Conflict, match="Check in from"):
        arrive(small_agenda, booked.token, force=True)
    assert small_agenda.reread(booked).state == "confirmed"


def test_checking_in_twice_gives_the_same_turn(
    agenda: Agenda, clock: time_machine.Traveller
) -> None:
    booked = agenda.book(ELEVEN)
    clock.move_to(ELEVEN)
    first, second = arrive(agenda, booked.code.lower()), arrive(agenda, booked.token)
    assert first.ticket.id == second.ticket.id
    assert len(agenda.town.queue()) == 1


def test_a_code_counts_at_its_own_office_alone(
    small_agenda: Agenda, clock: time_machine.Traveller
) -> None:
    booked = small_agenda.book(ELEVEN)
    clock.move_to(ELEVEN)
    with pytest.raises(Conflict) as refused:
        arrive(small_agenda, booked.code, office=small_agenda.office("norte"))
    assert refused.value.slug == "another-office"
    with pytest.raises(NotFound):
        arrive(small_agenda, "ABC")


def test_a_hold_that_nobody_confirmed_gives_no_turn(
    small_agenda: Agenda, clock: time_machine.Traveller
) -> None:
    clock.move_to(ELEVEN - timedelta(hours=2))
    held = small_agenda.hold(ELEVEN)
    clock.move_to(ELEVEN)
    with pytest.raises(Conflict) as refused:
        arrive(small_agenda, held.token)
    assert refused.value.extra["state"] == "expired"


def test_an_appointment_is_called_before_who_came_later_without_one(
    small_agenda: Agenda, clock: time_machine.Traveller
) -> None:
    town = small_agenda.town
    booked = small_agenda.book(ELEVEN)
    clock.move_to(ELEVEN - timedelta(minutes=20))
    arrival = arrive(small_agenda, booked.token)
    walk_in = town.take("rentas")
    clock.move_to(ELEVEN)
    called = town.called("1")
    assert called["id"] == arrival.ticket.id
    assert town.called("1", finish_current=True)["id"] == walk_in["id"]
    with small_agenda.write() as session:
        assert tending.settle(session, clocks.now()) == 1
    assert small_agenda.reread(booked).state == "done"


def test_a_full_day_of_turns_turns_no_appointment_away(
    small_agenda: Agenda, clock: time_machine.Traveller
) -> None:
    town = small_agenda.town
    town.configure(Office__centro={"rules": {"office_daily_limit": 1}})
    booked = small_agenda.book(ELEVEN)
    town.take("rentas")
    clock.move_to(ELEVEN)
    assert arrive(small_agenda, booked.token).ticket.state == "waiting"


def test_who_did_not_come_is_noted_after_the_day_and_may_book_again(
    agenda: Agenda, clock: time_machine.Traveller
) -> None:
    booked = agenda.book(ELEVEN, person=ROSA)
    clock.move_to(lima(MONDAY, 23))
    with agenda.write() as session:
        assert tending.note_no_shows(session, clocks.now()) == 0
    clock.move_to(lima(MONDAY, 23) + timedelta(hours=1))
    with agenda.write() as session:
        assert tending.note_no_shows(session, clocks.now()) == 1
        assert tending.note_no_shows(session, clocks.now()) == 0
    assert agenda.reread(booked).state == "no_show"
    agenda.book(ELEVEN + timedelta(days=1), person=ROSA)


def test_it_is_forgotten_who_came(small_agenda: Agenda, clock: time_machine.Traveller) -> None:
    booked = small_agenda.book(ELEVEN, person=ROSA)
    later = small_agenda.book(ELEVEN + timedelta(days=30), person=ROSA)
    clock.shift(timedelta(days=91))
    with small_agenda.write() as session:
        assert tending.forget(session, clocks.now()) == 1
        assert tending.forget(session, clocks.now()) == 0
    gone = small_agenda.reread(booked)
    assert (gone.name, gone.email, gone.email_digest) == (None, None, None)
    assert small_agenda.reread(later).email == "rosa@example.com"
