"""The part of the configuration file that says how messages leave the house."""

import pytest
from tests.queue import factories

from turnero_core.db import Database
from turnero_core.i18n import speaking
from turnero_queue.configuration import ConfigurationError, apply, diff, dump, parse
from turnero_queue.models import Municipality
from turnero_queue.notices.settings import Http, Inbox, Smtp, from_stored, region_of

FILE = """
municipality:
  name: San Martín
  timezone: America/Lima
  locale: es
  currency: PEN
  rules: {{notices_quiet_hours: {quiet}}}
  notices:
{notices}
services:
  - {{code: rentas, prefix: R, name: {{es: Rentas}}}}
priorities:
  - {{code: standard, name: {{es: General}}}}
offices:
  - {{code: centro, name: {{es: Centro}}, hours: {{mon-fri: ["08:00-16:00"]}}}}
"""
NOTICES = """
    sms:
      url: https://sms.example/send
      body: '{"to": "{to}", "message": "{text}"}'
      headers: {X-Version: "2", Authorization: "Bearer {secret}"}
      provider: http
      secret_file: sms_token
    email:
      provider: smtp
      host: smtp.sanmartin.example
      sender: Turnos@SanMartin.example
      security: tls
      port: 465
    whatsapp: {provider: inbox}
"""


def written(notices: str = NOTICES, quiet: str = '"21:00-08:00"') -> str:
    return FILE.format(notices=notices.strip("\n"), quiet=quiet)


def complaints(notices: str, quiet: str = "none") -> str:
    with speaking("en"), pytest.raises(ConfigurationError) as refused:
        parse(written(notices, quiet), "san-martin.yaml")
    with speaking("en"):
        return str(refused.value)


def test_it_loads_is_used_and_is_written_back_the_same(database: Database) -> None:
    wanted = parse(written(), "san-martin.yaml")
    with database.write() as session:
        assert apply(session, wanted, actor="tests")
    with database.write() as session:
        assert diff(session, wanted) == []
        text = dump(session)
        settings = from_stored(session.get_one(Municipality, 1).notices)
    assert parse(text, "dump").municipality == wanted.municipality
    assert text.index("email:") < text.index("sms:") < text.index("whatsapp:")
    assert settings.sender == "Turnos@sanmartin.example"
    assert settings.providers == {
        "email": Smtp("smtp.sanmartin.example", 465, "tls"),
        "sms": Http(
            "https://sms.example/send",
            '{"to": "{to}", "message": "{text}"}',
            headers={"X-Version": "2", "Authorization": "Bearer {secret}"},
            secret_file="sms_token",
        ),
        "whatsapp": Inbox(),
    }
    other = parse(written(NOTICES.replace("465", "587"), "none"), "x")
    with database.write() as session:
        lines = [str(change) for change in diff(session, other)]
    assert lines == [
        "~ municipality rules.notices_quiet_hours: 21:00-08:00 → none",
        "~ municipality notices.email.port: 465 → 587",
    ]


@pytest.mark.parametrize(
    ("notices", "said"),
    [
        ("    email: {provider: smtp, sender: turnos@example.com}", "host: is missing"),
        ("    email: {provider: inbox}", "sender: is missing"),
        ("    email: {provider: inbox, sender: turnos}", "must be an e-mail address"),
        ("    email: {provider: inbox, sender: a@b.example, password: x}", "password is not known"),
        ("    sms: {provider: smtp}", "must be one of http, inbox"),
        ("    sms: {provider: http, url: 'https://x.example'}", "body: is missing"),
        (
            "    sms: {provider: http, url: 'https://me:secret@x.example', body: '{to} {text}'}",
            "must be an address such as",
        ),
        ("    sms: {provider: http, url: 'file:///etc/passwd', body: '{to} {text}'}", "an address"),
        (
            "    sms: {provider: http, url: 'https://x.example', body: '{text}'}",
            "must contain {to}",
        ),
        (
            "    sms: {provider: http, url: 'https://x.example', body: '{to} {text}', "
            "headers: {Authorization: Bearer abc}}",
            "shows a secret",
        ),
        (
            "    email: {provider: smtp, host: x, sender: a@b.example, secret_file: ../key}",
            "must be the name of a file in the folder secrets",
        ),
        ("    pigeon: {provider: inbox}", "pigeon is not known"),
    ],
)
def test_what_is_wrong_is_named(notices: str, said: str) -> None:
    assert said in complaints(notices)


@pytest.mark.parametrize("wrong", ['"22:00"', '"22:00-22:00"', '"25:00-07:00"', '"night"'])
def test_quiet_hours_that_are_none_are_refused(wrong: str) -> None:
    assert "must be hours such as" in complaints(NOTICES, wrong)


def test_a_telephone_belongs_to_the_country_of_the_locale_or_of_the_clock() -> None:
    def country(locale: str, timezone: str) -> str:
        return region_of(Municipality(locale=locale, timezone=timezone))

    assert country("es_PE", "America/Bogota") == "PE"
    assert country("es", "America/Bogota") == "CO"
    assert country("pt", "America/Sao_Paulo") == "BR"
    assert country("es", "UTC") in ("", "001")


def test_a_municipality_has_no_channel_until_it_is_given_one(database: Database) -> None:
    with database.write() as session:
        factories.create_municipality(session)
        assert from_stored(session.get_one(Municipality, 1).notices).providers == {}
