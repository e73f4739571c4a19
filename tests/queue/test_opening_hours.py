"""When an office is open: weekly hours, the lunch break, holidays, closures."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from tests.queue import values
from tests.queue.town import Town

from turnero_queue import opening
from turnero_queue.catalogue import Closure, Office

LIMA = ZoneInfo("America/Lima")


def lima(text: str) -> datetime:
    """An instant, as a clock on the wall in Lima shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=LIMA).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-03-02 07:59:59", False),
        ("2026-03-02 08:00:00", True),
        ("2026-03-02 12:59:59", True),
        ("2026-03-02 13:00:00", False),
        ("2026-03-02 13:59:59", False),
        ("2026-03-02 14:00:00", True),
        ("2026-03-02 15:59:59", True),
        ("2026-03-02 16:00:00", False),
        ("2026-03-01 10:00:00", False),
    ],
)
def test_an_office_is_open_in_its_hours_and_not_at_lunch(at: str, is_open: bool) -> None:
    assert (opening.open_span(values.office(), lima(at)) is not None) is is_open


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-03-02 06:00", "2026-03-02 08:00"),
        ("2026-03-02 08:00", "2026-03-02 14:00"),
        ("2026-03-02 13:30", "2026-03-02 14:00"),
        ("2026-03-02 14:30", "2026-03-03 08:00"),
        ("2026-03-06 17:00", "2026-03-09 08:00"),
    ],
)
def test_the_next_opening_skips_breaks_nights_and_weekends(at: str, opens: str) -> None:
    assert opening.next_opening(values.office(), lima(at)) == lima(opens)


def test_an_office_without_hours_never_opens() -> None:
    assert opening.next_opening(values.office(hours={}), values.NINE) is None


def test_an_office_closed_for_longer_than_anybody_plans_has_no_next_opening() -> None:
    closed = Closure(date(2026, 1, 1), date(2026, 12, 31), {})

    assert opening.next_opening(values.office(closures=(closed,)), values.NINE) is None


def test_an_opening_until_24_includes_the_last_second_and_not_midnight() -> None:
    office = values.office(hours={"mon": ["18:00-24:00"]})

    assert opening.open_span(office, lima("2026-03-02 23:59:59")) is not None
    assert opening.open_span(office, lima("2026-03-03 00:00:00")) is None


def test_round_the_clock_has_no_second_without_an_opening() -> None:
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    office = values.office(hours={key: ["00:00-24:00"] for key in days})
    midnight = lima("2026-03-03 00:00:00")

    for shift in (-1, 0, 1):
        assert opening.open_span(office, midnight + timedelta(seconds=shift)) is not None


def test_hours_written_out_of_order_are_still_a_day_in_order() -> None:
    office = values.office(hours={"mon": ["14:00-16:00", "08:00-13:00"]})
    starts = [span.start.hour for span in opening.spans(office, date(2026, 3, 2))]

    assert starts == [8, 14]


def test_a_closure_closes_its_first_and_last_day_and_no_other() -> None:
    closure = Closure(date(2026, 3, 3), date(2026, 3, 4), {"es": "Inventario"})
    office = values.office(closures=(closure,))

    reasons = [opening.closed_reason(office, date(2026, 3, day)) for day in (2, 3, 4, 5)]

    assert reasons == [None, "Inventario", "Inventario", None]


@pytest.mark.parametrize(
    ("place", "holiday", "ordinary"),
    [
        ("PE", date(2026, 7, 28), date(2026, 7, 27)),
        ("PE", date(2026, 4, 3), date(2026, 4, 6)),  # Good Friday moves with the year
        ("BR-SP", date(2026, 7, 9), date(2026, 7, 10)),  # a holiday of that state alone
        ("BR", date(2026, 9, 7), date(2026, 7, 9)),
        ("AR", date(2026, 5, 25), date(2026, 5, 26)),
        ("ES-MD", date(2026, 10, 12), date(2026, 10, 13)),
    ],
)
def test_an_office_keeps_the_holidays_of_its_country_or_state(
    place: str, holiday: date, ordinary: date
) -> None:
    office = values.office(holidays=place)

    assert opening.spans(office, holiday) == []
    assert opening.closed_reason(office, holiday)
    assert len(opening.spans(office, ordinary)) == 2


def test_an_office_without_a_country_works_on_holidays() -> None:
    assert opening.closed_reason(values.office(), date(2026, 7, 28)) is None


def test_the_next_opening_skips_holidays_too() -> None:
    office = values.office(holidays="PE")  # 28 and 29 July are a Tuesday and a Wednesday

    assert opening.next_opening(office, lima("2026-07-27 17:00")) == lima("2026-07-30 08:00")


