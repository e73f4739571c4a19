"""Refusals over HTTP are said in the reader's language, the libraries' texts too."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from tests.queue.town import Town
from time_machine import Traveller

from turnero_core.i18n import LANGUAGES
from turnero_queue.models import Municipality


@pytest.fixture
def town(sqlite_url: str, tmp_path: Path, clock: Traveller) -> Iterator[Town]:
    opened = Town(sqlite_url, tmp_path)
    opened.prepare()
    yield opened
    opened.database.dispose()


SPANISH = {"Accept-Language": "es"}


def refused(town: Town, body: dict[str, Any], language: str = "es") -> dict[str, Any]:
    answer = town.post("/offices/centro/tickets", body, headers={"Accept-Language": language})
    assert answer.status_code == 422
    found: dict[str, Any] = answer.get_json()
    return found


@pytest.mark.parametrize(
    ("body", "field", "said"),
    [
        ({}, "service", "Falta este dato."),
        ({"service": None}, "service", "No puede quedar vacío."),
        ({"service": 7}, "service", "Debe ser texto."),
        ({"service": ""}, "service", "Use de 1 a 40 caracteres."),
        ({"service": "r" * 41}, "service", "Use de 1 a 40 caracteres."),
        ({"service": "rentas", "colour": "red"}, "colour", "Campo desconocido."),
        ({"service": "rentas", "language": "fr"}, "language", "Use uno de estos: es, en, pt."),
        (
            {"service": "rentas", "notes": "n" * 1001},
            "notes",
            "Escriba como máximo 1000 caracteres.",
        ),
        ({"service": "rentas", "also": "padrones"}, "also", "Debe ser una lista."),
        ({"service": "rentas", "also": ["r"] * 21}, "also", "Indique como máximo 20 elementos."),
        ({"service": "a\x07b"}, "service", "Quite los caracteres de control."),
    ],
)
def test_what_is_wrong_with_a_field_is_said_in_spanish(
    town: Town, body: dict[str, Any], field: str, said: str
) -> None:
    problem = refused(town, body)
    assert problem["title"] == "Datos no válidos"
    assert problem["errors"] == {field: [said]}


def test_the_same_refusal_is_said_in_whatever_language_was_asked_for(town: Town) -> None:
    said = {
        language: refused(town, {"service": ""}, language)["errors"]["service"]
        for language in LANGUAGES
    }
    assert said == {
        "es": ["Use de 1 a 40 caracteres."],
        "en": ["Use 1 to 40 characters."],
        "pt": ["Use de 1 a 40 caracteres."],
    }


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "title"),
    [
        ("GET", "/nowhere", {}, 404, "No se encontró"),
        ("DELETE", "/offices", {}, 405, "Método no permitido"),
        ("POST", "/offices/centro/tickets", {"data": "no es JSON"}, 415, "Formato no admitido"),
        (
            "POST",
            "/offices/centro/tickets",
            {"data": "{", "content_type": "application/json"},
            400,
            "Solicitud incorrecta",
        ),
    ],
)
def test_a_status_of_http_is_named_in_spanish(
    town: Town, method: str, path: str, options: dict[str, Any], status: int, title: str
) -> None:
    answer = town.ask(method, path, headers=SPANISH, **options)
    assert answer.status_code == status
    assert answer.get_json()["title"] == title


def test_an_illegal_move_is_refused_in_spanish_without_a_code_of_ours(town: Town) -> None:
    ticket = town.take()
    answer = town.post(f"/tickets/{ticket['id']}/no-show", {}, headers=SPANISH)
    assert answer.status_code == 409
    problem = answer.get_json()
    assert problem["detail"] == (
        "“No se presentó” no es posible: el turno figura como “en espera”. Vuelva a revisarlo."
    )
    assert (problem["verb"], problem["state"]) == ("no-show", "waiting")


def test_who_asks_for_no_language_is_answered_in_the_municipalitys(town: Town) -> None:
    with town.database.write() as session:
        session.execute(update(Municipality).values(locale="pt_BR"))
    town.database.cache.clear()
    assert town.get("/offices").status_code == 200
    answer = town.get("/nowhere", headers={"Accept-Language": ""})
    assert answer.get_json()["title"] == "Não encontrado"
