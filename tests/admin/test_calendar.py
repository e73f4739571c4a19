"""The calendar without scripts: who may see it, what it shows, and every refusal in words."""

from datetime import date, timedelta

import pytest
from tests.admin import bookings, machines
from tests.admin.bookings import LUIS, OPTION, ROSA, lima
from tests.admin.cityhall import Browser, CityHall
from werkzeug.test import TestResponse

from turnero_hardware.models import PrintJob
from turnero_queue.appointments import Person
from turnero_queue.models import AppointmentBlock

TUESDAY = date(2026, 3, 3)
NINE, TEN = lima(TUESDAY, 9), lima(TUESDAY, 10)
HERE = "/admin/appointments"
DAY = f"{HERE}?office=centro&day=2026-03-03"
NEW = f"{HERE}/new?office=centro"
BLOCK = f"{HERE}/block?office=centro"
ROSAS = {
    "s": "rentas",
    "q-rentas": "2",
    "day": "2026-03-03",
    "start": "2026-03-03T14:00:00Z",
    "name": "Rosa Quispe",
    "email": "rosa@example.com",
    "language": "en",
    "key": "the first try",
}
NINE_TO_TEN = {"day": "2026-03-03", "from": "09:00", "to": "10:00", "reason": "Training"}


@pytest.fixture
def marta(hall: CityHall) -> Browser:
    """The receptionist of the city hall's main office."""
    machines.hire(hall, "marta", "receptionist", "centro")
    return hall.clerk("marta")


def text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def seen(answer: TestResponse) -> str:
    found = text(answer).split('name="seen" value="')
    assert len(found) == 2
    return found[1].partition('"')[0]


def test_only_who_manages_appointments_sees_them_and_only_of_their_offices(
    hall: CityHall, marta: Browser
) -> None:
    booked = bookings.book(hall, NINE)
    north = bookings.book(hall, NINE, office="norte", person=LUIS)
    assert "Rosa Quispe" in text(marta.get(DAY))
    assert "Rosa Quispe" in text(marta.get(f"{HERE}/now?office=centro&day=2026-03-03"))
    assert "Rosa Quispe" in text(marta.get(f"{DAY}&view=week"))
    elsewhere = [
        f"{HERE}?office=norte",
        f"{HERE}/now?office=norte",
        f"{HERE}/live?office=norte",
        f"{HERE}/list?office=norte",
        f"{HERE}/one/{north.id}",
    ]
    assert {marta.get(path).status_code for path in elsewhere} == {403}
    for verb in ("check-in", "move", "cancel", "print", "resend"):
        assert marta.post(f"{HERE}/one/{north.id}/{verb}", {"reason": "x"}).status_code == 403
    assert bookings.reread(hall, north).state == "confirmed"
    ana = hall.clerk("ana")
    for path in (DAY, f"{HERE}/one/{booked.id}", f"{HERE}/search?q={booked.code}", NEW, BLOCK):
        assert ana.get(path).status_code == 403
    assert hall.browser().get(DAY).status_code in (302, 303, 401)


def test_a_day_shows_each_booking_once_in_its_desks_column_and_the_blocked_time(
    hall: CityHall, marta: Browser
) -> None:
    for person in (ROSA, LUIS):
        bookings.book(hall, NINE, person=person)
    bookings.book(hall, lima(TUESDAY, 9, 30), "licencia-negocio", person=Person("Eva Ramos"))
    marta.post(BLOCK, {**NINE_TO_TEN, "desks": "5"})
    page = text(marta.get(DAY))
    table = page.partition("<table")[2].partition("</table>")[0]
    assert [table.count(name) for name in ("Rosa Quispe", "Luis Mamani", "Eva Ramos")] == [1, 1, 1]
    assert table.count("Training") == 1
    assert "agenda__table--15" in page
    assert page.count("Confirmed") == 6  # In the table and in the list.


@pytest.mark.parametrize("day", ["", "yesterday", "0001-01-01", "9999-12-31", "2026-02-30"])
def test_a_day_that_is_none_shows_today(marta: Browser, day: str) -> None:
    for view in ("day", "week"):
        answer = marta.get(f"{HERE}?office=centro&day={day}&view={view}")
        assert answer.status_code == 200
        assert "2026-03-02" in text(answer)


def test_the_receptionist_books_for_rosa_once_however_often_it_is_sent(
    hall: CityHall, marta: Browser
) -> None:
    shown = marta.get(f"{NEW}&s=rentas&q-rentas=2&day=2026-03-03")
    assert "2026-03-03T14:00:00Z" in OPTION.findall(text(shown))
    first, again = marta.post(NEW, ROSAS), marta.post(NEW, ROSAS, token=marta.token())
    assert (first.status_code, again.status_code) == (303, 303)
    [booked] = bookings.all_booked(hall)
    assert (booked.name, booked.origin, booked.state) == ("Rosa Quispe", "staff", "confirmed")
    assert booked.starts_at == NINE
    assert bookings.notices(hall, booked)[0] == "appointment-confirmed"
    [entry] = bookings.audited(hall, "appointment.book")
    assert (entry.actor, entry.subject) == ("staff:marta", f"appointment:{booked.code}")


