"""What cannot be booked, and what is said of it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from tests.queue.appointments.agenda import (
    ANA,
    EVA,
    MONDAY,
    ROSA,
    TUESDAY,
    Agenda,
    given,
    lima,
)

from turnero_core.errors import Conflict, Invalid, NotFound
from turnero_queue import appointments
from turnero_queue.appointments import Person, TooMany
from turnero_queue.availability import Availability

NINE = lima(TUESDAY, 9)


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (lima(MONDAY, 8), "past"),
        (lima(TUESDAY, 9, 5), "No appointment begins"),
        (lima(TUESDAY, 9) + timedelta(seconds=1), "No appointment begins"),
        (lima(TUESDAY, 9) + timedelta(days=364), "too far"),
    ],
)
def test_a_start_that_can_never_be_is_refused_with_its_field(
    small_agenda: Agenda, start: Any, said: str
) -> None:
    before = small_agenda.town.everything()
    with pytest.raises(Invalid) as refused:
        small_agenda.hold(start)
    assert said in refused.value.extra["errors"]["start"][0]
    assert small_agenda.town.everything() == before


@pytest.mark.parametrize("start", [lima(TUESDAY, 13, 30), lima(MONDAY, 9, 30), lima(MONDAY, 9, 45)])
def test_an_hour_without_slots_or_too_soon_names_the_next_ones(
    small_agenda: Agenda, start: Any
) -> None:
    with pytest.raises(Conflict) as refused:
        small_agenda.hold(start)
    assert refused.value.slug == "slot-unavailable"
    following = [each["start"] for each in refused.value.extra["next"]]
    assert following[0] in ("2026-03-03T19:00:00.000Z", "2026-03-02T15:15:00.000Z")
    assert len(following) == 3


def test_a_service_without_appointments_or_of_another_office_is_not_booked(
    small_agenda: Agenda,
) -> None:
    with small_agenda.read() as session:
        from turnero_queue import catalogue

        configured = catalogue.current(session)
        for office, service in (("centro", "caja"), ("norte", "catastro")):
            with pytest.raises(Conflict) as refused:
                appointments.wish(configured, configured.office(office), [(service, 1)])
            assert refused.value.slug == "service-not-offered"
        with pytest.raises(NotFound):
            appointments.wish(configured, configured.office("centro"), [("nada", 1)])
        for quantity in (0, -1, 1000):
            with pytest.raises(Invalid):
                appointments.wish(configured, configured.office("centro"), [("rentas", quantity)])


@pytest.mark.parametrize(
    "person",
    [
        Person(email="rosa@"),
        Person(email="rosa example.com"),
        Person(phone="12"),
        Person(phone="+1"),
        Person(name="x" * 200, email="rosa@example.com"),
        Person(email="rosa@example.com\nBcc: all@example.com"),
    ],
)
def test_a_contact_that_is_no_address_is_refused(small_agenda: Agenda, person: Person) -> None:
    held = small_agenda.hold(NINE)
    with pytest.raises(Invalid):
        small_agenda.confirm(held, person)
    assert small_agenda.reread(held).state == "held"


def test_a_forged_token_opens_nothing(small_agenda: Agenda) -> None:
    booked = small_agenda.book(NINE)
    for token in ("", "x", booked.token[:-1], booked.token + "x", booked.id, booked.code, "é" * 20):
        with pytest.raises(NotFound), small_agenda.write() as session:
            appointments.cancel(session, token, booked.created_at)
    assert small_agenda.reread(booked).state == "confirmed"


def test_who_has_as_many_as_allowed_is_told_so_whatever_the_office(agenda: Agenda) -> None:
    agenda.prepare(given(services=("rentas",)), office="norte")
    booked = [agenda.book(lima(TUESDAY, hour), person=ROSA) for hour in (8, 9)]
    agenda.book(lima(TUESDAY, 10), office="norte", person=Person(email="ROSA@example.com"))
    held = agenda.hold(lima(TUESDAY, 11))
    with pytest.raises(Conflict) as refused:
        agenda.confirm(held, ROSA)
    assert refused.value.slug == "too-many-appointments"
    agenda.confirm(held, ANA)
    agenda.cancel(booked[0])
    agenda.book(lima(TUESDAY, 12), person=ROSA)


def test_ten_thousand_holds_from_one_address_get_thirty_places_that_expire(
    small_agenda: Agenda, clock: time_machine.Traveller
) -> None:
    small_agenda.prepare(given(seats=200))
    address = "203.0.113.7"
    for _ in range(30):
        small_agenda.hold(NINE, address=address)
    refused = 0
    for _ in range(200):
        with pytest.raises(TooMany):
            small_agenda.hold(NINE, address=address)
        refused += 1
    assert (refused, small_agenda.left(NINE)) == (200, 170)
    small_agenda.hold(NINE, address="203.0.113.8")
    clock.shift(timedelta(minutes=11))
    assert small_agenda.left(NINE) == 200
    small_agenda.hold(NINE, address=address)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"hours": {"mon": ((600, 480),)}}, "hours"),
        ({"hours": {"mon": ((481, 600),)}}, "hours"),
        ({"slot_minutes": 7}, "slot_minutes"),
        ({"slot_minutes": 0}, "slot_minutes"),
        ({"buffer_minutes": -5}, "buffer_minutes"),
        ({"first": TUESDAY, "last": MONDAY}, "last"),
        ({"every_weeks": 2}, "first"),
        ({"services": ()}, "services"),
        ({"desks_needed": 3}, "seats"),
    ],
)
def test_a_schedule_that_could_never_be_right_is_refused(
    small_agenda: Agenda, wrong: dict[str, Any], field: str
) -> None:
    before = small_agenda.town.everything()
    bad: Availability = given(**wrong)
    with pytest.raises(Invalid) as refused, small_agenda.write() as session:
        appointments.set_availabilities(session, small_agenda.office(), [bad], "staff:ana", NINE)
    assert field in refused.value.extra["errors"]
    assert small_agenda.town.everything() == before


def test_people_who_leave_no_contact_have_no_limit(small_agenda: Agenda) -> None:
    for hour in (8, 9, 10, 11, 12):
        small_agenda.book(lima(TUESDAY, hour), person=EVA)
