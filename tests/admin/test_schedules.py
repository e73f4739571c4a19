"""The editor of schedules without scripts: what it saves, whom it hurts, and every refusal."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.admin import bookings, machines
from tests.admin.bookings import LUIS, lima
from tests.admin.cityhall import Browser, CityHall
from werkzeug.test import TestResponse

from turnero_queue import configuration
from turnero_queue.availability import Availability

TUESDAY = date(2026, 3, 3)
NINE, TEN = lima(TUESDAY, 9), lima(TUESDAY, 10)
EDIT = "/admin/schedules/edit/tributos"
OFFICE = "?office=centro"
TAXES: dict[str, Any] = {
    "name-es": "Tributos",
    "name-en": "Taxes",
    "name-pt": "Tributos",
    "services": ["rentas", "cuotas"],
    **{f"hours-{day}": "08:30-12:30, 14:00-16:00" for day in ("mon", "tue", "wed", "thu", "fri")},
    "hours-sat": "9:00-12:00",
    "slot_minutes": "15",
    "buffer_minutes": "0",
    "places": "desks",
    "desks": ["1", "2"],
    "desks_needed": "1",
    "pool": "public",
    "every_weeks": "1",
    "lead_minutes": "30",
    "horizon_days": "60",
}


def text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def hidden(answer: TestResponse, name: str) -> str:
    parts = text(answer).split(f'name="{name}" value="')
    assert len(parts) > 1, name
    return parts[1].partition('"')[0]


def save(browser: Browser, form: dict[str, Any], path: str = EDIT, **more: Any) -> TestResponse:
    """Send the form as it was opened just now, or with an older `version`."""
    version = more.pop("version", None) or hidden(browser.get(f"{EDIT}{OFFICE}"), "version")
    return browser.post(f"{path}{OFFICE}", {**form, "version": version, **more})


def taxes(hall: CityHall) -> Availability:
    return bookings.given(hall)["tributos"]


def test_only_who_edits_schedules_does_and_only_in_their_offices(hall: CityHall) -> None:
    machines.hire(hall, "marta", "receptionist", "centro")
    machines.hire(hall, "sofia", "supervisor", "norte")
    for login in ("marta", "sofia", "ana"):
        clerk = hall.clerk(login)
        for path in ("/admin/schedules", "/admin/schedules/new", EDIT):
            assert clerk.get(f"{path}{OFFICE}").status_code == 403
        assert clerk.post(f"{EDIT}{OFFICE}", TAXES).status_code == 403
        assert clerk.post(f"{EDIT}/retire{OFFICE}").status_code == 403
    assert hall.clerk("sofia").get("/admin/schedules?office=norte").status_code == 200


def test_what_is_saved_unchanged_is_the_same_and_the_file_says_so_too(
    hall: CityHall, elena: Browser
) -> None:
    before = taxes(hall)
    assert "Taxes" in text(elena.get(f"/admin/schedules{OFFICE}"))
    assert save(elena, TAXES).status_code == 303
    assert taxes(hall) == before
    changed = TAXES | {
        "name-en": "Taxes & fees",
        "first": "2026-03-02",
        "last": "2026-12-18",
        "every_weeks": "2",
        "exceptions": "2026-12-08\n2026-04-06",
        "places": "seats",
        "seats": "3",
        "group": "hall",
        "desks_needed": "2",
        "buffer_minutes": "5",
        "hours-sun": "10:00–11:00",
    }
    assert save(elena, changed).status_code == 303
    saved = taxes(hall)
    assert (saved.seats, saved.group, saved.desks, saved.desks_needed) == (3, "hall", (), 2)
    assert saved.hours["sun"] == ((600, 660),)
    assert saved.exceptions == {date(2026, 4, 6), date(2026, 12, 8)}
    with hall.database.write() as session:
        written = configuration.dump(session)
        configuration.apply(session, configuration.parse(written.encode(), "dump"), actor="test")
    assert taxes(hall) == saved
    [_, entry] = bookings.audited(hall, "appointments.schedule")
    before_, after = json.loads(entry.before or ""), json.loads(entry.after or "")
    assert (before_["tributos"]["seats"], after["tributos"]["seats"]) == (1, 3)
    assert set(before_) == set(after) == {"tributos"}


def test_new_hours_get_a_code_of_their_own(hall: CityHall, elena: Browser) -> None:
    for _ in range(2):
        done = save(
            elena, TAXES | {"name-es": "Trámites Ñandú", "pool": "staff"}, "/admin/schedules/new"
        )
        assert done.status_code == 303
    found = bookings.given(hall)
    assert {"tramites-nandu", "tramites-nandu-2"} <= set(found)
    assert found["tramites-nandu"].pool == "staff"
    assert found["tributos"].pool == "public"


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"hours-mon": "12:30-08:30"}, "It has to close after it opens."),
        ({"hours-mon": "08:00-08:00"}, "It has to close after it opens."),
        ({"hours-mon": "morning"}, "is not a time such as"),
        ({"hours-mon": "08:00-10:00, 09:00-11:00"}, "These times overlap"),
        ({"hours-mon": "08:02-10:00"}, "Use a multiple of 5 minutes."),
        ({f"hours-{day}": "" for day in ("mon", "tue", "wed", "thu", "fri", "sat")}, "one day"),
        ({"slot_minutes": "7"}, "Use a multiple of 5 minutes."),
        ({"slot_minutes": "0"}, "Write a number from 5 to 480."),
        ({"slot_minutes": "²"}, "Write a number from 5 to 480."),
        ({"horizon_days": "9999"}, "Write a number from 0 to 366."),
        ({"first": "2026-05-01", "last": "2026-04-01"}, "It has to end after it begins."),
        ({"first": "soon"}, "is no day"),
        ({"every_weeks": "2"}, "Say in which week it begins."),
        ({"exceptions": "Christmas"}, "is no day"),
        ({"services": []}, "Choose at least one service."),
        ({"services": ["none"]}, "none"),
        ({"desks": []}, "Choose at least one desk."),
        ({"desks": ["1"], "desks_needed": "2"}, "as many places as one appointment needs"),
        ({"places": "seats", "seats": "2", "group": "A b"}, "small letters"),
        ({"name-es": "", "name-en": "", "name-pt": ""}, "This is needed."),
    ],
)
def test_hours_that_cannot_be_are_refused_in_words_and_nothing_is_saved(
    hall: CityHall, elena: Browser, wrong: dict[str, Any], word: str
) -> None:
    before = bookings.given(hall)
    answer = save(elena, TAXES | wrong)
    assert answer.status_code == 422
    assert word in text(answer)
    assert bookings.given(hall) == before


def test_a_change_that_hurts_shows_whom_and_does_what_is_chosen(
    hall: CityHall, elena: Browser
) -> None:
    rosa, luis = bookings.book(hall, NINE), bookings.book(hall, TEN, person=LUIS)
    late = TAXES | {"hours-tue": "10:00-12:30"}
    asked = save(elena, late)
    assert asked.status_code == 409
    assert "Rosa Quispe" in text(asked)
    assert "Luis Mamani" not in text(asked)
    assert taxes(hall).hours["tue"][0] == (510, 750)
    done = save(elena, late, remedy="move", seen=hidden(asked, "seen"), told="Shorter mornings")
    assert done.status_code == 303
    assert bookings.reread(hall, rosa).starts_at == TEN
    assert "appointment-changed" in bookings.notices(hall, rosa)
    assert bookings.reread(hall, luis).starts_at == TEN
    assert bookings.notices(hall, luis) == []


def test_who_is_kept_at_an_hour_that_is_gone_is_not_asked_about_again(
    hall: CityHall, elena: Browser
) -> None:
    rosa = bookings.book(hall, NINE)
    late = TAXES | {"hours-tue": "10:00-12:30"}
    asked = save(elena, late)
    kept = save(elena, late, remedy="keep", seen=hidden(asked, "seen"))
    assert kept.status_code == 303
    assert rosa.code in text(elena.get(kept.headers["Location"]))
    assert bookings.reread(hall, rosa).starts_at == NINE
    assert save(elena, late | {"lead_minutes": "45"}).status_code == 303


def test_taking_hours_out_of_use_cancels_only_once_that_is_chosen(
    hall: CityHall, elena: Browser
) -> None:
    rosa = bookings.book(hall, NINE)
    asked = save(elena, {}, f"{EDIT}/retire")
    assert asked.status_code == 409
    assert "tributos" in bookings.given(hall)
    done = save(elena, {}, f"{EDIT}/retire", remedy="cancel", seen=hidden(asked, "seen"))
    assert done.status_code == 303
    assert "tributos" not in bookings.given(hall)
    assert bookings.reread(hall, rosa).state == "cancelled"
    assert elena.get(f"{EDIT}{OFFICE}").status_code == 404


def test_the_second_of_two_administrators_sees_what_the_first_changed(
    hall: CityHall, elena: Browser
) -> None:
    opened = hidden(elena.get(f"{EDIT}{OFFICE}"), "version")
    first = replace(taxes(hall), lead_minutes=120)
    others = [each for each in bookings.given(hall).values() if each.code != "tributos"]
    bookings.give(hall, first, *others)
    second = save(elena, TAXES | {"slot_minutes": "20"}, version=opened)
    assert second.status_code == 409
    page = text(second)
    assert "somebody else has changed" in page
    assert "Minutes ahead at least" in page.partition("As you wrote it")[2]
    assert taxes(hall).slot_minutes == 15
    over = save(elena, TAXES | {"slot_minutes": "20"}, version=hidden(second, "version"))
    assert over.status_code == 303
    assert (taxes(hall).slot_minutes, taxes(hall).lead_minutes) == (20, 30)


def test_a_mistake_on_the_way_does_not_hide_what_somebody_else_changed(
    hall: CityHall, elena: Browser
) -> None:
    opened = hidden(elena.get(f"{EDIT}{OFFICE}"), "version")
    others = [each for each in bookings.given(hall).values() if each.code != "tributos"]
    bookings.give(hall, replace(taxes(hall), lead_minutes=120), *others)
    mistaken = save(elena, TAXES | {"hours-mon": "12:00-09:00"}, version=opened)
    assert mistaken.status_code == 422
    mended = save(elena, TAXES, version=hidden(mistaken, "version"))
    assert mended.status_code == 409
    assert taxes(hall).lead_minutes == 120
