"""Which slots there are: hours, closures, weeks, and the days on which clocks change."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from tests.queue.appointments.agenda import ALWAYS, given
from tests.queue.values import minutes, office, service

from turnero_queue.appointments import grid
from turnero_queue.catalogue import Closure, Office

ROUND = {day: ["00:00-24:00"] for day in ALWAYS}
NEW_YORK, MADRID, LIMA, LORD_HOWE = (
    "America/New_York",
    "Europe/Madrid",
    "America/Lima",
    "Australia/Lord_Howe",
)


def slots(place: Office, day: date, count: int = 1, **overrides: Any) -> list[datetime]:
    made = grid.make(place, given(**overrides), count, day)
    return [slot.free.start for slot in made]


def wall(found: list[datetime], zone: str) -> list[str]:
    return [at.astimezone(ZoneInfo(zone)).strftime("%H:%M") for at in found]


def test_slots_follow_one_another_within_the_opening_hours() -> None:
    found = wall(slots(office(), date(2026, 3, 2)), LIMA)
    assert (found[0], found[19], found[20], found[-1]) == ("08:00", "12:45", "14:00", "15:45")
    assert len(found) == 28


def test_a_visit_of_three_slots_ends_before_the_office_closes() -> None:
    found = wall(slots(office(), date(2026, 3, 2), 3), LIMA)
    assert "12:15" in found
    assert "12:30" not in found
    assert found[-1] == "15:15"


def test_a_visit_takes_as_many_slots_as_its_services_add_up_to() -> None:
    assert given().slots_for(service(duration=15).duration) == 1
    assert given().slots_for(minutes(16)) == 2
    assert given().length(3) == minutes(45)
    assert given(buffer_minutes=5).length(3) == minutes(55)


@pytest.mark.parametrize("zone", [NEW_YORK, MADRID])
def test_in_spring_the_hour_that_is_left_out_has_no_slots(zone: str) -> None:
    day = date(2026, 3, 8) if zone == NEW_YORK else date(2026, 3, 29)
    found = slots(office(zone, hours=ROUND), day, hours=ALWAYS)
    assert len(found) == 23 * 4
    assert not [hour for hour in wall(found, zone) if hour.startswith("02:")]
    steps = {after - before for before, after in itertools.pairwise(found)}
    assert steps == {minutes(15)}


@pytest.mark.parametrize("zone", [NEW_YORK, MADRID])
def test_in_autumn_the_hour_that_comes_twice_has_its_slots_once(zone: str) -> None:
    day = date(2026, 11, 1) if zone == NEW_YORK else date(2026, 10, 25)
    found = slots(office(zone, hours=ROUND), day, hours=ALWAYS)
    hours = wall(found, zone)
    assert len(found) == 24 * 4
    assert len(set(hours)) == len(hours)
    assert found == sorted(set(found))


def test_half_an_hour_of_change_leaves_out_half_an_hour() -> None:
    found = slots(office(LORD_HOWE, hours=ROUND), date(2026, 10, 4), hours=ALWAYS)
    assert len(found) == 94
    assert "02:15" not in wall(found, LORD_HOWE)


def test_a_month_ends_and_a_leap_day_comes() -> None:
    place = office()
    assert len(slots(place, date(2028, 2, 29))) == 28
    assert len(slots(place, date(2026, 2, 27))) == len(slots(place, date(2026, 3, 2))) == 28
    assert slots(place, date(2026, 2, 28)) == []
    assert slots(place, date(2028, 2, 29), last=date(2028, 2, 29))
    assert not slots(place, date(2028, 3, 1), last=date(2028, 2, 29))


def test_closures_holidays_and_exceptions_have_no_slots() -> None:
    closed = replace(office(), closures=(Closure(date(2026, 3, 2), date(2026, 3, 3), {}),))
    assert slots(closed, date(2026, 3, 2)) == slots(closed, date(2026, 3, 3)) == []
    assert slots(closed, date(2026, 3, 4))
    assert slots(replace(office(), holidays="PE"), date(2026, 7, 28)) == []
    assert slots(office(), date(2026, 3, 2), exceptions=frozenset({date(2026, 3, 2)})) == []


def test_every_other_week_is_counted_from_the_week_of_the_first_day() -> None:
    wednesdays = [date(2026, 3, 4) + timedelta(weeks=n) for n in range(4)]
    found = [
        bool(slots(office(), day, every_weeks=2, first=date(2026, 3, 2))) for day in wednesdays
    ]
    assert found == [True, False, True, False]
    assert not slots(office(), date(2026, 2, 18), every_weeks=2, first=date(2026, 3, 2))


def test_hours_of_a_schedule_outside_of_the_offices_give_nothing() -> None:
    early = {"mon": ((360, 540),)}
    assert wall(slots(office(), date(2026, 3, 2), hours=early), LIMA) == [
        "08:00",
        "08:15",
        "08:30",
        "08:45",
    ]


def test_a_calendar_that_closes_before_it_opens_gives_nothing() -> None:
    assert slots(office(), date(2026, 3, 2), hours={"mon": ((600, 480),)}) == []


@examples(
    day=st.dates(date(2020, 1, 1), date(2032, 12, 31)),
    zone=st.sampled_from([NEW_YORK, MADRID, LIMA, LORD_HOWE, "America/Santiago", "Asia/Kathmandu"]),
    length=st.integers(1, 24).map(lambda n: n * 5),
    buffer=st.integers(0, 3).map(lambda n: n * 5),
    count=st.integers(1, 4),
)
def test_on_any_day_slots_are_real_hours_of_that_day_that_never_come_twice(
    day: date, zone: str, length: int, buffer: int, count: int
) -> None:
    place = office(zone, hours=ROUND)
    weekly = given(hours=ALWAYS, slot_minutes=length, buffer_minutes=buffer)
    made = list(grid.make(place, weekly, count, day))
    for slot in made:
        local = slot.free.start.astimezone(ZoneInfo(zone))
        assert local.date() == day
        assert local.replace(tzinfo=None).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) == (
            slot.free.start
        )
        assert slot.free.end - slot.free.start == weekly.length(count)
        assert slot.first * 300 == slot.free.start.timestamp()
        assert slot.until * 300 >= slot.free.end.timestamp()
    begin = [slot.free.start for slot in made]
    assert begin == sorted(set(begin))
