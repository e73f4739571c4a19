"""Passwords left to administrators: whoever is signed in with one and is none is signed out."""

from collections.abc import Callable

import pyotp
import pytest
from sqlalchemy import select
from tests.admin.cityhall import Browser, CityHall
from tests.admin.machines import hire
from tests.admin.test_configuration_file import FILE, bring, in_force, shown_form

from turnero_core import clock as time
from turnero_queue import configuration, sessions, staff, tokens
from turnero_queue.models import AuditEntry
from turnero_server.cli.load import load

PROVIDER = """
  sign_in:
    passwords: %s
    provider: {name: {es: Cuenta}, issuer: "https://login.example.org", client_id: turnero}
"""


@pytest.fixture(autouse=True)
def elena(hall: CityHall) -> Browser:
    hire(hall, "elena", "administrator")
    return hall.clerk("elena")


def with_passwords_for(hall: CityHall, whom: str) -> str:
    head, municipality, rest = in_force(hall).partition("municipality:")
    return head + municipality + (PROVIDER % whom).rstrip() + rest


def by_load(hall: CityHall, elena: Browser, text: str) -> None:
    load(hall.database, configuration.parse(text, "town.yaml"))


def by_file(hall: CityHall, elena: Browser, text: str) -> None:
    shown = bring(elena, text)
    assert "1 person signed in with a password would be signed out." in shown.text
    assert still_in(hall, "elena")
    form = {**shown_form(shown), "csrf_token": elena.token("/admin/account")}
    assert elena.client.post(f"{FILE}/apply", data=form).status_code == 303


def by_api(hall: CityHall, elena: Browser, text: str) -> None:
    with hall.database.write() as session:
        secret = tokens.create(session, "town", ["admin"], time.now())
    client, bearer = hall.app.test_client(), {"Authorization": f"Bearer {secret}"}
    bearer["Accept-Language"] = "en"
    path = "/api/v1/configuration"
    bearer["If-Match"] = client.get(path, headers=bearer).headers["ETag"]
    answer = client.put(path, headers=bearer, data=text, content_type="application/yaml")
    assert answer.status_code == 200
    assert answer.json is not None
    assert "1 person signed in with a password would be signed out." in answer.json["consequences"]


def still_in(hall: CityHall, login: str) -> int:
    with hall.database.read() as session:
        person = staff.by_login(session, login)
        return len(sessions.open_of(session, person.id, time.now()))


def ended(hall: CityHall) -> list[tuple[str, str | None]]:
    with hall.database.read() as session:
        query = select(AuditEntry).where(AuditEntry.action == "session.end")
        return [(row.actor, row.after) for row in session.scalars(query)]


@pytest.mark.parametrize("put", [by_load, by_file, by_api])
def test_it_signs_out_who_may_use_a_password_no_more(
    hall: CityHall, elena: Browser, put: Callable[[CityHall, Browser, str], None]
) -> None:
    ana = hall.clerk("ana")
    with hall.database.write() as session:
        bruno = staff.by_login(session, "bruno")
        sessions.begin(session, bruno, time.now(), address="", agent="", way="provider")

    put(hall, elena, with_passwords_for(hall, "administrators"))

    assert ana.get("/console").location.startswith("/login")
    assert elena.get("/admin").status_code == 200
    assert [still_in(hall, login) for login in ("ana", "bruno", "elena")] == [0, 1, 1]
    assert [after for _, after in ended(hall)] == ['{"sessions":1}']


def test_a_provider_beside_passwords_signs_nobody_out(hall: CityHall, elena: Browser) -> None:
    hall.clerk("ana")
    by_load(hall, elena, with_passwords_for(hall, "everybody"))
    assert still_in(hall, "ana") == 1
    assert ended(hall) == []


def test_who_stops_being_an_administrator_is_signed_out_too(hall: CityHall, elena: Browser) -> None:
    hire(hall, "olga", "administrator")
    by_load(hall, elena, with_passwords_for(hall, "administrators"))
    olga = hall.clerk("olga")
    token = elena.token("/admin/account")
    assert elena.post("/admin/staff/olga/roles", {"grant": ["cashier@centro"]}, token=token)
    assert olga.get("/admin").location.startswith("/login")
    assert ended(hall) == [("staff:elena", '{"sessions":1}')]


def test_a_code_shown_after_the_password_was_withdrawn_opens_nothing(
    hall: CityHall, elena: Browser
) -> None:
    secret = pyotp.random_base32()
    with hall.database.write() as session:
        staff.by_login(session, "bruno").totp_secret = secret
    bruno = hall.browser()
    assert bruno.sign_in("bruno").location == "/login/code"
    token = bruno.token("/login/code")
    by_load(hall, elena, with_passwords_for(hall, "administrators"))
    code = pyotp.TOTP(secret).at(time.now())
    assert bruno.post("/login/code", {"code": code}, token=token).location == "/login"
    assert still_in(hall, "bruno") == 0
