"""Booking without scripts: each step, and what is said when it cannot be."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select
from tests.kiosk.booking import WITH_APPOINTMENTS, Booked
from tests.kiosk.lobby import FIELD, Kiosk, Lobbies, said

from turnero_kiosk.booking import guessing
from turnero_queue.appointments.telling import data_of
from turnero_queue.devices import Guesses
from turnero_queue.models import AppointmentWish

MONDAY = date(2026, 3, 2)
FORM = re.compile(r'<form method="post" action="([^"]+)".*?</form>', re.S)


@pytest.fixture
def booked(clock: time_machine.Traveller, lobbies: Lobbies) -> Booked:
    """Five past nine on a Monday, with an hour every fifteen minutes and a printer."""
    return Booked(lobbies.open(WITH_APPOINTMENTS))


def hours(kiosk: Kiosk, day: date = MONDAY) -> list[dict[str, str]]:
    """The form behind each hour of a day's screen."""
    page = kiosk.get(f"/book/rentas/{day.isoformat()}").text
    found = [dict(FIELD.findall(form[0])) for form in re.finditer(r"<form.*?</form>", page, re.S)]
    return [form for form in found if "start" in form]


def hold(kiosk: Kiosk, number: int = 0) -> str:
    """Touch an hour; the address of the question whether it is right."""
    kiosk.get()
    answer = kiosk.client.post("/kiosk/centro/book/rentas", data=hours(kiosk)[number])
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def confirm(kiosk: Kiosk, address: str, **contact: str) -> str:
    token = dict(FIELD.findall(kiosk.client.get(address).text))["csrf_token"]
    answer = kiosk.client.post(address, data={"csrf_token": token, **contact})
    return answer.text if answer.status_code != 303 else kiosk.client.get(answer.location).text


def test_the_days_name_their_free_hours_and_full_days_are_left_out(booked: Booked) -> None:
    booked.take_all(MONDAY + timedelta(days=1))
    page = booked.lobby.kiosk().get("/book/rentas").text
    assert f"/kiosk/centro/book/rentas/{MONDAY.isoformat()}" in page
    assert "2026-03-03" not in page, "nothing is free on Tuesday"
    assert page.count("choose__tiles") == 1
    assert len(re.findall(r'class="tile"', page)) <= 6


def test_no_hour_is_offered_before_the_lead_time(booked: Booked) -> None:
    first = hours(booked.lobby.kiosk())[0]["start"]
    assert first == "2026-03-02T14:45:00Z", "half an hour from five past nine is nine thirty-five"


def test_a_booking_at_the_kiosk_is_held_confirmed_and_printed(booked: Booked) -> None:
    kiosk = booked.lobby.kiosk()
    address = hold(kiosk)
    assert booked.states() == ["held"]
    page = confirm(kiosk, address)
    [rosa] = booked.all()
    assert rosa.state == "confirmed"
    assert f"{rosa.code[:3]} {rosa.code[3:]}" in page
    [job] = booked.lobby.jobs()
    assert (job.kind, job.subject_id) == ("appointment", rosa.id)
    assert rosa.code[:3] in str(job.slip)


def test_the_same_hour_touched_twice_is_one_booking(booked: Booked) -> None:
    kiosk = booked.lobby.kiosk()
    kiosk.get()
    form = hours(kiosk)[0]
    first, second = (kiosk.client.post("/kiosk/centro/book/rentas", data=form) for _ in range(2))
    assert first.location == second.location
    assert booked.states() == ["held"]


def test_confirming_twice_prints_once(booked: Booked) -> None:
    kiosk = booked.lobby.kiosk()
    address = hold(kiosk)
    token = dict(FIELD.findall(kiosk.client.get(address).text))["csrf_token"]
    for _ in range(2):
        assert kiosk.client.post(address, data={"csrf_token": token}).status_code == 303
    assert booked.states() == ["confirmed"]
    assert len(booked.lobby.jobs()) == 1


def test_another_hour_lets_the_first_one_go(booked: Booked) -> None:
    kiosk = booked.lobby.kiosk()
    hold(kiosk, 0)
    kiosk.client.post("/kiosk/centro/book/rentas", data=hours(kiosk)[0])
    assert sorted(booked.states()) == ["cancelled", "held"]


