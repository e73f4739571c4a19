"""Every key that the configuration file may have is asked for by a form of the panel.

The readers themselves say which keys they know: they read a configuration that has every one of
them, and note what they were asked for. A key without a form, or without a reason here, fails.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

import pytest
from tests.admin import machines
from tests.admin.cityhall import CityHall
from tests.admin.settings_forms import save, text

from turnero_core.i18n import LANGUAGES
from turnero_queue import configuration
from turnero_queue.configuration import editing
from turnero_queue.configuration.items import Fields, Item
from turnero_queue.configuration.parsing import judge
from turnero_queue.rules import Rules
from turnero_queue.texts import KEYS as TEXTS

PANEL, SCHEDULE = "/admin/configuration", "/admin/schedules/edit"
LOOKS, CENTRO = f"{PANEL}/appearance", f"{PANEL}/offices/centro"
SENTENCE = {"es": "Algo que se dice", "en": "Something said"}
HTTP = {
    "provider": "http",
    "url": "https://sms.example.com/send",
    "method": "PUT",
    "headers": {"Authorization": "Bearer {secret}"},
    "body": "{to} {text}",
    "secret_file": "token",
    "reference": "id",
}
WHOLE_CITY = {
    "logo": "logo.png",
    "rules": {rule.name: rule.default for rule in fields(Rules)},
    "notices": {
        "email": {
            "provider": "smtp",
            "sender": "turnos@example.com",
            "reply_to": "answers@example.com",
            "host": "smtp.example.com",
            "port": 25,
            "security": "tls",
            "user": "turnos",
            "secret_file": "password",
        },
        "sms": HTTP,
        "whatsapp": HTTP,
    },
    "texts": dict.fromkeys(TEXTS, SENTENCE),
    "sign_in": {
        "passwords": "administrators",
        "provider": {
            "name": SENTENCE,
            "issuer": "https://login.example.org",
            "client_id": "turnero",
            "client_secret_file": "secret",
            "scopes": ["email"],
            "claim": "upn",
            "create_accounts": True,
            "login_claim": "name",
            "groups_claim": "roles",
            "groups": [{"group": "caja", "role": "cashier", "office": "centro"}],
            "follow_groups": True,
            "second_factor": "provider",
        },
    },
}
WHOLE_SERVICE = {
    "description": SENTENCE,
    "requirements": [SENTENCE],
    "place": SENTENCE,
    "fee": "15.00",
    "appointments": True,
    "external_code": "TUPA 1",
    "daily_limit": 40,
    "links": dict.fromkeys(("guide", "appointment", "online"), "https://example.org/a"),
}
SLOTS = {"services": ["rentas"], "hours": {"mon": ["08:00-12:00"]}, "slot_minutes": 15}
WHOLE_OFFICE = {
    "location": {"lat": -12.5, "lon": -75.25},
    "timezone": "America/Bogota",
    "holidays": "PE",
    "closures": [{"from": "2026-12-31", "to": "2027-01-01", "reason": SENTENCE}],
    "rules": {rule.name: rule.default for rule in fields(Rules)},
    "texts": dict.fromkeys(TEXTS, SENTENCE),
    "hall": {
        "queues": ["rentas"],
        "calls": 5,
        "voice": False,
        "languages": ["es"],
        "message": SENTENCE,
    },
    "printers": [
        {"code": "centro", "name": "Caja", "uri": "tcp://10.0.0.1:9100", "profile": "58mm"}
    ],
    "availability": [
        {
            **SLOTS,
            "code": "mornings",
            "name": SENTENCE,
            "desks": ["1", "2"],
            "pool": "staff",
            "desks_needed": 2,
            "buffer_minutes": 5,
            "lead_minutes": 30,
            "horizon_days": 10,
            "from": "2026-01-05",
            "to": "2026-12-28",
            "every_weeks": 2,
            "except": ["2026-02-02"],
        },
        {**SLOTS, "code": "seats", "name": SENTENCE, "seats": 3, "group": "hall"},
    ],
}
RULES = " ".join(rule.name for rule in fields(Rules))
SHARED_RULES = "second_factor_required kiosks_must_be_enrolled"
HTTP_KEYS = "provider url method headers:headers.name body secret_file reference"
TEXT_NAMES = " ".join(f"{key}:text.{key}.es" for key in TEXTS)
NAMED = "name:name.es icon"
# A page, where its keys stand in the file, and the keys with the names of their inputs where those
# are others.
FORMS = (
    (f"{PANEL}/municipality", "municipality", "name timezone locale languages currency"),
    (f"{LOOKS}/branding", "municipality", "colour logo"),
    (f"{LOOKS}/texts", "municipality.texts", TEXT_NAMES),
    (f"{PANEL}/rules", "municipality.rules", RULES),
    (
        f"{PANEL}/messages/email",
        "municipality.notices.email",
        "provider sender reply_to host port security user secret_file",
    ),
    (f"{PANEL}/messages/sms", "municipality.notices.sms", HTTP_KEYS),
    (f"{PANEL}/messages/whatsapp", "municipality.notices.whatsapp", HTTP_KEYS),
    (f"{PANEL}/sign-in", "municipality.sign_in", "passwords"),
    (
        f"{PANEL}/sign-in",
        "municipality.sign_in.provider",
        "name:provider.name.es issuer:provider.issuer client_id:provider.client_id"
        " client_secret_file:provider.client_secret_file scopes:provider.scopes"
        " claim:provider.claim create_accounts:provider.create_accounts"
        " login_claim:provider.login_claim groups_claim:provider.groups_claim"
        " follow_groups:provider.follow_groups second_factor:provider.second_factor",
    ),
    (
        f"{PANEL}/sign-in",
        "municipality.sign_in.provider.groups[]",
        "group:group.group role:group.role office:group.office",
    ),
    (f"{PANEL}/categories/edit/tributos", "categories[]", NAMED),
    (
        f"{PANEL}/services/edit/rentas",
        "services[]",
        f"{NAMED} prefix category description:description.es requirements:requirements.es"
        " place:place.es duration_minutes target_wait_minutes fee channel appointments"
        " external_code daily_limit",
    ),
    (
        f"{PANEL}/services/edit/rentas",
        "services[].links",
        "guide:links.guide appointment:links.appointment online:links.online",
    ),
    (
        f"{PANEL}/priorities/edit/preferential",
        "priorities[]",
        f"{NAMED} description:description.es head_start_minutes",
    ),
    (f"{PANEL}/offices/-/new", "offices[]", "code"),
    (f"{CENTRO}/general", "offices[]", "name:name.es address timezone"),
    (f"{CENTRO}/general", "offices[].location", "lat:location lon:location"),
    (f"{CENTRO}/hours", "offices[]", "hours:mon.from"),
    (f"{CENTRO}/closures", "offices[]", "holidays"),
    (
        f"{CENTRO}/closures",
        "offices[].closures[]",
        "from:closures.from to:closures.to reason:closures.reason.es",
    ),
    (f"{CENTRO}/rules", "offices[].rules", RULES),
    (f"{LOOKS}/offices/centro/texts", "offices[].texts", TEXT_NAMES),
    (
        f"{LOOKS}/offices/centro/hall",
        "offices[].hall",
        "queues calls voice languages message:message.es",
    ),
    (f"{CENTRO}/desks/new", "offices[].desks[]", "code name:name.es"),
    (
        f"{CENTRO}/desks/edit/1",
        "offices[].desks[].services[]",
        "code:services handicap_minutes:handicap.rentas",
    ),
    (
        f"{CENTRO}/services",
        "offices[].services[]",
        "code:services daily_limit:limit.rentas place:place.rentas.es",
    ),
    (f"{CENTRO}/printers/new", "offices[].printers[]", "code name profile uri:way"),
    (
        f"{SCHEDULE}/mornings?office=centro",
        "offices[].availability[]",
        "name:name-es services hours:hours-mon slot_minutes desks seats group pool desks_needed"
        " buffer_minutes lead_minutes horizon_days from:first to:last every_weeks"
        " except:exceptions",
    ),
)
OF_THE_NAME = "made of the name when it is new; nothing refers to it by another later"
REASONS = {
    "municipality.payments": "its own pages and its own test: test_payments_configuration",
    "categories[].code": OF_THE_NAME,
    "services[].code": OF_THE_NAME,
    "priorities[].code": OF_THE_NAME,
    "offices[].availability[].code": OF_THE_NAME,
    **{
        f"offices[].rules.{rule}": "holds for the whole municipality, under Rules there"
        for rule in SHARED_RULES.split()
    },
}
ASKED = {
    f"{at}.{key.partition(':')[0]}": (page, key.rpartition(":")[2])
    for page, at, keys in FORMS
    for key in keys.split()
}


@dataclass
class Noted:
    """Keys by their path without numbers: those that the readers know, and those they found."""

    known: set[str] = field(default_factory=set)
    found: set[str] = field(default_factory=set)

    def holds(self, key: str) -> bool:
        """Whether something is below the key that has keys of its own."""
        return any(other.startswith((f"{key}.", f"{key}[]")) for other in self.known)


@pytest.fixture
def whole(hall: CityHall) -> dict[str, Any]:
    """The city hall with every key there is, but payments."""
    with hall.database.write() as session:
        tree = editing.present(session)
        tree["municipality"] |= WHOLE_CITY
        del tree["municipality"]["payments"]
        tree["services"][0] |= WHOLE_SERVICE
        tree["categories"][0]["icon"] = "landmark"
        tree["priorities"][-1] |= {"icon": "heart-pulse", "description": SENTENCE}
        office = next(each for each in tree["offices"] if each["code"] == "centro")
        office |= WHOLE_OFFICE
        office["services"][0] = {"code": "rentas", "daily_limit": 9, "place": SENTENCE}
        office["desks"][0]["services"][0] = {"code": "rentas", "handicap_minutes": 5}
        configuration.apply(session, judge(tree), actor="tests")
    return tree


def noted(tree: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Noted:
    """What the readers ask of every part that is a group of keys."""
    found, usual = Noted(), Item.fields

    def fields_noted(item: Item, known: Iterable[str], required: Iterable[str] = ()) -> Fields:
        given = usual(item, list(known), list(required))
        # A text in several languages is one thing, whose form has all of them side by side.
        if not set(known) <= set(LANGUAGES):
            at = re.sub(r"\[\d+\]", "[]", item.path)
            found.known |= {f"{at}.{key}".lstrip(".") for key in known}
            found.found |= {f"{at}.{key}".lstrip(".") for key in given.found}
        return given

    monkeypatch.setattr(Item, "fields", fields_noted)
    judge(tree)
    return found


def lacking(noted: Noted, shown: dict[str, set[str]]) -> set[str]:
    """The keys that no form asks for and no reason excuses."""
    return {
        key
        for key in noted.known
        if key not in REASONS
        and not (key in ASKED and ASKED[key][1] in shown[ASKED[key][0]])
        and not (key not in ASKED and noted.holds(key))
    }


def test_every_key_of_the_file_has_a_form_or_a_reason(
    hall: CityHall, whole: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    machines.hire(hall)
    elena = hall.clerk("elena")
    pages = {page: elena.get(page) for page, _, _ in FORMS}
    assert {page for page, answer in pages.items() if answer.status_code != 200} == set()
    shown = {page: set(re.findall(r'name="([^"]+)"', text(pages[page]))) for page in pages}
    with monkeypatch.context() as patch:
        every = noted(whole, patch)
    left_out = every.known - every.found - {"municipality.payments"}
    assert left_out == set(), "the example lacks them, and with them what is below"
    assert lacking(every, shown) == set()
    assert set(REASONS) - every.known == set()
    every.known |= {"services[].anything", "municipality.rules.anything"}
    assert lacking(every, shown) == {"services[].anything", "municipality.rules.anything"}


def test_forms_give_back_every_key_as_it_was(hall: CityHall, whole: dict[str, Any]) -> None:
    machines.hire(hall)
    elena = hall.clerk("elena")
    with hall.database.read() as session:
        before = editing.present(session)
    kept = [page for page in dict.fromkeys(page for page, _, _ in FORMS) if PANEL in page]
    for page in (*kept, f"{CENTRO}/printers/edit/centro"):
        if "new" in page or LOOKS in page:
            continue
        answer = save(elena, page)
        assert answer.status_code == 303, page
        assert "Nothing was changed." in text(elena.get(answer.location)), page
    with hall.database.read() as session:
        assert editing.present(session) == before
