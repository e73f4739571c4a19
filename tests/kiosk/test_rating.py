"""How was the service? On the phone, at the kiosk and on the tablet of a desk."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from tests.kiosk.lobby import FIELD, Kiosk, Lobby, said

from turnero_core import clock as now
from turnero_queue import catalogue, devices, models
from turnero_queue.models import Feedback, FeedbackComment, Office, SurveyAnswer

ASKED = "How was the service?"


def done(lobby: Lobby) -> str:
    """Somebody was attended at desk 1; the token of their turn."""
    token = lobby.kiosk().take()
    for verb in ("call", "start", "finish"):
        lobby.does(verb, token)
    return token


def scores(lobby: Lobby, dimension: str = "office") -> dict[int, int]:
    with lobby.database.read() as session:
        rows = session.scalars(select(Feedback).where(Feedback.dimension == dimension))
        return {row.score: row.answers for row in rows}


def texts(lobby: Lobby) -> list[str]:
    with lobby.database.read() as session:
        return list(session.scalars(select(FeedbackComment.text)))


def surveyed(lobby: Lobby) -> set[tuple[str, str]]:
    with lobby.database.read() as session:
        return {(row.question, row.answer) for row in session.scalars(select(SurveyAnswer))}


def rules(lobby: Lobby, **wanted: Any) -> None:
    with lobby.database.write() as session:
        office = session.scalars(select(Office).where(Office.code == "centro")).one()
        office.rules = wanted
        catalogue.bump_version(session)


def send(client: FlaskClient, path: str, **fields: str) -> Any:
    """Send a form to `path`, with this browser's token."""
    token = dict(FIELD.findall(client.get("/kiosk/-/setup").text))["csrf_token"]
    return client.post(path, data={"csrf_token": token, **fields})


def test_the_phone_asks_once_the_turn_is_done_and_counts_one_face(both: Lobby) -> None:
    token = both.kiosk().take()
    client = both.app.test_client()
    assert said(ASKED) not in client.get(f"/t/{token}").text
    for verb in ("call", "start", "finish"):
        both.does(verb, token)
    assert said(ASKED) in client.get(f"/t/{token}/status").text

    for score in ("4", "1"):
        answer = send(client, f"/t/{token}/rate", score=score)
        assert answer.status_code == 303
        assert score not in answer.location.partition(token)[2]

    assert scores(both) == {4: 1}
    assert scores(both, "source") == {4: 1}
    assert said("Thank you") in client.get(f"/t/{token}/rate").text
    assert said(ASKED) not in client.get(f"/t/{token}").text


def test_a_comment_on_the_phone_is_text_and_comes_once(lobby: Lobby) -> None:
    token, client = done(lobby), lobby.app.test_client()
    page = f"/t/{token}/rate"
    send(client, page, score="2")
    for text in ("<script>alert(1)</script> lento", "otra vez"):
        send(client, f"{page}/comment", comment=text)

    assert texts(lobby) == ["<script>alert(1)</script> lento"]


def test_a_turn_that_is_not_done_cannot_be_judged(lobby: Lobby) -> None:
    token = lobby.kiosk().take()
    client = lobby.app.test_client()

    assert client.get(f"/t/{token}/rate").status_code == 303
    assert send(client, f"/t/{token}/rate", score="5").location == f"/t/{token}"
    assert client.get("/t/not-a-turn/rate").status_code == 404
    assert scores(lobby) == {}


def test_switched_off_nobody_is_asked_anywhere(lobby: Lobby) -> None:
    token = done(lobby)
    rules(lobby, satisfaction_asked=0)
    client = lobby.app.test_client()

    assert said(ASKED) not in client.get(f"/t/{token}").text
    assert client.get(f"/t/{token}/rate").status_code == 303
    assert client.get("/kiosk/centro/rate").status_code == 409
    assert said("Rate our service") not in client.get("/kiosk/centro/help").text