def test_an_hour_that_somebody_else_took_leads_to_the_next_ones(booked: Booked) -> None:
    kiosk = booked.lobby.kiosk()
    kiosk.get()
    form = hours(kiosk)[0]
    booked.take_all(MONDAY, leave=2)
    answer = kiosk.client.post("/kiosk/centro/book/rentas", data=form)
    assert answer.status_code == 409
    assert said("Somebody was faster") in answer.text
    assert "15:30" in answer.text
    assert "15:45" in answer.text
    assert "held" not in booked.states()


def test_a_time_that_ran_out_says_so_and_books_nothing(
    booked: Booked, clock: time_machine.Traveller
) -> None:
    kiosk = booked.lobby.kiosk()
    address = hold(kiosk)
    token = dict(FIELD.findall(kiosk.client.get(address).text))["csrf_token"]
    clock.shift(timedelta(minutes=6))
    answer = kiosk.client.post(address, data={"csrf_token": token})
    assert answer.status_code == 409
    assert said("The time to confirm is over") in answer.text
    assert "confirmed" not in booked.states()


def test_an_address_that_is_none_is_said_beside_its_field(booked: Booked) -> None:
    kiosk = booked.lobby.kiosk()
    page = confirm(kiosk, hold(kiosk), email="rosa at home")
    assert 'aria-invalid="true"' in page
    assert "rosa at home" in page, "nobody has to type it again"
    assert booked.states() == ["held"]


def test_a_booking_is_not_shown_to_the_next_person(booked: Booked) -> None:
    kiosk = booked.lobby.kiosk()
    address = hold(kiosk)
    confirm(kiosk, address)
    kiosk.get()
    assert kiosk.client.get(address).status_code == 404
    assert booked.all()[0].code not in kiosk.get("/appointment").text


def test_a_service_without_appointments_cannot_be_booked(booked: Booked) -> None:
    kiosk = booked.lobby.kiosk()
    assert kiosk.get("/book/consulta").status_code == 404
    assert "/book/consulta" not in kiosk.get("/service/consulta").text
    assert "/book/rentas" in kiosk.get("/service/rentas").text


@pytest.mark.parametrize("start", ["", "tomorrow", "2026-03-02T14:45:00", "1999-01-01T00:00:00Z"])
def test_a_start_that_is_none_books_nothing(booked: Booked, start: str) -> None:
    answer = booked.lobby.app.test_client().post(
        "/book/centro", data={"s": "rentas", "start": start}
    )
    assert answer.status_code in (404, 409, 422)
    assert booked.states() == []


def test_wrong_codes_are_counted_and_then_refused(booked: Booked) -> None:
    kiosk = booked.lobby.kiosk()
    kiosk.get()
    held = hold(kiosk)
    confirm(kiosk, held)
    token = dict(FIELD.findall(kiosk.get("/appointment").text))["csrf_token"]
    for _ in range(6):
        answer = kiosk.client.post(
            "/kiosk/centro/appointment", data={"csrf_token": token, "code": "AAAAAA"}
        )
        assert answer.status_code == 404
    right = {"csrf_token": token, "code": booked.all()[0].code}
    answer = kiosk.client.post("/kiosk/centro/appointment", data=right)
    assert answer.status_code == 429, "even the right one, for whoever guesses"


def guess(kiosk: Kiosk, code: str, way: str) -> str:
    """A new visit that gives one code; where it leads, or nothing."""
    token = dict(FIELD.findall(kiosk.get("/appointment").text))["csrf_token"]
    field = "code" if way == "appointment" else "text"
    answer = kiosk.client.post(f"/kiosk/centro/{way}", data={"csrf_token": token, field: code})
    kiosk.client.delete_cookie("session")
    return answer.location or ""


@pytest.mark.parametrize("way", ["appointment", "scan"])
def test_new_visits_do_not_let_one_address_guess_for_ever(
    booked: Booked, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "by_address", Guesses(most=8, window_s=600))
    kiosk = booked.lobby.kiosk()
    confirm(kiosk, hold(kiosk))
    code = booked.all()[0].code
    for _ in range(20):
        assert "/appointment/" in guess(kiosk, code, way), "right codes are never counted"
    for _ in range(8):
        assert not guess(kiosk, "AAAAAA", way)
    assert not guess(kiosk, code, way), "even the right one"
    assert not guess(kiosk, code, "scan" if way == "appointment" else "appointment")


def test_too_early_is_said_with_when_to_come(booked: Booked) -> None:
    kiosk = booked.lobby.kiosk()
    confirm(kiosk, hold(kiosk, 11))
    page = _find(kiosk, booked.all()[0].code)
    assert said("It is too early to check in") in page
    assert "/here" not in page


