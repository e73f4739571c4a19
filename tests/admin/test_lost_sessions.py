"""Forms of other sites, sessions that ended in mid-call: nothing changes, nothing is lost."""

import pytest
from tests.admin.cityhall import HTMX, Browser, CityHall

REGION = {"X-Region": "1"}


@pytest.fixture
def ana(hall: CityHall) -> Browser:
    return hall.clerk()


def end_session(browser: Browser) -> None:
    browser.client.delete_cookie("session")


def test_a_form_with_a_wrong_token_changes_nothing(hall: CityHall, ana: Browser) -> None:
    ticket = hall.take_turn()
    for token in ("", "forged"):
        for path in ("next", "take", "pause", f"tickets/{ticket}/call"):
            answer = ana.post(f"/console/centro/1/{path}", {"reason": "x"}, token=token)
            assert answer.status_code == 400, path
    assert hall.states() == {ticket: "waiting"}
    assert hall.desk_events() == []


def test_a_stale_login_form_is_shown_afresh(hall: CityHall) -> None:
    browser = hall.browser()
    answer = browser.post("/login", {"login": "ana", "password": "x"}, token="stale")
    assert answer.location == "/login"
    assert "open for too long" in browser.get("/login").get_data(as_text=True)


@pytest.mark.parametrize("part", ["", "/panel", "/queue", "/work"])
def test_a_stranger_sees_nothing_of_a_console(hall: CityHall, part: str) -> None:
    path = f"/console/centro/1{part}"
    assert hall.browser().get(path).location == f"/login?next={path}"
    answer = hall.browser().get(path, headers=REGION)
    assert (answer.status_code, answer.data) == (401, b"")


def test_a_strangers_post_changes_nothing(hall: CityHall) -> None:
    ticket = hall.take_turn()
    answer = hall.browser().post("/console/centro/1/next")
    assert answer.status_code == 303
    assert answer.location.startswith("/login")
    assert hall.states() == {ticket: "waiting"}


def test_a_program_without_a_session_is_told_in_json(hall: CityHall) -> None:
    answer = hall.app.test_client().get("/live/desks/centro/1")
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


def test_a_session_that_ends_in_mid_call_loses_nothing(hall: CityHall, ana: Browser) -> None:
    ticket = hall.take_turn()
    ana.at_desk("next")
    token = ana.token()
    end_session(ana)
    console = "http://localhost/console/centro/1"
    answer = ana.post(
        f"/console/centro/1/tickets/{ticket}/start", token=token, headers={"Referer": console}
    )
    assert (answer.status_code, answer.location) == (303, "/login?next=/console/centro/1")
    assert hall.ticket(ticket).state == "called"
    assert ana.sign_in("ana", next="/console/centro/1").location == "/console/centro/1"
    assert f'data-person="{ticket}"' in ana.get("/console/centro/1").get_data(as_text=True)
    assert ana.do("start", ticket).status_code == 200


def test_htmx_is_told_where_to_sign_in(hall: CityHall, ana: Browser) -> None:
    ticket = hall.take_turn()
    token = ana.token()
    end_session(ana)
    page = {"HX-Current-URL": "http://localhost/console/centro/1", **HTMX}
    answer = ana.post("/console/centro/1/next", htmx=True, token=token, headers=page)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/login?next=/console/centro/1"
    assert hall.ticket(ticket).state == "waiting"


def test_another_sites_address_is_not_taken_for_the_way_back(hall: CityHall) -> None:
    page = {"HX-Current-URL": "http://evil.example/console", **HTMX}
    answer = hall.browser().post("/console/centro/1/next", htmx=True, headers=page)
    assert answer.headers["HX-Redirect"] == "/login"
