"""Days on which clocks change: openings are real instants and have their real length."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.queue import values

from turnero_queue import opening
from turnero_queue.catalogue import Office

# Zone, the day of 2026 on which clocks go forward, and the hour they skip;
# then the days on which they go back.
SPRING = [
    ("America/Santiago", date(2026, 9, 6), "00:00-01:00"),
    ("Europe/Madrid", date(2026, 3, 29), "02:00-03:00"),
    ("America/New_York", date(2026, 3, 8), "02:00-03:00"),
]
AUTUMN = [
    ("America/Santiago", date(2026, 4, 4)),
    ("Europe/Madrid", date(2026, 10, 25)),
    ("America/New_York", date(2026, 11, 1)),
]
EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def office_open(zone: str, *spans: str, **overrides: Any) -> Office:
    return values.office(zone, hours={key: list(spans) for key in EVERY_DAY}, **overrides)


def length(office: Office, day: date) -> timedelta:
    """The real time between the first opening and the last closing of a day."""
    spans = opening.spans(office, day)
    return spans[-1].end.astimezone(UTC) - spans[0].start.astimezone(UTC)


@pytest.mark.parametrize(("zone", "day"), [(zone, day) for zone, day, _ in SPRING])
def test_a_day_of_spring_is_an_hour_short(zone: str, day: date) -> None:
    office = office_open(zone, "00:00-24:00")

    assert length(office, day) == timedelta(hours=23)
    assert length(office, day + timedelta(days=1)) == timedelta(hours=24)


@pytest.mark.parametrize(("zone", "day"), AUTUMN)
def test_a_day_of_autumn_is_an_hour_long(zone: str, day: date) -> None:
    office = office_open(zone, "00:00-24:00")

    assert length(office, day) == timedelta(hours=25)
    assert length(office, day - timedelta(days=1)) == timedelta(hours=24)


@pytest.mark.parametrize(("zone", "day"), [(zone, day) for zone, day, _ in SPRING] + AUTUMN)
def test_office_hours_away_from_the_change_keep_their_length(zone: str, day: date) -> None:
    office = office_open(zone, "08:00-13:00")

    assert length(office, day) == timedelta(hours=5)
    span = opening.spans(office, day)[0]
    assert (span.start.hour, span.end.hour) == (8, 13)


@pytest.mark.parametrize(("zone", "day", "gap"), SPRING)
def test_an_opening_that_falls_in_the_skipped_hour_is_no_opening(
    zone: str, day: date, gap: str
) -> None:
    office = office_open(zone, gap)

    assert length(office, day) == timedelta(0)
    inside = opening.spans(office, day)[0].start.astimezone(UTC)
    assert opening.open_span(office, inside) is None


@pytest.mark.parametrize(("zone", "day", "gap"), SPRING)
def test_an_opening_across_the_skipped_hour_is_an_hour_shorter(
    zone: str, day: date, gap: str
) -> None:
    last = int(gap[6:8]) + 2
    office = office_open(zone, f"00:00-{last:02d}:00")

    assert length(office, day) == timedelta(hours=last - 1)


@pytest.mark.parametrize(("zone", "day"), AUTUMN)
def test_both_hours_of_the_same_name_are_in_an_opening_across_them(zone: str, day: date) -> None:
    office = office_open(zone, "00:00-24:00")
    start = opening.spans(office, day)[0].start.astimezone(UTC)

    for hour in range(25):
        assert opening.open_span(office, start + timedelta(hours=hour, minutes=30)) is not None
    after = opening.open_span(office, start + timedelta(hours=25))
    assert after is not None
    assert after.start.date() == day + timedelta(days=1)


@pytest.mark.parametrize(("zone", "day"), AUTUMN)
def test_the_business_day_does_not_change_in_the_hour_that_comes_twice(
    zone: str, day: date
) -> None:
    office = office_open(zone, "00:00-24:00")
    start = opening.spans(office, day)[0].start.astimezone(UTC)
    days = {(start + timedelta(minutes=n)).astimezone(office.zone).date() for n in range(25 * 60)}

    assert days == {day}


def test_the_time_left_before_closing_is_real_time() -> None:
    """At 00:30 in New York, before the hour that is lived twice, three hours remain until 02:30."""
    office = office_open("America/New_York", "00:00-02:30")
    before_change = datetime(2026, 11, 1, 4, 30, tzinfo=UTC)  # 00:30, UTC-4

    span = opening.open_span(office, before_change)

    assert span is not None
    assert span.end - before_change == timedelta(hours=3)


@pytest.mark.parametrize(("zone", "day"), [(zone, day) for zone, day, _ in SPRING] + AUTUMN)
def test_the_next_opening_over_the_change_is_at_the_hour_on_the_door(zone: str, day: date) -> None:
    office = office_open(zone, "08:00-16:00")
    evening = datetime.combine(day - timedelta(days=1), datetime.min.time(), tzinfo=office.zone)
    evening = evening.replace(hour=20).astimezone(UTC)

    opens = opening.next_opening(office, evening)

    assert opens is not None
    assert (opens.date(), opens.hour, opens.minute) == (day, 8, 0)


def test_an_opening_that_begins_in_the_skipped_hour_is_told_as_the_hour_that_exists() -> None:
    office = office_open("Europe/Madrid", "02:30-12:00")
    evening = datetime(2026, 3, 28, 20, 0, tzinfo=UTC)

    opens = opening.next_opening(office, evening)

    assert opens is not None
    assert (opens.hour, opens.minute) == (3, 30)
    assert opens.astimezone(UTC) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
