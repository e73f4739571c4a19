"""A turn's own page: the truth about every state, and nothing about anybody."""

from xml.etree import ElementTree

import pytest
import time_machine
from flask.testing import FlaskClient
from tests.kiosk.lobby import FIELD, Lobby, said


def csrf(lobby: Lobby, token: str) -> tuple[FlaskClient, str]:
    client = lobby.app.test_client()
    page = client.get(f"/t/{token}/cancel").text
    return client, dict(FIELD.findall(page)).get("csrf_token", "")


@pytest.mark.parametrize(
    ("verbs", "message"),
    [
        ((), "Nobody ahead of you"),
        (("call",), "It is your turn"),
        (("call", "start"), "You are being attended"),
        (("call", "start", "park"), "Your visit is on hold"),
        (("call", "no-show"), "Are you here? Tell any desk: they can put you back in the queue."),
        (("call", "start", "finish"), "You have been attended"),
        (("cancel",), "This turn was given up"),
    ],
    ids=str,
)
def test_every_state_says_what_to_do(lobby: Lobby, verbs: tuple[str, ...], message: str) -> None:
    token = lobby.kiosk().take()
    for verb in verbs:
        lobby.does(verb, token)
    client = lobby.app.test_client()

    for path in (f"/t/{token}", f"/t/{token}/status"):
        assert said(message) in client.get(path).text


def test_a_call_shows_the_desk(lobby: Lobby) -> None:
    token = lobby.kiosk().take()
    lobby.does("call", token)

    status = lobby.app.test_client().get(f"/t/{token}/status").text

    assert 'data-state="called" data-calls="1"' in status
    assert '<span class="status__code">1</span>' in status


def test_a_turn_left_from_yesterday_is_no_longer_promised(
    lobby: Lobby, clock: time_machine.Traveller
) -> None:
    token = lobby.kiosk().take()
    clock.shift(24 * 3600)

    page = lobby.app.test_client().get(f"/t/{token}").text

    assert said("The day ended before this turn was called") in page
    assert "/cancel" not in page.split("<dl")[0]


def test_the_page_names_the_service_and_the_office(lobby: Lobby) -> None:
    token = lobby.kiosk().take()
    page = lobby.app.test_client().get(f"/t/{token}").text

    assert "R001" in page
    assert "Impuesto predial" in page
    assert "Plaza Mayor 1" in page


def test_the_page_speaks_the_language_of_the_turn_unless_asked_otherwise(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()
    kiosk.get()
    kiosk.get("/choose?lang=en")
    kiosk.send(kiosk.form("rentas"))
    token = lobby.tickets()[0].public_token
    client = lobby.app.test_client()

    assert '<html lang="en"' in client.get(f"/t/{token}", headers={"Accept-Language": "pt"}).text
    assert '<html lang="pt"' in client.get(f"/t/{token}?lang=pt").text


@pytest.mark.parametrize("path", ["", "/status", "/qr.svg", "/cancel"])
def test_an_unknown_turn_is_a_friendly_page(lobby: Lobby, path: str) -> None:
    lobby.kiosk().take()

    answer = lobby.app.test_client().get(f"/t/nobodys-token{path}")

    assert answer.status_code == 404
    assert said("We cannot find this turn") in answer.text
    assert "R001" not in answer.text


def test_the_code_is_a_picture_and_nothing_else(lobby: Lobby) -> None:
    token = lobby.kiosk().take()
    answer = lobby.app.test_client().get(f"/t/{token}/qr.svg")

    drawing = ElementTree.fromstring(answer.data)  # noqa: S314 - our own
    assert answer.mimetype == "image/svg+xml"
    assert {element.tag.split("}")[1] for element in drawing.iter()} == {"svg", "rect", "path"}


def test_whoever_cannot_come_gives_the_turn_up(lobby: Lobby) -> None:
    token = lobby.kiosk().take()
    client, secret = csrf(lobby, token)

    answer = client.post(f"/t/{token}/cancel", data={"csrf_token": secret})

    assert answer.location == f"/t/{token}"
    assert lobby.ticket(token).state == "cancelled"


def test_asking_whether_to_give_up_changes_nothing(lobby: Lobby) -> None:
    token = lobby.kiosk().take()
    lobby.app.test_client().get(f"/t/{token}/cancel")

    assert lobby.ticket(token).state == "waiting"


def test_another_site_cannot_give_a_turn_up(lobby: Lobby) -> None:
    token = lobby.kiosk().take()
    answer = lobby.app.test_client().post(f"/t/{token}/cancel")

    assert answer.status_code == 303
    assert lobby.ticket(token).state == "waiting"


@pytest.mark.parametrize("verbs", [("call",), ("call", "start"), ("call", "no-show")], ids=str)
def test_a_turn_that_was_called_meanwhile_is_not_given_up(
    lobby: Lobby, verbs: tuple[str, ...]
) -> None:
    token = lobby.kiosk().take()
    client, secret = csrf(lobby, token)
    for verb in verbs:
        lobby.does(verb, token)
    before = lobby.ticket(token).state

    client.post(f"/t/{token}/cancel", data={"csrf_token": secret})

    assert lobby.ticket(token).state == before


def test_giving_one_turn_up_leaves_the_others(lobby: Lobby) -> None:
    token, other = lobby.kiosk().take(), lobby.kiosk().take()
    client, secret = csrf(lobby, token)
    client.post(f"/t/{token}/cancel", data={"csrf_token": secret})

    assert lobby.ticket(other).state == "waiting"
