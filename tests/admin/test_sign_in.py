"""Who gets in, who does not, and where they land."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from tests.admin.cityhall import PASSWORD, CityHall

from turnero_queue import staff
from turnero_queue.models import Staff

WRONG = "The login or the password is wrong"


def test_a_clerk_signs_in_and_chooses_a_desk(hall: CityHall) -> None:
    browser = hall.browser()
    answer = browser.sign_in("ana")
    assert (answer.status_code, answer.location) == (303, "/console")
    page = browser.get("/console").get_data(as_text=True)
    assert "Ana Flores" in page
    assert "City Hall" in page


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(hall: CityHall) -> None:
    cookie = hall.browser().sign_in("ana").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_over_tls_the_session_cookie_is_secure(hall: CityHall) -> None:
    answer = hall.browser().get("/login", base_url="https://turnos.example")
    assert "Secure" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize(("login", "password"), [("ana", "wrong-password"), ("nobody", PASSWORD)])
def test_a_wrong_login_and_a_wrong_password_get_the_same_answer(
    hall: CityHall, login: str, password: str
) -> None:
    browser = hall.browser()
    answer = browser.sign_in(login, password)
    assert answer.status_code == 401
    page = answer.get_data(as_text=True)
    assert page.count(WRONG) == 1
    assert password not in page
    assert browser.get("/console").location == "/login?next=/console"


def test_an_empty_form_says_what_is_missing(hall: CityHall) -> None:
    answer = hall.browser().sign_in("", "")
    assert answer.status_code == 422
    assert answer.get_data(as_text=True).count("This is needed.") == 2


def test_after_five_wrong_passwords_the_right_one_waits_five_minutes(
    hall: CityHall, clock: time_machine.Traveller
) -> None:
    browser = hall.browser()
    for _ in range(staff.ATTEMPTS):
        assert browser.sign_in("ana", "wrong-password").status_code == 401
    assert browser.sign_in("ana").status_code == 401
    assert browser.sign_in("bruno").status_code == 303, "others are not locked out"
    clock.shift(staff.LOCKED_FOR + timedelta(seconds=1))
    assert hall.browser().sign_in("ana").status_code == 303


def test_one_machine_may_not_guess_without_end(hall: CityHall) -> None:
    browser = hall.browser()
    token = browser.token()
    guess = {"login": "nobody", "password": ""}
    answers = [browser.post("/login", guess, token=token).status_code for _ in range(21)]
    assert answers == [422] * 20 + [429]


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/\t/evil.example/",
        "javascript:alert(1)",
        "console",
        "",
        "/login",
        "/logout",
    ],
)
def test_signing_in_never_leads_to_another_site(hall: CityHall, target: str) -> None:
    assert hall.browser().sign_in("ana", next=target).location == "/console"


def test_signing_in_leads_back_to_the_page_that_was_asked_for(hall: CityHall) -> None:
    browser = hall.browser()
    sent = browser.get("/console/centro/1?lang=en")
    assert sent.status_code == 303
    assert sent.location == "/login?next=/console/centro/1?lang%3Den"
    assert browser.sign_in("ana", next="/console/centro/1").location == "/console/centro/1"


def test_who_is_signed_in_already_is_not_asked_again(hall: CityHall) -> None:
    assert hall.clerk().get("/login?next=/console/centro/2").location == "/console/centro/2"


def test_signing_out_ends_the_session_and_closes_the_empty_desk(hall: CityHall) -> None:
    ana = hall.clerk()
    ana.post("/console/centro/1/take", token=ana.token("/console"))
    assert ana.post("/logout", token=ana.token("/console")).location == "/login"
    assert ana.get("/console").status_code == 303
    assert [event.status for event in hall.desk_events()] == ["open", "closed"]


def test_signing_out_leaves_a_desk_open_that_has_somebody(hall: CityHall) -> None:
    visitor = hall.take_turn()
    ana = hall.clerk()
    token = ana.token("/console")
    ana.post("/console/centro/1/next", token=token)
    ana.post("/logout", token=token)
    assert hall.ticket(visitor).state == "called"
    assert [event.status for event in hall.desk_events()] == ["open"]


def test_a_link_cannot_sign_anybody_out(hall: CityHall) -> None:
    ana = hall.clerk()
    assert ana.get("/logout").status_code == 405
    assert ana.get("/console").status_code == 200


def test_a_first_password_must_be_changed_before_anything_else(hall: CityHall) -> None:
    ines = hall.clerk("ines")
    assert ines.get("/console/centro/1").location == "/password?next=/console/centro/1"
    token = ines.token("/password")
    assert ines.post("/console/centro/1/next", token=token).location.startswith("/password")
    changed = {"current": PASSWORD, "new": "cuatro palabras azules", "next": "/console/centro/1"}
    answer = ines.post("/password", {**changed, "again": changed["new"]}, token=token)
    assert (answer.status_code, answer.location) == (303, "/console/centro/1")
    assert ines.get("/console/centro/1").status_code == 200
    assert hall.browser().sign_in("ines").status_code == 401
    assert hall.browser().sign_in("ines", "cuatro palabras azules").status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "again", "message"),
    [
        ("not-mine", "cuatro palabras", "cuatro palabras", "This is not your password."),
        (PASSWORD, "short", "short", "Use at least 10 characters."),
        (PASSWORD, PASSWORD, PASSWORD, "Choose another than the present one."),
        (PASSWORD, "cuatro palabras", "cinco palabras", "The two new passwords are not the same."),
    ],
)
def test_a_new_password_that_cannot_be_is_refused_beside_its_field(
    hall: CityHall, current: str, new: str, again: str, message: str
) -> None:
    ana = hall.clerk()
    form = {"current": current, "new": new, "again": again}
    answer = ana.post("/password", form, token=ana.token("/password"))
    assert answer.status_code == 422
    assert answer.get_data(as_text=True).count(message) == 1
    assert hall.browser().sign_in("ana").status_code == 303


def test_changing_the_password_ends_the_sessions_elsewhere(hall: CityHall) -> None:
    here, elsewhere = hall.clerk(), hall.clerk()
    new = "cuatro palabras azules"
    form = {"current": PASSWORD, "new": new, "again": new}
    assert here.post("/password", form, token=here.token("/password")).status_code == 303
    assert here.get("/console").status_code == 200
    assert elsewhere.get("/console").status_code == 303


def test_an_account_out_of_use_is_out_at_once(hall: CityHall) -> None:
    ana = hall.clerk()
    with hall.database.write() as session:
        person = session.scalar(select(Staff).where(Staff.login == "ana"))
        assert person is not None
        person.active = False
    assert ana.get("/console").status_code == 303
    assert hall.browser().sign_in("ana").status_code == 401


def test_a_language_chosen_at_the_door_stays(hall: CityHall) -> None:
    browser = hall.browser()
    browser.get("/login?lang=pt")
    assert '<html lang="pt"' in browser.get("/login").get_data(as_text=True)