@pytest.mark.parametrize(
    ("wrong", "status", "word"),
    [
        ({"email": "rosa at example"}, 422, "This is not an e-mail address"),
        ({"phone": "12"}, 422, "This is not a telephone number"),
        ({"start": ""}, 422, "Choose an hour."),
        ({"start": "2026-03-03T14:07:00Z"}, 422, "begins at this minute"),
        ({"start": "2026-03-01T14:00:00Z"}, 422, "This hour is past"),
        ({"start": "2027-03-03T14:00:00Z"}, 422, "too far away"),
        ({"start": "2026-03-03T10:00:00Z"}, 409, "no appointments at this hour"),
        ({"s": "none"}, 404, "none"),
        ({"q-rentas": "999"}, 422, "quantity from 1 to 20"),
    ],
)
def test_a_booking_that_cannot_be_says_why_and_keeps_what_was_written(
    hall: CityHall, marta: Browser, wrong: dict[str, str], status: int, word: str
) -> None:
    answer = marta.post(NEW, ROSAS | wrong)
    assert answer.status_code == status
    assert word in text(answer)
    assert bookings.all_booked(hall) == []
    if "s" not in wrong and "q-rentas" not in wrong:
        assert 'value="Rosa Quispe"' in text(answer)


def test_a_full_hour_is_refused_kindly(hall: CityHall, marta: Browser) -> None:
    bookings.book(hall, NINE)
    bookings.book(hall, NINE, person=LUIS)
    answer = marta.post(NEW, ROSAS)
    assert answer.status_code == 409
    assert "Somebody has just taken the last place" in text(answer)
    assert len(bookings.all_booked(hall)) == 2


def test_who_comes_too_early_is_checked_in_only_for_a_reason(
    hall: CityHall, marta: Browser
) -> None:
    booked = bookings.book(hall, lima(date(2026, 3, 2), 11))
    one = f"{HERE}/one/{booked.id}"
    refused = marta.post(f"{one}/check-in", follow_redirects=True)
    assert "Check in all the same?" in text(refused)
    without = marta.post(f"{one}/check-in", {"force": "1", "reason": " "}, follow_redirects=True)
    assert "Say why, please." in text(without)
    assert bookings.reread(hall, booked).state == "confirmed"
    done = marta.post(f"{one}/check-in", {"force": "1", "reason": "Bus"}, follow_redirects=True)
    assert "Checked in. The turn is" in text(done)
    assert bookings.reread(hall, booked).state == "checked_in"
    [entry] = bookings.audited(hall, "appointment.check-in-forced")
    assert entry.reason == "Bus"


def test_moving_and_cancelling_tell_the_person_and_need_what_they_need(
    hall: CityHall, marta: Browser
) -> None:
    booked, other = bookings.book(hall, NINE), bookings.book(hall, NINE, person=LUIS)
    one = f"{HERE}/one/{booked.id}"
    page = text(marta.get(f"{one}?move=2026-03-03"))
    assert "2026-03-03T15:00:00Z" in OPTION.findall(page)
    bad = marta.post(f"{one}/move", {"start": "soon"}, follow_redirects=True)
    assert "Choose an hour." in text(bad)
    marta.post(f"{one}/move", {"start": "2026-03-03T15:00:00Z", "reason": "Asked for"})
    moved = bookings.reread(hall, booked)
    assert (moved.starts_at, moved.code) == (TEN, booked.code)
    refused = marta.post(f"{one}/cancel", {"reason": ""}, follow_redirects=True)
    assert "Say why, please." in text(refused)
    marta.post(f"{one}/cancel", {"reason": "The desk is closed"})
    assert bookings.reread(hall, booked).state == "cancelled"
    assert bookings.notices(hall, booked) == [
        "appointment-confirmed",
        "appointment-changed",
        "appointment-cancelled",
    ]
    assert bookings.reread(hall, other).starts_at == NINE
    again = marta.post(f"{one}/check-in", follow_redirects=True)
    assert "not possible any more" in text(again)


def test_the_slip_and_the_confirmation_come_once_more(hall: CityHall, marta: Browser) -> None:
    booked, nobody = bookings.book(hall, NINE), bookings.book(hall, NINE, person=LUIS)
    for _ in range(2):
        answer = marta.post(f"{HERE}/one/{booked.id}/print", follow_redirects=True)
        assert "Its slip comes out of" in text(answer)
    with hall.database.read() as session:
        jobs = session.query(PrintJob).filter_by(kind="appointment").all()
    assert [job.subject_id for job in jobs] == [booked.id, booked.id]
    for _ in range(2):
        marta.post(f"{HERE}/one/{booked.id}/resend")
    assert bookings.notices(hall, booked).count("appointment-confirmed") == 2
    said = marta.post(f"{HERE}/one/{nobody.id}/resend", follow_redirects=True)
    assert "nobody to write to" in text(said)
    assert bookings.notices(hall, nobody) == []


