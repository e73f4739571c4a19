"""How staff sign in, set up from the panel: nobody is locked out without its being said first."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from tests.admin import machines
from tests.admin.cityhall import Browser, CityHall
from tests.admin.identity_provider import IdentityProvider, identity_provider
from tests.admin.settings_forms import entry, hidden, save, text

from turnero_queue.city_sign_in import effects
from turnero_queue.city_sign_in import provider as conversation
from turnero_queue.models import Municipality, Staff

SIGN_IN = "/admin/configuration/sign-in"
NOT_YET = "Not saved yet: this changes who gets in"


@pytest.fixture(scope="module")
def running() -> Iterator[IdentityProvider]:
    with identity_provider() as found:
        yield found


@pytest.fixture
def city(running: IdentityProvider) -> IdentityProvider:
    running.down, running.asked, running.metadata = False, [], {}
    conversation.forget()
    return running


def stored(hall: CityHall) -> Any:
    return entry(hall, "municipality", "sign_in")


def configure(hall: CityHall, **values: Any) -> None:
    with hall.database.write() as session:
        session.get_one(Municipality, 1).sign_in = values


def link(hall: CityHall, *logins: str) -> None:
    """These have signed in at the city's provider."""
    with hall.database.write() as session:
        for person in session.scalars(select(Staff).where(Staff.login.in_(logins))):
            person.external_id = f"digest of {person.login}"


def filled(city: IdentityProvider, **more: Any) -> dict[str, Any]:
    own = {"provider.issuer": city.issuer, "provider.client_id": "turnero"}
    return {"through": "provider", **own, **more}


def test_the_citys_provider_is_set_up_and_what_is_as_usual_is_not_written(
    hall: CityHall, elena: Browser, city: IdentityProvider
) -> None:
    answer = save(elena, SIGN_IN, **filled(city))
    assert answer.status_code == 303
    assert stored(hall) == {"provider": {"issuer": city.issuer, "client_id": "turnero"}}
    whole = {
        "provider.name.es": "la cuenta municipal",
        "provider.client_secret_file": "city-sign-in",
        "provider.scopes": "email groups",
        "provider.create_accounts": "1",
        "provider.second_factor": "provider",
        "group.group": ["turnos-caja", ""],
        "group.role": ["cashier", "attendant"],
        "group.office": ["centro", ""],
    }
    assert save(elena, SIGN_IN, **whole).status_code == 303
    assert stored(hall) == {
        "provider": {
            "name": {"es": "la cuenta municipal"},
            "issuer": city.issuer,
            "client_id": "turnero",
            "client_secret_file": "city-sign-in",
            "scopes": ["email", "groups"],
            "create_accounts": True,
            "groups": [{"group": "turnos-caja", "role": "cashier", "office": "centro"}],
            "second_factor": "provider",
        }
    }
    listed = text(elena.get("/admin/configuration/history"))
    assert "turnos-caja: Cashier (centro)" in listed
    assert "Left to the city's sign-in" in listed


def test_a_form_opened_and_saved_changes_nothing(
    hall: CityHall, elena: Browser, city: IdentityProvider
) -> None:
    groups = [
        {"group": "a", "role": "auditor"},
        {"group": "b", "role": "cashier", "office": "gone"},
    ]
    for before in (
        {},
        {"passwords": "everybody"},
        {
            "passwords": "administrators",
            "provider": city.configured(
                groups=groups, claim="email", follow_groups=False, name={"es": "a", "en": "b"}
            ),
        },
    ):
        configure(hall, **before)
        answer = save(elena, SIGN_IN)
        assert answer.status_code == 303, text(answer)
        assert "Nothing was changed." in text(elena.get(answer.location)), before
        assert (stored(hall) or {}) == before


def test_what_is_wrong_stands_beside_its_field(
    hall: CityHall, elena: Browser, city: IdentityProvider
) -> None:
    wrong = {
        "provider.issuer": "http://login.example.org",
        "provider.client_id": "",
        "provider.client_secret_file": "../secret_key",
        "provider.claim": "e mail",
    }
    answer = save(elena, SIGN_IN, **filled(city, **wrong))
    page = text(answer)
    assert answer.status_code == 422
    assert "Must be an address such as https://login.example.org" in page
    assert "This is needed." in page
    assert "Write the name of a file alone, without a folder." in page
    assert "Must be the name of a claim or scope" in page
    assert 'value="e mail"' in page
    assert stored(hall) is None
    assert city.asked == []


