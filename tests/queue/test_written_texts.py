"""Texts of slips and screens, hall settings and addresses of procedures in the configuration."""

from dataclasses import replace
from typing import Any

import pytest

from turnero_core.errors import Invalid
from turnero_queue import texts
from turnero_queue.configuration import Configuration, ConfigurationError, appearance, parse, render
from turnero_queue.configuration.changes import compare

TOWN = """\
municipality:
  name: San Martín
  timezone: America/Lima
  locale: es_PE
  languages: [es, en]
  currency: PEN
  texts:
    slip_footer: {es: "Gracias, <b>vecino</b>", en: Thank you}
services:
  - {code: rentas, prefix: R, name: {es: Rentas, en: Taxes}, links: {guide: "https://muni.example/rentas"}}
priorities:
  - {code: standard, name: {es: Ninguna, en: None}}
offices:
  - code: centro
    name: {es: Centro, en: Centre}
    hours: {mon-fri: ["08:00-13:00"]}
    desks:
      - {code: "1", name: {es: Ventanilla 1, en: Desk 1}, services: [rentas]}
    texts:
      hall_idle: {es: Espere sentado, en: Please sit}
    hall: {queues: [rentas], calls: 4, voice: false, languages: [es]}
"""


def town(**changes: str) -> Configuration:
    text = TOWN
    for old, new in changes.items():
        text = text.replace(old, new)
    return parse(text, "town.yaml")


def wrong(old: str, new: str) -> list[tuple[int, str]]:
    with pytest.raises(ConfigurationError) as caught:
        parse(TOWN.replace(old, new), "town.yaml")
    return [(finding.line, finding.field) for finding in caught.value.errors]


def test_texts_and_halls_are_read_and_written_back_as_they_were() -> None:
    found = town()

    assert found.municipality.texts["slip_footer"]["es"] == "Gracias, <b>vecino</b>"
    assert found.offices[0].hall == {
        "queues": ["rentas"],
        "calls": 4,
        "voice": False,
        "languages": ["es"],
    }
    assert parse(render(found), "again.yaml") == found


def test_what_changes_of_them_is_said_text_by_text() -> None:
    before = town()
    office = replace(before.offices[0], hall={"calls": 3}, texts={})
    after = replace(before, offices=(office,))

    fields = {change.field: (change.before, change.after) for change in compare(before, after, ())}

    assert fields == {
        "texts.hall_idle.es": ('"Espere sentado"', None),
        "texts.hall_idle.en": ('"Please sit"', None),
        "hall.queues": ("rentas", None),
        "hall.calls": ("4", "3"),
        "hall.voice": ("false", None),
        "hall.languages": ("es", None),
    }


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("slip_footer", "slip_foot", "municipality.texts.slip_foot"),
        ('es: "Gracias, <b>vecino</b>", ', "", "municipality.texts.slip_footer"),
        ("Thank you", f'"{"x" * 301}"', "municipality.texts.slip_footer.en"),
        ("queues: [rentas]", "queues: [rentaz]", "offices[0].hall.queues[0]"),
        ("calls: 4", "calls: 11", "offices[0].hall.calls"),
        ("languages: [es]}", "languages: [en]}", "offices[0].hall.languages"),
        ('guide: "https:', 'guide: "javascript:', "services[0].links.guide"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_line(old: str, new: str, field: str) -> None:
    line = next(n for n, text in enumerate(TOWN.splitlines(), 1) if old in text)
    assert wrong(old, new) == [(line, field)]


def test_an_office_says_its_own_text_and_the_municipality_s_where_it_has_none() -> None:
    city = {"slip_footer": {"es": "Gracias"}, "hall_idle": {"es": "Mire aquí"}}

    found = texts.merged(city, {"hall_idle": {"es": "Espere sentado"}})

    assert found.hall_idle == {"es": "Espere sentado"}
    assert found.slip_footer == {"es": "Gracias"}
    assert found.kiosk_welcome == {}


def errors_of(call: Any, *given: Any) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as caught:
        call(*given)
    errors: dict[str, list[str]] = caught.value.extra["errors"]
    return errors


def test_a_form_is_checked_as_the_file_is() -> None:
    tongues = appearance._Tongues(town())

    def check(names: dict[str, str], now: dict[str, str] | None = None) -> Any:
        return appearance._checked_texts({"hall_idle": names}, {"hall_idle": now or {}}, tongues)

    assert check({"es": " Espere \n sentado ", "en": "", "zz": "?"}) == {
        "hall_idle": {"es": "Espere sentado"}
    }
    # A language that the form does not show keeps its text.
    assert check({"es": "Nuevo"}, {"es": "Viejo", "pt": "Velho"}) == {
        "hall_idle": {"es": "Nuevo", "pt": "Velho"}
    }
    assert check({"es": "", "en": ""}, {"es": "Viejo", "en": "Old"}) == {}
    assert list(errors_of(check, {"es": "", "en": "Sit"})) == ["hall_idle.es"]
    assert list(errors_of(check, {"es": "x" * 81})) == ["hall_idle.es"]
    assert list(errors_of(check, {"es": "a\x07b"})) == ["hall_idle.es"]