def test_a_kiosk_takes_one_answer_of_a_visit(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()
    kiosk.get()
    for score in ("5", "1"):
        send(kiosk.client, "/kiosk/centro/rate", score=score)
    assert scores(lobby, "source") == {5: 1}
    assert scores(lobby, "service") == {}
    kiosk.get()
    send(kiosk.client, "/kiosk/centro/rate", score="5")

    assert scores(lobby, "source") == {5: 2}


@pytest.mark.parametrize("score", ["", "0", "6", "x"])
def test_what_is_no_face_counts_for_nothing(lobby: Lobby, score: str) -> None:
    client = lobby.kiosk().client
    assert send(client, "/kiosk/centro/rate", score=score).status_code == 303
    assert scores(lobby) == {}


def test_the_survey_is_asked_only_where_it_is_wanted_and_never_before(lobby: Lobby) -> None:
    token, client = done(lobby), lobby.app.test_client()
    page = f"/t/{token}/rate"
    assert "survey" not in send_and_see(client, page)
    assert client.get(f"{page}/survey").status_code == 303

    rules(lobby, survey_asked=1)
    assert f"{page}/survey" in client.get(page).text
    send(client, f"{page}/survey", day="31", month="2", year="1980", gender="man")

    assert surveyed(lobby) == {("gender", "man")}


def send_and_see(client: FlaskClient, page: str) -> str:
    send(client, page, score="3")
    return client.get(page).text


def tablet(lobby: Lobby, kind: str = "tablet", office: str = "centro") -> FlaskClient:
    """A tablet that gave the code of its sheet."""
    with lobby.database.write() as session:
        place = session.scalars(select(models.Office.id).where(models.Office.code == office)).one()
        code = devices.invite(
            session, kind, name="Tablet", office_id=place, actor="test", now=now.now()
        )
    client = lobby.app.test_client()
    send(client, "/tablet", code=code)
    return client


def about(client: FlaskClient) -> str:
    found = re.search(r'name="about" value="(\w+)"', client.get("/tablet/centro/1/now").text)
    return found[1] if found else ""


def test_a_tablet_asks_whoever_its_desk_has_just_finished_for_half_a_minute(
    lobby: Lobby, clock: time_machine.Traveller
) -> None:
    client = tablet(lobby)
    assert about(client) == ""
    token = done(lobby)
    asked = about(client)
    assert asked
    assert token not in client.get("/tablet/centro/1").text
    assert about_at(client, "2") == ""

    page = "/tablet/centro/1"
    answer = send(client, f"{page}/rate", score="5", about=asked)
    assert answer.location.endswith("?thanks=1")
    send(client, f"{page}/rate", score="1", about=asked)

    assert scores(lobby, "source") == {5: 1}
    assert scores(lobby, "desk") == {5: 1}
    assert about(client) == ""
    phone = lobby.app.test_client()
    assert said(ASKED) not in phone.get(f"/t/{token}").text

    clock.shift(timedelta(seconds=1))
    done(lobby)
    assert about(client)
    clock.shift(timedelta(seconds=31))
    assert about(client) == ""


def about_at(client: FlaskClient, desk: str) -> str:
    page = client.get(f"/tablet/centro/{desk}/now").text
    return "asked" if 'name="about"' in page else ""


def test_only_a_tablet_of_the_office_asks(lobby: Lobby) -> None:
    done(lobby)
    stranger = lobby.app.test_client()
    assert stranger.get("/tablet/centro/1").location == "/tablet"
    assert stranger.get("/tablet/centro/1/now").status_code == 401
    kiosk = tablet(lobby, kind="kiosk")
    assert kiosk.get("/tablet/centro/1/now").status_code == 401
    elsewhere = tablet(lobby, office="norte")
    assert elsewhere.get("/tablet/centro/1").status_code == 403
    assert scores(lobby) == {}


def test_a_visit_begins_at_the_kiosk_without_any_answer(lobby: Lobby) -> None:
    kiosk: Kiosk = lobby.kiosk()
    page = kiosk.get("/rate").text
    assert said("Very good") in page
    assert said("Thank you") not in page