@pytest.mark.parametrize(
    "text", ["8-13", "08:00", "13:00-08:00", "08:00-08:00", "08:60-09:00", "08:00-24:01", "a-b", ""]
)
def test_an_interval_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not|ends before"):
        opening.minutes_of_day(text)


# The door: what somebody hears who wants a turn.


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-03-02 07:00", "2026-03-02 08:00"),
        ("2026-03-02 13:00", "2026-03-02 14:00"),
        ("2026-03-02 16:00", "2026-03-03 08:00"),
        ("2026-03-07 12:00", "2026-03-09 08:00"),
    ],
)
def test_no_turn_while_closed_and_the_refusal_says_when_to_come(
    town: Town, clock: time_machine.Traveller, at: str, opens: str
) -> None:
    clock.move_to(lima(at))
    before = town.everything()

    answer = town.post("/offices/centro/tickets", {"service": "rentas"})
    problem = answer.get_json()

    assert answer.status_code == 409
    assert problem["type"] == "/problems/office-closed"
    assert datetime.fromisoformat(problem["opens_at"]) == lima(opens)
    assert opens in problem["detail"]
    assert town.everything() == before


def test_no_turn_on_a_holiday(town: Town, clock: time_machine.Traveller) -> None:
    town.configure(Office__centro={"holidays": "PE"})
    clock.move_to(lima("2026-07-28 09:00"))

    problem = town.post("/offices/centro/tickets", {"service": "rentas"}).get_json()

    assert problem["type"] == "/problems/office-closed"
    assert town.get("/offices/centro").get_json()["closed_because"]
    assert town.post("/offices/norte/tickets", {"service": "rentas"}).status_code == 201


def test_no_turn_during_a_closure_and_the_office_says_why(
    town: Town, clock: time_machine.Traveller
) -> None:
    closure = {"from": "2026-03-02", "to": "2026-03-02", "reason": {"es": "Inventario"}}
    town.configure(Office__centro={"closures": [closure]})

    assert town.post("/offices/centro/tickets", {"service": "rentas"}).status_code == 409
    shown = town.get("/offices/centro").get_json()
    assert (shown["open_now"], shown["closed_because"]) == (False, "Inventario")
    assert shown["opens_at"] == "2026-03-03T13:00:00.000Z"


def test_an_office_that_never_opens_says_so(town: Town) -> None:
    town.configure(Office__centro={"hours": {}})

    problem = town.post("/offices/centro/tickets", {"service": "rentas"}).get_json()

    assert problem["type"] == "/problems/office-closed"
    assert problem["opens_at"] is None


@pytest.mark.parametrize(
    ("at", "status"),
    [
        ("2026-03-02 12:49:59", 201),
        ("2026-03-02 12:50:00", 409),
        ("2026-03-02 14:00:00", 201),
        ("2026-03-02 15:55:00", 409),
    ],
)
def test_the_last_turn_is_given_some_minutes_before_closing(
    town: Town, clock: time_machine.Traveller, at: str, status: int
) -> None:
    town.configure(Office__centro={"rules": {"last_turn_minutes_before_close": 10}})
    clock.move_to(lima(at))

    answer = town.post("/offices/centro/tickets", {"service": "rentas"})

    assert answer.status_code == status


def test_those_already_inside_are_attended_after_closing_time(
    town: Town, clock: time_machine.Traveller
) -> None:
    rosa = town.take()
    clock.move_to(lima("2026-03-02 16:30"))

    assert town.called("1")["id"] == rosa["id"]
    town.do("start", rosa)
    assert town.do("finish", rosa)["state"] == "done"


def test_the_public_catalogue_shows_the_hours_of_today(
    town: Town, clock: time_machine.Traveller
) -> None:
    now_open = town.get("/offices/centro", token=None).get_json()
    clock.move_to(lima("2026-03-02 13:10"))
    at_lunch = town.get("/offices/centro", token=None).get_json()

    assert (now_open["open_now"], now_open["closes_at"]) == (True, "2026-03-02T18:00:00.000Z")
    assert now_open["opens_at"] is None
    assert (at_lunch["open_now"], at_lunch["closes_at"]) == (False, None)
    assert at_lunch["opens_at"] == "2026-03-02T19:00:00.000Z"


def first_day(office: Office, start: date) -> date:
    return next(
        start + timedelta(days=n)
        for n in range(400)
        if opening.spans(office, start + timedelta(days=n))
    )


def test_a_new_year_is_read_from_its_own_calendar() -> None:
    office = values.office(holidays="PE")

    assert opening.spans(office, date(2027, 1, 1)) == []
    assert first_day(office, date(2026, 12, 31)) == date(2026, 12, 31)
    assert first_day(office, date(2027, 1, 1)) == date(2027, 1, 4)