def test_too_late_is_offered_a_turn_and_another_hour(
    booked: Booked, clock: time_machine.Traveller
) -> None:
    kiosk = booked.lobby.kiosk()
    confirm(kiosk, hold(kiosk))
    clock.shift(timedelta(hours=3))
    page = _find(kiosk, booked.all()[0].code)
    assert said("Its hour has passed") in page
    assert "/choose" in page
    assert "/other" in page


def scan_link(kiosk: Kiosk, token: str) -> str:
    """The screen after somebody held the link of an appointment before the reader."""
    csrf = dict(FIELD.findall(kiosk.get("/appointment").text))["csrf_token"]
    data = {"csrf_token": csrf, "text": f"http://localhost/appointments/{token}"}
    answer = kiosk.client.post("/kiosk/centro/scan", data=data)
    assert answer.status_code == 303, answer.text
    return kiosk.client.get(answer.location).text


def test_whoever_has_checked_in_is_shown_the_same_turn_again(booked: Booked) -> None:
    kiosk = booked.lobby.kiosk()
    confirm(kiosk, hold(kiosk))
    [rosa] = booked.all()
    turns = []
    for word in ("I have come: give me my turn", "Show my turn"):
        page = scan_link(kiosk, rosa.token)
        assert said(word) in page
        assert "/choose" not in page.partition("<main")[2].partition("</main>")[0]
        [form] = [each[0] for each in FORM.finditer(page) if "/here" in each[1]]
        address = FORM.match(form)[1]  # type: ignore[index]
        shown = kiosk.client.post(address, data=dict(FIELD.findall(form)))
        assert shown.status_code == 303
        turns.append(booked.all()[0].ticket_id)
    assert turns[0] is not None
    assert turns[0] == turns[1]
    assert [job.kind for job in booked.lobby.jobs()].count("ticket") == 1


def test_the_kiosk_says_what_became_of_an_appointment_that_is_over(booked: Booked) -> None:
    kiosk = booked.lobby.kiosk()
    confirm(kiosk, hold(kiosk))
    [rosa] = booked.all()
    booked.lobby.app.test_client().post(f"/appointments/{rosa.token}/cancel")
    page = scan_link(kiosk, rosa.token)
    assert said("This appointment is cancelled") in page
    assert "/here" not in page
    assert "/other" not in page
    assert "/choose" in page, "a turn can be taken all the same"


def test_mails_carry_the_link_that_the_kiosks_reader_knows(booked: Booked) -> None:
    kiosk = booked.lobby.kiosk()
    confirm(kiosk, hold(kiosk))
    [rosa] = booked.all()
    with booked.lobby.database.read() as session:
        told = data_of(session, rosa)
    assert told.qr == told.manage_url == f"/appointments/{rosa.token}"


def test_a_cancelled_appointment_frees_its_hour_and_its_link_says_so(booked: Booked) -> None:
    kiosk = booked.lobby.kiosk()
    before = len(hours(kiosk))
    confirm(kiosk, hold(kiosk))
    [rosa] = booked.all()
    client = booked.lobby.app.test_client()
    assert client.post(f"/appointments/{rosa.token}/cancel").status_code == 303
    page = client.get(f"/appointments/{rosa.token}").text
    assert said("This appointment is cancelled") in page
    assert "/other" not in page
    assert client.post(f"/appointments/{rosa.token}/confirm").status_code == 409
    assert len(hours(kiosk)) == before


def test_a_calendar_file_carries_the_bookings_own_name(booked: Booked) -> None:
    kiosk = booked.lobby.kiosk()
    confirm(kiosk, hold(kiosk))
    [rosa] = booked.all()
    client = booked.lobby.app.test_client()
    answer = client.get(f"/appointments/{rosa.token}/appointment.ics")
    assert answer.mimetype == "text/calendar"
    assert f"UID:{rosa.uid}" in answer.text
    assert "DTSTART:20260302T144500Z" in answer.text


def test_pages_for_the_citys_website_may_be_framed_and_set_no_cookie(booked: Booked) -> None:
    client = booked.lobby.app.test_client()
    answer = client.get("/book?embed=1")
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    assert "masthead" not in answer.text
    assert "masthead" in client.get("/book").text
    kept = client.get("/kiosk/centro").headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in kept, "nothing else may"


