"""Argentina's tramites.json: read, compared with what is configured, written."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.admin.cityhall import MUNICIPALITY

from turnero_core.errors import Invalid
from turnero_queue import procedures
from turnero_queue.configuration import Configuration, parse
from turnero_queue.configuration.changes import compare
from turnero_queue.configuration.values import Category, Service

# As the standard's own examples are written: with a comment and a number that JSON forbids.
OFFICIAL = """\
{
  "metadata": {"provincia_id": 06, "spatial": ["ARG", 06], "version": 1.05, "count": 1},
  // Listado
  "services": [
    {
      "publisher": {"name": "Registro civil", "mbox": "registro@muni.example"},
      "title": "Partidas de  nacimiento",
      "description": "Pedilas // en línea, cuesta 007 pesos.",
      "guide": "https://muni.example/partidas",
      "appointment": "javascript:alert(1)",
      "online": "https://muni.example/partidas/pedir",
      "theme": "doc"
    }
  ]
}
"""


@pytest.fixture(scope="module")
def city() -> Configuration:
    found = parse(MUNICIPALITY.read_bytes(), "demo")
    theme = Category("documentos", {"es": "Documentos"})
    return replace(found, categories=(*found.categories, theme))


def file_of(*services: dict[str, Any]) -> list[procedures.Procedure]:
    return procedures.read(json.dumps({"services": list(services)}))


def service_of(configuration: Configuration, code: str) -> Service:
    return next(service for service in configuration.services if service.code == code)


def test_the_standard_s_own_example_is_understood(city: Configuration) -> None:
    [found] = procedures.read(OFFICIAL)
    assert found.title == "Partidas de nacimiento"
    assert found.description == "Pedilas // en línea, cuesta 007 pesos."
    assert found.links == {
        "guide": "https://muni.example/partidas",
        "online": "https://muni.example/partidas/pedir",
    }

    plan = procedures.plan(city, [found])

    assert plan.new == ["partidas-de-nacimiento"]
    made = service_of(plan.wanted, plan.new[0])
    assert made.name == {"es": "Partidas de nacimiento"}
    assert (made.category, made.channel) == ("documentos", "partly_online")
    assert made.prefix not in {service.prefix for service in city.services}
    assert [change.kind for change in compare(city, plan.wanted, ())] == ["+"]


def test_a_procedure_known_by_its_code_is_brought_up_to_date_and_nothing_else(
    city: Configuration,
) -> None:
    known = next(service for service in city.services if service.external_code)
    other = {"identifier": known.external_code, "title": "Otro nombre", "theme": "nada"}

    plan = procedures.plan(city, file_of(other))

    after = service_of(plan.wanted, known.code)
    assert after == replace(known, name={**known.name, "es": "Otro nombre"})
    assert len(plan.wanted.services) == len(city.services)
    assert [change.field for change in compare(city, plan.wanted, ())] == ["name.es"]
    assert ["nada" in left.why for left in plan.left] == [True]


def test_names_are_compared_without_accents_and_capitals(city: Configuration) -> None:
    known = city.services[0]
    plan = procedures.plan(
        city, file_of({"title": known.name["es"].upper(), "description": "¡Sí!"})
    )

    assert plan.new == []
    assert service_of(plan.wanted, known.code).description["es"] == "¡Sí!"


def test_what_cannot_be_taken_is_left_out_and_the_rest_is_taken(city: Configuration) -> None:
    plan = procedures.plan(
        city,
        file_of(
            {"title": ""},
            {"title": "x" * 81},
            {"title": "Árbol", "identifier": "T-1"},
            {"title": "Árbol", "identifier": "T-1"},
            {"title": "Planta", "identifier": "T-1"},
            {"title": "<script>alert(1)</script>"},
        ),
    )

    assert [left.path for left in plan.left] == ["services[0]", "services[1]", "services[4]"]
    assert len(plan.new) == 2
    assert service_of(plan.wanted, "t-1").external_code == "T-1"


def test_what_is_exported_comes_back_without_any_change(city: Configuration) -> None:
    whole = procedures.export(
        city, base_url="https://turnos.example", day=date(2026, 3, 2), province=6
    )

    assert whole["metadata"]["provincia_nombre"] == "Buenos Aires"
    assert whole["metadata"]["spatial"] == ["ARG", 6]
    assert whole["metadata"]["count"] == len(whole["services"]) == len(city.services)
    assert {one["id"] for one in whole["metadata"]["themeTaxonomy"]} == set(procedures.THEMES)
    assert all(one.get("theme", "salud") in procedures.THEMES for one in whole["services"])
    bare = procedures.export(city, base_url="", day=date(2026, 3, 2))
    plan = procedures.plan(city, procedures.read(procedures.render(bare)))
    assert plan.new == []
    coded = {each.code for each in city.services if not each.external_code}
    assert {c.code for c in compare(city, plan.wanted, ())} & coded == set()
    assert compare(city, plan.wanted, ()) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b'{"services": [\n{"title": }]}', "2"),
        (b'{"tramites": []}', "services"),
        (b"[" * 5000, ""),
        (b" " * (procedures.MAX_BYTES + 1), "1000000"),
    ],
)
def test_what_is_no_such_file_is_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(Invalid) as caught:
        procedures.read(content)
    [(path, texts)] = caught.value.extra["errors"].items()
    assert said in f"{path} {texts}"
