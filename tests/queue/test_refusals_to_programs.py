"""A program that sends what cannot be used is told which field, in its language, and how."""

from datetime import date
from typing import Any

import pytest
from tests.queue.town import Town

from turnero_core.errors import Invalid
from turnero_core.i18n import speaking
from turnero_queue.notices import contacts

SPANISH = {"Accept-Language": "es"}
BOOKING = {"office": "centro", "services": ["rentas"], "start": "2026-03-05T15:00:00Z"}
WISH = {"office": "centro", "services": ["rentas"], "from": "2026-03-05", "contact": {}}


def errors(town: Town, path: str, body: Any) -> dict[str, list[str]]:
    answer = town.post(path, body, headers=SPANISH)
    assert (answer.status_code, answer.json["type"]) == (422, "/problems/invalid"), answer.text
    found: dict[str, list[str]] = answer.json["errors"]
    return found


@pytest.mark.parametrize(
    ("path", "body", "field", "said"),
    [
        ("/appointments", BOOKING | {"services": []}, "services", "Indique al menos un elemento."),
        (
            "/appointments",
            BOOKING | {"start": "2026-03-05T15:00:00"},
            "start",
            "Agregue la zona horaria, como en 2026-12-24T15:00:00Z.",
        ),
        ("/appointments", BOOKING | {"contact": {"dni": "1"}}, "contact.dni", "Campo desconocido."),
        ("/appointments", BOOKING | {"contact": "Rosa"}, "contact", "Debe ser un objeto JSON."),
        (
            "/waiting-list",
            WISH | {"to": "2026-03-04"},
            "to",
            "Este día es anterior al primero, `from`.",
        ),
        (
            "/offices/centro/tickets",
            {"service": "rentas", "priority": "vip"},
            "priority",
            "Use uno de estos: standard, preferential.",
        ),
        ("/offices/centro/tickets", {"service": "rentas", "also": [7]}, "also", "Debe ser texto."),
        (
            "/payments",
            {"office": "centro", "method": "cash", "items": ["rentas"]},
            "items.0",
            "Debe ser un objeto JSON.",
        ),
        (
            "/payments",
            {"office": "centro", "method": "cash", "items": [{"amount": "1.00"}]},
            "items.0.amount",
            "Debe ser un objeto JSON.",
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_field_is_named_by_its_path_and_the_remedy_is_in_spanish(
    small_town: Town, path: str, body: Any, field: str, said: str
) -> None:
    assert errors(small_town, path, body) == {field: [said]}


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("slots?from=2026-03-05", "service", "Falta este dato."),
        (
            "slots?service=rentas&from=2026-03-05&to=2026-03-04",
            "to",
            "Este día es anterior al primero, `from`.",
        ),
    ],
)
def test_what_is_wrong_in_an_address_is_named_as_it_is_written_there(
    small_town: Town, query: str, field: str, said: str
) -> None:
    answer = small_town.get(f"/offices/centro/{query}", headers=SPANISH)
    assert (answer.status_code, answer.json["errors"]) == (422, {field: [said]})


@pytest.mark.parametrize(
    ("more", "field", "said"),
    [
        ("&weekday=9", "weekday", "Use un número entero de 0 a 6."),
        ("&desk=1", "desk", "Escríbalo como OFICINA/VENTANILLA, por ejemplo centro/1."),
        ("&to=2026-02-01", "to", "Este día es anterior al primero, `from`."),
        (
            "&to=2036-03-01",
            "to",
            "El período debe terminar después de comenzar y durar tres años como máximo.",
        ),
    ],
)
def test_a_filter_of_statistics_that_selects_nothing_is_refused(
    small_town: Town, more: str, field: str, said: str
) -> None:
    to = "" if "to=" in more else "&to=2026-03-31"
    answer = small_town.get(f"/statistics?from=2026-03-01{to}{more}", headers=SPANISH)
    assert (answer.status_code, answer.json["errors"]) == (422, {field: [said]})


def test_an_address_that_is_none_is_refused_in_the_readers_language() -> None:
    with speaking("es"), pytest.raises(Invalid) as caught:
        contacts.contact(email="rosa", phone="abc", language="es", region="PE")
    assert caught.value.extra["errors"] == {
        "email": ["Esto no es un correo electrónico. Escríbalo como ana@example.com."],
        "phone": ["Esto no es un número de teléfono. Escríbalo con su código de área."],
    }


@pytest.mark.parametrize(
    ("path", "token", "said"),
    [
        ("/offices/centro/queue", None, "Envíe “Authorization: Bearer” con un token de la API."),
        (
            "/offices/centro/queue",
            "turnero_x",
            "El token no se conoce o fue revocado. Con “turnero token create” se crea otro.",
        ),
        (
            "/live/desks/centro/1",
            None,
            "Ingrese con su cuenta, o envíe “Authorization: Bearer” con un token de la API.",
        ),
    ],
)
def test_a_program_without_a_token_is_told_of_tokens_and_not_of_accounts(
    small_town: Town, path: str, token: str | None, said: str
) -> None:
    answer = small_town.get(path, token=token, headers=SPANISH)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json["title"] == "Hace falta un token válido"
    assert answer.json["detail"] == said


def test_a_body_that_is_too_large_is_told_how_large_it_may_be(small_town: Town) -> None:
    answer = small_town.post("/offices/centro/tickets", {"service": "r" * 300_000}, headers=SPANISH)
    assert answer.status_code == 413
    assert answer.json["detail"] == ("La solicitud es demasiado grande. Envíe como máximo 256 KiB.")


def test_days_of_the_configuration_are_written_in_json_as_they_are_read(small_town: Town) -> None:
    admin = small_town.create_token("admin", name="city")
    read = small_town.get("/configuration", token=admin)
    wanted = read.json
    wanted["offices"][0]["closures"] = [{"from": "2026-12-24", "to": "2026-12-26"}]
    asked = {"token": admin, "headers": {"If-Match": read.headers["ETag"]}}
    done = small_town.ask("PUT", "/configuration", json=wanted, **asked)
    assert done.status_code == 200, done.text

    again = small_town.get("/configuration", token=admin)
    closures = again.json["offices"][0]["closures"]
    assert [date.fromisoformat(one["from"]) for one in closures] == [date(2026, 12, 24)]
    asked = {"token": admin, "headers": {"If-Match": again.headers["ETag"]}}
    same = small_town.ask("PUT", "/configuration", json=again.json, **asked)
    assert (same.status_code, same.json["changes"]) == (200, [])


def test_a_program_that_wrote_json_is_told_no_line_of_a_file(small_town: Town) -> None:
    admin = small_town.create_token("admin", name="city")
    asked = {"token": admin, "headers": SPANISH}
    answer = small_town.ask("PUT", "/configuration?dry_run=1", json=[], **asked)
    assert answer.json["detail"] == "Esta configuración no se puede usar; no se cambió nada."
    assert answer.json["errors"] == {"_schema": ["debe ser un grupo de claves y valores"]}
    yaml = {"data": "[]", "content_type": "application/yaml"}
    answer = small_town.ask("PUT", "/configuration?dry_run=1", **yaml, **asked)
    assert answer.json["errors"] == {"_schema": ["línea 1: debe ser un grupo de claves y valores"]}


def test_measures_are_for_this_machine_and_not_for_whoever_comes_through_a_proxy(
    small_town: Town,
) -> None:
    here = small_town.get("/metrics", token=None)
    assert (here.status_code, "turnero_live_streams 0.0" in here.text) == (200, True)
    through = {"X-Forwarded-For": "203.0.113.7"}
    assert small_town.get("/metrics", token=None, headers=through).status_code == 401
    elsewhere = {"REMOTE_ADDR": "203.0.113.7"}
    assert small_town.get("/metrics", token=None, environ_base=elsewhere).status_code == 401
    clerk = small_town.create_token("desks", name="clerk")
    assert small_town.get("/metrics", token=clerk, headers=through).status_code == 403
    admin = small_town.create_token("admin", name="city")
    assert small_town.get("/metrics", token=admin, headers=through).status_code == 200


def test_only_streams_of_people_and_programs_are_counted_as_open(small_town: Town) -> None:
    def counted() -> str:
        text = small_town.get("/metrics", token=None).text
        return next(line for line in text.splitlines() if line.startswith("turnero_live_streams"))

    small_town.hub.subscribe("a part of the server itself")
    assert counted() == "turnero_live_streams 0.0"
    stream = small_town.get("/live/offices/centro", token=None)
    next(iter(stream.response))
    assert counted() == "turnero_live_streams 1.0"
    stream.close()
    assert counted() == "turnero_live_streams 0.0"
