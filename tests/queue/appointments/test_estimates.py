"""The wait that people are told counts who has an appointment, from their hour on."""

from datetime import timedelta

import time_machine
from tests.conftest import MONDAY_MORNING
from tests.queue.appointments.agenda import MONDAY, Agenda, given, lima


def wait(agenda: Agenda, service: str = "rentas") -> int:
    found: int = agenda.town.services()[service]["wait"]["p50_s"]
    return found


def test_a_walk_in_waits_for_the_appointments_whose_hour_comes_first(
    small_agenda: Agenda, clock: time_machine.Traveller
) -> None:
    small_agenda.prepare(given(lead_minutes=0))
    small_agenda.town.desk("open", "1")
    assert wait(small_agenda) == 0
    for service in ("rentas", "rentas"):
        small_agenda.book(lima(MONDAY, 9, 15), service)
    # Desk 1 is free now: whoever comes now is attended before those who come at 09:15.
    assert wait(small_agenda) == 0
    clock.move_to(MONDAY_MORNING + timedelta(minutes=10))
    assert wait(small_agenda) == 2 * 600
    clock.move_to(MONDAY_MORNING + timedelta(minutes=21))
    assert wait(small_agenda) == 0


def test_a_waiting_person_is_told_of_appointments_that_come_before_their_turn(
    small_agenda: Agenda,
) -> None:
    small_agenda.prepare(given(lead_minutes=0))
    town = small_agenda.town
    town.desk("open", "1")
    first, second = town.take("rentas"), town.take("rentas")
    before = town.ticket(second)["wait"]["p50_s"]
    small_agenda.book(lima(MONDAY, 9, 15))
    # The first is attended from 09:05 to 09:15, then whoever has the appointment.
    assert town.ticket(first)["wait"]["p50_s"] == 0
    assert before == 600
    assert town.ticket(second)["wait"]["p50_s"] == 1200
    assert [entry["wait"]["p50_s"] for entry in town.queue()] == [0, 1200]


def test_another_desks_appointments_keep_nobody_waiting(small_agenda: Agenda) -> None:
    small_agenda.prepare(given(lead_minutes=0))
    town = small_agenda.town
    town.desk("open", "1")
    town.desk("open", "3")
    town.take("caja")
    small_agenda.book(lima(MONDAY, 9, 15))
    assert wait(small_agenda, "caja") == 180
