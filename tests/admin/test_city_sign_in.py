"""Signing in through the city's provider: who gets in, as whom, and every way it is refused."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pyotp
import pytest
import time_machine
from joserfc.jwk import OctKey
from sqlalchemy import select
from tests.admin.cityhall import PASSWORD, Browser, CityHall
from tests.admin.identity_provider import (
    KEY,
    OTHER_KEY,
    ROSA,
    SECRET,
    IdentityProvider,
    identity_provider,
)
from werkzeug.test import TestResponse

from turnero_core import clock as time
from turnero_queue import audit, configuration, staff
from turnero_queue.city_sign_in import provider as conversation
from turnero_queue.models import AuditEntry, Municipality, Staff, StaffSession


@pytest.fixture(scope="module")
def running() -> Iterator[IdentityProvider]:
    with identity_provider() as found:
        yield found


@pytest.fixture
def city(running: IdentityProvider, hall: CityHall) -> IdentityProvider:
    """The provider as it is at first, and the city hall that believes it."""
    running.person, running.claims, running.without = dict(ROSA), {}, ()
    running.key, running.published, running.algorithm = KEY, [KEY], "RS256"
    running.metadata, running.down, running.asked = {}, False, []
    conversation.forget()
    secrets = hall.file.parent / "secrets"
    secrets.mkdir(exist_ok=True)
    (secrets / "city-sign-in").write_text(SECRET)
    configure(hall, running)
    return running


def configure(
    hall: CityHall, city: IdentityProvider, passwords: str = "everybody", **more: Any
) -> None:
    with hall.database.write() as session:
        stored = {"passwords": passwords, "provider": city.configured(**more)}
        session.get_one(Municipality, 1).sign_in = stored


def hire(hall: CityHall, login: str = "rosa", role: str | None = "cashier", **values: Any) -> None:
    with hall.database.write() as session:
        person = staff.create(
            session, login, PASSWORD, time.now(), name=login.capitalize(), role=role
        )
        for name, value in values.items():
            setattr(person, name, value)


def come_in(hall: CityHall, city: IdentityProvider) -> tuple[Browser, TestResponse]:
    browser = hall.browser()
    out = browser.get("/login/city?next=/admin/account")
    assert out.status_code == 303
    assert out.location.startswith(f"{city.issuer}/authorize?")
    return browser, browser.get(city.sign_in(out.location))


def person(hall: CityHall, login: str = "rosa") -> Staff | None:
    with hall.database.read() as session:
        return staff.find(session, login)


def noted(hall: CityHall) -> list[tuple[str, str, str]]:
    with hall.database.read() as session:
        assert audit.verify(session).whole
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.seq))
        return [(row.action, row.subject, row.reason) for row in rows]


def refused(hall: CityHall, answer: TestResponse) -> str:
    """Why nobody came in, as the log has it; nothing that the provider said is in it."""
    assert answer.status_code == 401
    page = answer.get_data(as_text=True)
    assert "Not signed in" in page
    assert 'href="/login/city' in page
    with hall.database.read() as session:
        assert session.scalars(select(StaffSession)).all() == []
    action, subject, reason = noted(hall)[-1]
    assert (action, subject) == ("sign-in.refused", "provider")
    assert ROSA["sub"] not in reason
    assert "rosa" not in reason.lower()
    return reason


def test_who_is_known_by_their_address_comes_in_and_stays_linked(
    hall: CityHall, city: IdentityProvider
) -> None:
    hire(hall, email=ROSA["email"])
    browser, answer = come_in(hall, city)
    assert (answer.status_code, answer.location) == (303, "/admin/account")
    page = browser.get("/admin/account").get_data(as_text=True)
    assert "city&#39;s sign-in" in page
    assert noted(hall)[-2:] == [
        ("staff.link", "staff:rosa", ""),
        ("sign-in", "staff:rosa", ""),
    ]
    # From now on it is the provider's subject that counts, whatever the address becomes.
    city.person["email"] = "rosa.mamani@jacaranda.example"
    assert come_in(hall, city)[1].status_code == 303
    found = person(hall)
    assert found is not None
    assert ROSA["sub"] not in str(found.external_id)


def test_an_account_is_of_one_person_of_the_provider(
    hall: CityHall, city: IdentityProvider
) -> None:
    hire(hall, email=ROSA["email"])
    come_in(hall, city)
    with hall.database.write() as session:
        for row in session.scalars(select(StaffSession)):
            session.delete(row)
    city.person["sub"] = "somebody-else"
    assert refused(hall, come_in(hall, city)[1]) == "the account is linked to another person"


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"nonce": "another"}, "ID token: invalid_claim nonce"),
        ({"aud": "another-system"}, "ID token: invalid_claim aud"),
        ({"aud": ["another", "third"]}, "ID token: invalid_claim aud"),
        ({"iss": "http://127.0.0.1:1"}, "ID token: invalid_claim iss"),
        ({"exp": 1}, "the ID token has expired"),
        ({"iat": 99_999_999_999}, "ID token: invalid_claim iat"),
        ({"sub": ""}, "the ID token is of nobody"),
        ({"email_verified": False}, "the address is not verified"),
        ({"email": "nobody@jacaranda.example"}, "unknown person"),
        ({"email": ""}, "unknown person"),
    ],
)
def test_a_token_that_is_not_right_lets_nobody_in(
    hall: CityHall, city: IdentityProvider, claims: dict[str, Any], why: str
) -> None:
    hire(hall, email=ROSA["email"])
    city.claims = claims
    assert refused(hall, come_in(hall, city)[1]).startswith(why)


@pytest.mark.parametrize("claim", ["nonce", "aud", "iss", "exp", "sub"])
def test_a_token_without_what_it_must_say_lets_nobody_in(
    hall: CityHall, city: IdentityProvider, claim: str
) -> None:
    hire(hall, email=ROSA["email"])
    city.without = (claim,)
    assert refused(hall, come_in(hall, city)[1]).startswith("ID token: missing_claim")


def test_only_the_providers_own_key_signs(hall: CityHall, city: IdentityProvider) -> None:
    hire(hall, email=ROSA["email"])
    city.key = OTHER_KEY
    assert refused(hall, come_in(hall, city)[1]).startswith("ID token")
    city.key, city.algorithm = KEY, "none"
    assert refused(hall, come_in(hall, city)[1]).startswith("ID token")
    # A secret that both share proves nothing to others.
    city.key, city.algorithm = OctKey.import_key(SECRET * 2, {"kid": "one"}), "HS256"
    assert refused(hall, come_in(hall, city)[1]).startswith("ID token")
    # Keys change: what is signed with a new one is looked up once more.
    city.key, city.algorithm, city.published = OTHER_KEY, "RS256", [KEY, OTHER_KEY]
    assert come_in(hall, city)[1].status_code == 303


def test_an_answer_works_once_in_the_browser_that_asked(
    hall: CityHall, city: IdentityProvider, clock: time_machine.Traveller
) -> None:
    hire(hall, email=ROSA["email"])
    browser = hall.browser()
    back = city.sign_in(browser.get("/login/city").location)
    assert refused(hall, hall.browser().get(back)).startswith("no sign-in was begun")
    assert refused(hall, browser.get(f"{back}x")) == "wrong state"
    assert refused(hall, browser.get(back)).startswith("no sign-in was begun")
    # The code of another sign-in, used before.
    used = city.sign_in(browser.get("/login/city").location)
    browser.get(used)
    thief = hall.browser()
    fresh = city.sign_in(thief.get("/login/city").location)
    code = used.partition("code=")[2].partition("&")[0]
    state = fresh.partition("state=")[2]
    with hall.database.write() as session:
        for row in session.scalars(select(StaffSession)):
            session.delete(row)
    replayed = thief.get(f"/login/city/back?code={code}&state={state}")
    assert refused(hall, replayed) == "the provider refused the code"
    late = city.sign_in(browser.get("/login/city").location)
    clock.shift(timedelta(minutes=11))
    assert refused(hall, browser.get(late)).startswith("no sign-in was begun")


def test_a_provider_that_is_down_or_another_is_said_in_words(
    hall: CityHall, city: IdentityProvider
) -> None:
    city.down = True
    answer = hall.browser().get("/login/city")
    assert refused(hall, answer) == "the provider answered 503"
    assert "does not answer" in answer.get_data(as_text=True)
    city.down, city.metadata = False, {"issuer": "https://evil.example"}
    assert refused(hall, hall.browser().get("/login/city")) == (
        "the provider calls itself something else"
    )
    conversation.forget()
    city.metadata = {"token_endpoint": "http://evil.example/token"}
    assert refused(hall, hall.browser().get("/login/city")) == (
        "the provider does not say where it is"
    )
    conversation.forget()
    city.metadata = {}
    browser = hall.browser()
    browser.get("/login/city")
    cancelled = browser.get("/login/city/back?error=access_denied&state=x")
    assert refused(hall, cancelled) == "wrong state"
    (hall.file.parent / "secrets" / "city-sign-in").unlink()
    assert "cannot be read" in refused(hall, come_in(hall, city)[1])


def test_who_is_out_of_use_or_has_no_role_stays_outside(
    hall: CityHall, city: IdentityProvider
) -> None:
    hire(hall, email=ROSA["email"], active=False)
    assert refused(hall, come_in(hall, city)[1]) == "not in use"
    with hall.database.write() as session:
        found = staff.by_login(session, "rosa")
        found.active = True
        found.roles.clear()
    answer = come_in(hall, city)[1]
    assert refused(hall, answer) == "no role"
    assert "has no role yet" in answer.get_data(as_text=True)


def test_accounts_are_made_with_the_roles_of_the_providers_groups(
    hall: CityHall, city: IdentityProvider
) -> None:
    groups = [
        {"group": "turnos-caja", "role": "cashier", "office": "centro"},
        {"group": "turnos-jefes", "role": "supervisor"},
        {"group": "correo", "role": "attendant", "office": "no-such-office"},
    ]
    configure(hall, city, create_accounts=True, groups=groups, follow_groups=True)
    assert come_in(hall, city)[1].status_code == 303
    made = person(hall, "rrojas")
    assert made is not None
    assert (made.name, made.email) == (ROSA["name"], ROSA["email"])
    assert [(row.role, row.office_id is None) for row in made.roles] == [("cashier", False)]
    city.person["groups"] = ["turnos-jefes"]
    come_in(hall, city)
    changed = person(hall, "rrojas")
    assert changed is not None
    assert [(row.role, row.office_id is None) for row in changed.roles] == [("supervisor", True)]
    # Nobody takes over an account that has the login only by chance.
    city.person |= {"sub": "2", "email": "ana.x@jacaranda.example", "preferred_username": "ana"}
    with hall.database.write() as session:
        for row in session.scalars(select(StaffSession)):
            session.delete(row)
    assert refused(hall, come_in(hall, city)[1]) == "the login cannot be used"


def test_ones_own_second_factor_is_asked_for_unless_the_provider_sees_to_it(
    hall: CityHall, city: IdentityProvider
) -> None:
    secret = pyotp.random_base32()
    hire(hall, email=ROSA["email"], totp_secret=secret)
    browser, answer = come_in(hall, city)
    assert answer.location.startswith("/login/code")
    assert browser.get("/admin/account").location.startswith("/login")
    code = pyotp.TOTP(secret).at(time.now())
    done = browser.post(
        "/login/code", {"code": code, "next": "/admin/account"}, token=browser.token("/login/code")
    )
    assert done.location == "/admin/account"
    with hall.database.read() as session:
        assert session.scalars(select(StaffSession.way)).all() == ["provider"]
    configure(hall, city, second_factor="provider")
    assert come_in(hall, city)[1].location == "/admin/account"


def test_passwords_can_be_left_to_administrators(hall: CityHall, city: IdentityProvider) -> None:
    hire(hall, "elena", "administrator")
    configure(hall, city, passwords="administrators")
    answer = hall.browser().sign_in("ana")
    assert answer.status_code == 401
    assert "passwords are for administrators" in answer.get_data(as_text=True)
    wrong = hall.browser().sign_in("ana", "wrong-password").get_data(as_text=True)
    assert "passwords are for administrators" not in wrong
    assert hall.browser().sign_in("elena").status_code == 303


def test_signing_out_offers_to_sign_out_of_the_provider_too(
    hall: CityHall, city: IdentityProvider
) -> None:
    hire(hall, email=ROSA["email"])
    browser, _ = come_in(hall, city)
    out = browser.post("/logout", token=browser.token("/admin/account"))
    assert out.location == "/login?left=provider"
    assert "/login/city/out" in browser.get(out.location).get_data(as_text=True)
    gone = browser.get("/login/city/out")
    assert gone.location.startswith(f"{city.issuer}/out?client_id=turnero&post_logout")
    assert ("sign-out", "staff:rosa", "") in noted(hall)


def test_the_administration_sets_the_address_and_undoes_the_link(
    hall: CityHall, city: IdentityProvider
) -> None:
    hire(hall, "elena", "administrator", must_change_password=False)
    hire(hall)
    elena = hall.clerk("elena")
    token = elena.token("/admin/account")
    elena.post("/admin/staff/rosa/email", {"email": ROSA["email"].upper()}, token=token)
    assert come_in(hall, city)[1].status_code == 303
    again = elena.post("/admin/staff/ana/email", {"email": ROSA["email"]}, token=token)
    assert again.status_code == 303
    assert "Another account has this address" in elena.get(again.location).get_data(as_text=True)
    elena.post("/admin/staff/rosa/unlink", token=token)
    found = person(hall)
    assert found is not None
    assert (found.email, found.external_id) == (ROSA["email"], None)


def test_without_a_provider_there_is_no_such_door(hall: CityHall) -> None:
    assert "/login/city" not in hall.browser().get("/login").get_data(as_text=True)
    assert hall.browser().get("/login/city").status_code == 404


def test_what_is_configured_survives_the_file_and_holds_no_secret(
    hall: CityHall, city: IdentityProvider
) -> None:
    groups = [{"group": "g", "role": "cashier", "office": "centro"}]
    configure(hall, city, passwords="administrators", name={"en": "City"}, groups=groups)
    with hall.database.read() as session:
        text = configuration.dump(session)
    assert SECRET not in text
    assert "client_secret_file: city-sign-in" in text
    with hall.database.write() as session:
        assert configuration.diff(session, configuration.parse(text.encode(), "again")) == []
    for wrong, said in (
        ("issuer: http://login.example", "must be an address"),
        ("role: king", "must be one of"),
        ("client_secret_file: ../x", "must be the name of a file"),
    ):
        key = wrong.partition(":")[0]
        lines = [
            line.partition(key)[0] + wrong if f"{key}:" in line else line
            for line in text.splitlines()
        ]
        with pytest.raises(configuration.ConfigurationError, match=said):
            configuration.parse("\n".join(lines).encode(), "wrong")