def test_the_language_of_a_frame_is_kept_without_cookies_up_to_the_mail(booked: Booked) -> None:
    client = booked.lobby.app.test_client(use_cookies=False)
    spanish = {"Accept-Language": "es"}
    page = client.get("/book/centro/2026-03-02?s=rentas&embed=1&lang=pt", headers=spanish).text
    form = dict(FIELD.findall(FORM.search(page)[0]))  # type: ignore[index]
    assert (form["lang"], form["embed"]) == ("pt", "1")
    held = client.post("/book/centro", data=form, headers=spanish).location
    [booking] = booked.all()
    assert booking.language == "pt", "its mails too"
    token = held.partition("?")[0]
    data = {"email": "rosa@example.com", "embed": "1"}
    done = client.post(f"{token}/confirm", data=data, headers=spanish)
    assert done.status_code == 303
    shown = client.get(done.location, headers=spanish).text
    assert '<html lang="pt"' in shown
    assert "masthead" not in shown


def test_several_services_add_up_and_an_office_must_offer_all(booked: Booked) -> None:
    client = booked.lobby.app.test_client()
    page = client.get("/book/centro?s=rentas*3").text
    assert "2026-03-02" in page
    hour = client.get("/book/centro/2026-03-02?s=rentas*3").text
    assert len(FORM.findall(hour)) < len(
        FORM.findall(client.get("/book/centro/2026-03-02?s=rentas").text)
    )
    assert (
        said("No office does all of that in one visit")
        in client.get("/book/office?s=rentas&s=consulta").text
    )


def test_a_full_day_has_a_waiting_list_that_asks_for_an_address(booked: Booked) -> None:
    tuesday = MONDAY + timedelta(days=1)
    booked.take_all(tuesday)
    client = booked.lobby.app.test_client()
    assert f"/book/centro/wait/{tuesday}" in client.get("/book/centro?s=rentas").text
    form = {"s": "rentas", "day": tuesday.isoformat()}
    assert client.post("/book/centro/wait", data=form).status_code == 422
    answer = client.post("/book/centro/wait", data={**form, "email": "rosa@example.com"})
    assert answer.status_code == 200
    assert said("You are on the list") in answer.text
    again = client.post("/book/centro/wait", data={**form, "email": "rosa@example.com"})
    assert again.status_code == 200
    with booked.lobby.database.read() as session:
        assert len(session.scalars(select(AppointmentWish)).all()) == 1, "asked twice, waits once"
    for day in ("2026-03-08", "2020-01-01"):
        refused = client.post(
            "/book/centro/wait", data={**form, "day": day, "email": "luis@example.com"}
        )
        assert refused.status_code == 422, "nobody waits for a Sunday, or for what is past"
        assert "notice--warn" in refused.text


def _find(kiosk: Kiosk, code: str) -> str:
    kiosk.get()
    token = dict(FIELD.findall(kiosk.get("/appointment").text))["csrf_token"]
    answer = kiosk.client.post(
        "/kiosk/centro/appointment", data={"csrf_token": token, "code": code.lower()}
    )
    assert answer.status_code == 303, answer.text
    return kiosk.client.get(answer.location).text


DNI_OF_ROSA = "00125559991@PEÑA SAN JUAN@ROSA INÉS@F@28765457@A@17/01/1974@28/12/2012"


@pytest.mark.parametrize(
    ("name", "found"),
    [("Rosa Pena", True), ("rosa inés peña", True), ("Rosa", False), ("Luis Peña", False)],
)
def test_a_document_finds_the_appointment_of_its_owner_and_nobody_elses(
    booked: Booked, name: str, found: bool
) -> None:
    web = booked.lobby.app.test_client()
    start = "2026-03-02T15:00:00Z"
    held = web.post("/book/centro", data={"s": "rentas", "start": start}).location
    assert web.post(f"{held}/confirm", data={"name": name}).status_code == 303
    kiosk = booked.lobby.kiosk()
    token = dict(FIELD.findall(kiosk.get("/appointment").text))["csrf_token"]
    data = {"csrf_token": token, "text": DNI_OF_ROSA}
    asked = kiosk.client.post("/kiosk/centro/scan", data=data).location
    answer = kiosk.client.post(asked, data={"csrf_token": token, "use": "yes"})
    assert ("/appointment/" in answer.location) is found
    refused = kiosk.client.post("/kiosk/centro/scan", data=data).location
    answer = kiosk.client.post(refused, data={"csrf_token": token, "use": "no"})
    assert "/appointment/" not in answer.location, "without consent nothing is looked up"