def test_somebody_is_found_by_code_mail_or_telephone_but_not_by_name(
    hall: CityHall, marta: Browser
) -> None:
    booked = bookings.book(hall, NINE, person=Person("Rosa Quispe", "rosa@example.com"))
    north = bookings.book(hall, NINE, person=LUIS, office="norte")
    ana = bookings.book(hall, TEN, person=Person("Ana Torres", None, "+51987654321"))
    spoken = f" {booked.code[:3].lower()}-{booked.code[3:]} "
    for asked, found in (
        (spoken, booked),
        ("Rosa@Example.com", booked),
        ("987 654 321", ana),
    ):
        answer = marta.get(f"{HERE}/search", query_string={"q": asked})
        assert answer.headers.get("Location", "").endswith(found.id), asked
    for asked in ("Rosa Quispe", north.code, "nobody@example.com", "%", "x" * 5000):
        answer = marta.get(f"{HERE}/search", query_string={"q": asked})
        assert "No open appointment has that code" in text(answer), asked


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"reason": ""}, "Say why, please."),
        ({"to": "09:00"}, "It has to end after it begins."),
        ({"from": "25:00"}, "Write an hour"),
        ({"from": "²:00"}, "Write an hour"),
        ({"to": "24:01"}, "Write an hour"),
        ({"desks": "99"}, "99"),
    ],
)
def test_a_block_that_cannot_be_says_why(
    hall: CityHall, marta: Browser, wrong: dict[str, str], word: str
) -> None:
    answer = marta.post(BLOCK, NINE_TO_TEN | wrong)
    assert answer.status_code in (404, 422)
    assert word in text(answer)
    with hall.database.read() as session:
        assert session.query(AppointmentBlock).count() == 0


def test_a_block_that_hurts_is_saved_only_once_it_is_decided_about_just_those(
    hall: CityHall, marta: Browser
) -> None:
    rosa = bookings.book(hall, NINE)
    asked = marta.post(BLOCK, NINE_TO_TEN)
    assert asked.status_code == 409
    assert "Rosa Quispe" in text(asked)
    luis = bookings.book(hall, NINE, person=LUIS)
    stale = marta.post(BLOCK, NINE_TO_TEN | {"remedy": "cancel", "seen": seen(asked)})
    assert stale.status_code == 409
    assert "Luis Mamani" in text(stale)
    undecided = marta.post(BLOCK, NINE_TO_TEN | {"seen": seen(stale)})
    assert "Choose what becomes of these appointments." in text(undecided)
    assert {bookings.reread(hall, each).starts_at for each in (rosa, luis)} == {NINE}
    done = marta.post(BLOCK, NINE_TO_TEN | {"remedy": "move", "seen": seen(stale)})
    assert done.status_code == 303
    assert {bookings.reread(hall, each).starts_at for each in (rosa, luis)} == {TEN}
    assert "appointment-changed" in bookings.notices(hall, rosa)
    with hall.database.read() as session:
        block = session.query(AppointmentBlock).one()
    marta.post(f"{HERE}/block/{block.id}/remove")
    with hall.database.read() as session:
        assert session.query(AppointmentBlock).one().removed_at is not None
    assert marta.post(f"{HERE}/block/{block.id}/remove").status_code == 303


def test_one_desk_blocked_moves_nobody_to_another_hour_while_another_desk_is_free(
    hall: CityHall, marta: Browser
) -> None:
    rosa = bookings.book(hall, NINE)
    form = NINE_TO_TEN | {"desks": rosa.seats.removeprefix("desk:")}
    marta.post(BLOCK, form | {"remedy": "move", "seen": seen(marta.post(BLOCK, form))})
    after = bookings.reread(hall, rosa)
    assert (after.starts_at, after.seats != rosa.seats) == (NINE, True)
    assert bookings.notices(hall, rosa)[0] == "appointment-confirmed"
    assert "appointment-changed" not in bookings.notices(hall, rosa)


def test_the_days_list_names_who_comes(hall: CityHall, marta: Browser) -> None:
    bookings.book(hall, NINE)
    page = text(marta.get(f"{HERE}/list?office=centro&day=2026-03-03"))
    assert "Rosa Quispe" in page
    next_day = (TUESDAY + timedelta(days=1)).isoformat()
    assert "Rosa Quispe" not in text(marta.get(f"{HERE}/list?office=centro&day={next_day}"))