def test_whose_passwords_stop_working_is_said_before_and_done_only_when_agreed(
    hall: CityHall, elena: Browser, city: IdentityProvider
) -> None:
    configure(hall, provider=city.configured())
    link(hall, "ana")
    asked = save(elena, SIGN_IN, passwords="administrators")
    assert asked.status_code == 409
    page = text(asked)
    assert NOT_YET in page
    assert "4 people are no administrators: their passwords work no more." in page
    assert "3 of them have never signed in at the city's sign-in." in page
    assert "passwords" not in stored(hall)
    assert save(elena, SIGN_IN, asked).status_code == 303
    assert stored(hall)["passwords"] == "administrators"
    assert hall.browser().sign_in("bruno").status_code == 401
    assert hall.browser().sign_in("elena").status_code == 303


def test_a_provider_that_does_not_answer_is_not_leant_on_unasked(
    hall: CityHall, elena: Browser, city: IdentityProvider
) -> None:
    city.down = True
    asked = save(elena, SIGN_IN, **filled(city))
    assert asked.status_code == 409
    assert "At this moment nobody could sign in there" in text(asked)
    assert stored(hall) is None
    assert save(elena, SIGN_IN, asked).status_code == 303
    tried = text(elena.post(f"{SIGN_IN}/test"))
    assert "the provider answered 503" in tried
    city.down = False
    assert "answers, and is the one it says" in text(elena.post(f"{SIGN_IN}/test"))
    city.metadata = {"issuer": "https://another.example.org"}
    assert "the provider calls itself something else" in text(elena.post(f"{SIGN_IN}/test"))


def test_leaving_the_provider_or_changing_it_tells_who_is_linked_to_it(
    hall: CityHall, elena: Browser, city: IdentityProvider
) -> None:
    configure(hall, provider=city.configured())
    link(hall, "ana", "nora")
    page = text(save(elena, SIGN_IN, through=""))
    assert "2 people sign in at the city's sign-in, and need a password here" in page
    page = text(save(elena, SIGN_IN, **{"provider.issuer": "http://127.0.0.1:9/other"}))
    assert "2 people are linked to the sign-in of before" in page
    assert stored(hall)["provider"]["issuer"] == city.issuer


def test_groups_that_make_no_administrator_are_not_followed_unasked(
    hall: CityHall, city: IdentityProvider
) -> None:
    machines.hire(hall)
    before = {"provider": city.configured()}
    somewhere = {"group": "it", "role": "administrator", "office": "centro"}
    everywhere = {"group": "it", "role": "administrator"}

    def found(*groups: dict[str, str]) -> list[effects.Effect]:
        after = {"provider": city.configured(follow_groups=True, groups=list(groups))}
        with hall.database.read() as session:
            return effects.effects(session, before, after)

    assert found() == [effects.Effect(effects.ROLES, 1)]
    assert found(somewhere) == [effects.Effect(effects.ROLES, 1)]
    assert found(everywhere) == []


def test_the_second_administrator_is_shown_what_the_first_saved_and_it_is_taken_back(
    hall: CityHall, elena: Browser, city: IdentityProvider
) -> None:
    configure(hall, provider=city.configured())
    opened = elena.get(SIGN_IN)
    assert save(elena, SIGN_IN, **{"provider.client_id": "first"}).status_code == 303
    answer = save(elena, SIGN_IN, opened, **{"provider.client_id": "second"})
    assert answer.status_code == 409
    line = re.search(r"client ID\)</th>.*?</tr>", text(answer), re.S)
    assert line
    assert "first" in line[0]
    assert "second" in line[0]
    assert save(elena, SIGN_IN, answer).status_code == 303
    assert stored(hall)["provider"]["client_id"] == "second"
    version = re.search(r"/history/(\d+)", text(elena.get("/admin/configuration/history")))
    assert version
    assert elena.post(f"/admin/configuration/history/{version[1]}").status_code == 303
    assert stored(hall)["provider"]["client_id"] == "first"


def test_only_administrators_of_all_offices_decide_how_staff_sign_in(hall: CityHall) -> None:
    machines.hire(hall, "sofia", "supervisor")
    machines.hire(hall, "carla", "administrator", "centro")
    for login in ("sofia", "carla"):
        clerk = hall.clerk(login)
        assert clerk.get(SIGN_IN).status_code == 403
        assert clerk.post(SIGN_IN, {"through": ""}).status_code == 403
        assert clerk.post(f"{SIGN_IN}/test").status_code == 403


def test_the_addresses_to_register_and_the_file_of_the_secret_are_told(
    hall: CityHall, elena: Browser, city: IdentityProvider
) -> None:
    configure(hall, provider=city.configured(client_secret_file="not-there"))
    page = elena.get(SIGN_IN)
    assert "/login/city/back" in text(page)
    assert "The file secrets/not-there is not there." in text(page)
    assert hidden(page, "opened")
