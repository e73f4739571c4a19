"""Systems of debts, set up in the panel and tried there: what each form saves, refuses and says."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from tests.admin import machines
from tests.admin.cityhall import Browser, CityHall
from tests.admin.money_forms import (
    ARCHIVE,
    CATASTRO,
    CERTIFICATES,
    CONFIGURATION,
    MERCADOPAGO,
    METHODS,
    PAYMENTS,
    RENTAS_HTTP,
    SYSTEMS,
    TOKEN,
    folder_of_secrets,
    stored,
    undo_last,
)
from tests.admin.settings_forms import hidden, save, text

from turnero_queue.configuration import tree as trees
from turnero_queue.models import AuditEntry


@pytest.fixture
def secrets(hall: CityHall) -> Iterator[Path]:
    with folder_of_secrets(hall) as folder:
        yield folder


def ask(browser: Browser, system: str, value: str, **more: str) -> Any:
    return browser.post(f"{SYSTEMS}/try/{system}", {"value": value, **more})


def audited(hall: CityHall) -> list[tuple[str, Any]]:
    with hall.database.read() as session:
        query = select(AuditEntry).where(AuditEntry.action == "connector.tried")
        found = session.scalars(query.order_by(AuditEntry.seq)).all()
        return [(entry.subject, json.loads(str(entry.after))) for entry in found]


def test_every_kind_of_system_asks_for_its_own_and_nothing_else(
    hall: CityHall, elena: Browser, secrets: Path
) -> None:
    chosen = text(elena.get(f"{SYSTEMS}/new"))
    for kind, typed in (("http", RENTAS_HTTP), ("sql", CATASTRO), ("csv", ARCHIVE)):
        assert f"type={kind}" in chosen
        assert save(elena, f"{SYSTEMS}/new?type={kind}", **typed).status_code == 303
    names = {"key": "id", "description": "what", "amount": "sum"}
    assert stored(hall, "connectors", "taxes-online") == {
        "code": "taxes-online",
        "type": "http",
        "name": {"es": "Taxes online"},
        "fields": names,
        "url": "https://rentas.example/debts?of={value}",
        "headers": {"Authorization": {"file": "rentas_key"}},
        "path": "data.debts",
    }
    assert stored(hall, "connectors", "land-registry", "cache_s") == 0
    assert stored(hall, "connectors", "archive", "delimiter") == "\t"
    page = text(elena.get(f"{SYSTEMS}/edit/archive"))
    assert 'name="url"' not in page
    assert "The file files/debts.csv is not there." in page
    (secrets / "rentas_key").write_text(TOKEN)
    (secrets / "rentas_key").chmod(0o600)
    page = text(elena.get(f"{SYSTEMS}/edit/taxes-online"))
    assert "secrets/rentas_key is there and can be read." in page
    assert TOKEN not in page


@pytest.mark.parametrize(
    ("kind", "typed", "field", "said"),
    [
        ("http", {"url": "https://x.example/"}, "url", "Write {value} where the number has to go."),
        ("http", {"url": "ftp://x/{value}"}, "url", "Write an address that begins with https://"),
        ("http", {"fields.key": ""}, "fields.key", "This is needed."),
        ("http", {"timeout_s": "60"}, "timeout_s", "Write a whole number from 1 to 20."),
        ("sql", {"query": "DELETE FROM debt"}, "query", "begins with SELECT."),
        ("sql", {"query": "SELECT :dni"}, "query", ":dni is not known here."),
        ("sql", {"url": "mysql://me:hush@db/x"}, "url", "without the password."),
        ("csv", {"file": "/etc/passwd"}, "file", "inside the server's folder"),
        ("csv", {"keys.document": ""}, "keys.document", "This is needed."),
    ],
)
def test_what_a_system_cannot_have_is_refused_beside_its_field(
    hall: CityHall, elena: Browser, kind: str, typed: dict[str, str], field: str, said: str
) -> None:
    good = {"http": RENTAS_HTTP, "sql": CATASTRO, "csv": ARCHIVE}[kind]
    answer = save(elena, f"{SYSTEMS}/new?type={kind}", **(good | typed))
    page = text(answer)
    assert answer.status_code == 422
    beside = re.search(rf'id="field-{re.escape(field)}-error">.*?</span></span>', page, re.S)
    assert beside, re.findall(r"field__error.*?</span></span>", page, re.S)
    assert said in beside[0]
    assert trees.codes(stored(hall, "connectors")) == ["rentas"]


def test_a_secret_typed_into_a_header_is_refused_and_two_of_a_name_too(
    hall: CityHall, elena: Browser
) -> None:
    lines = {"headers.name": ["Authorization"], "headers.text": ["hush"], "headers.file": [""]}
    answer = save(elena, f"{SYSTEMS}/new?type=http", **(RENTAS_HTTP | lines))
    assert answer.status_code == 422
    assert "This is a secret: it belongs into a file." in text(answer)
    lines = {"headers.name": ["A", "A"], "headers.text": ["1", "2"], "headers.file": ["", ""]}
    answer = save(elena, f"{SYSTEMS}/new?type=http", **(RENTAS_HTTP | lines))
    assert answer.status_code == 422
    assert "There are two lines with this name." in text(answer)


def test_a_system_asked_in_another_way_keeps_what_both_have(hall: CityHall, elena: Browser) -> None:
    path = f"{SYSTEMS}/edit/rentas"
    page = elena.get(f"{path}?type=csv")
    assert 'value="Municipal taxes"' in text(page)
    typed = {**ARCHIVE, "keys.account": "cuenta"}
    typed.pop("name__es")
    assert save(elena, path, page, **typed).status_code == 303
    now = stored(hall, "connectors", "rentas")
    assert (now["type"], now["asks_for"]) == ("csv", ["document", "account"])
    assert now["name"]["en"] == "Municipal taxes"


def test_a_system_that_certificates_need_says_so_and_takes_them_with_it(
    hall: CityHall, elena: Browser
) -> None:
    answer = save(elena, f"{SYSTEMS}/edit/rentas", asks_for=["account"])
    assert answer.status_code == 422
    assert "Certificate “Certificate of no debt”: The system chosen is not asked by this." in text(
        answer
    )
    path = f"{SYSTEMS}/retire/rentas"
    page = elena.get(path)
    assert "The certificate “Certificate of no debt”, which goes with it" in text(page)
    assert elena.post(path, {"opened": hidden(page, "opened")}).status_code == 303
    assert (stored(hall, "connectors"), stored(hall, "certificates")) == ([], [])
    undo_last(elena)
    assert trees.codes(stored(hall, "certificates")) == ["no_debt"]


def test_a_system_is_tried_and_what_came_back_is_shown(hall: CityHall, elena: Browser) -> None:
    page = text(ask(elena, "rentas", "12.345.678", kind="document"))
    assert "It works" in page
    assert "2 debts came back" in page
    assert page.count("<tr>") == 3
    answer = ask(elena, "rentas", "1")
    assert answer.status_code == 422
    assert "Use 3 to 40 letters and digits." in text(answer)
    assert audited(hall) == [("connector:rentas", {"answered": True, "by": "document", "debts": 2})]


def test_a_system_that_fails_says_why_and_shows_no_secret(
    hall: CityHall, elena: Browser, secrets: Path
) -> None:
    (secrets / "rentas_key").write_text(TOKEN)
    nowhere = {"url": "http://127.0.0.1:9/debts?of={value}", "timeout_s": "1"}
    save(elena, f"{SYSTEMS}/new?type=http", **(RENTAS_HTTP | nowhere))
    save(elena, f"{SYSTEMS}/new?type=csv", **ARCHIVE)
    page = text(ask(elena, "taxes-online", "12345678"))
    assert "It did not work" in page
    assert "Nobody answers at its address." in page
    assert TOKEN not in page
    assert "The file is not there." in text(ask(elena, "archive", "12345678"))
    assert [found["answered"] for _, found in audited(hall)] == [False, False]


def test_who_tries_again_and_again_has_to_wait(hall: CityHall, elena: Browser) -> None:
    answers = [ask(elena, "rentas", "87654321").status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
    assert len(audited(hall)) == 10


def test_who_supervises_every_office_leaves_providers_and_systems_to_administrators(
    hall: CityHall,
) -> None:
    machines.hire(hall, "sara", "supervisor")
    sara = hall.clerk("sara")
    page = text(sara.get(PAYMENTS))
    assert f'href="{METHODS}"' in page
    assert f'href="{CERTIFICATES}"' in page
    for path in (MERCADOPAGO, SYSTEMS, f"{SYSTEMS}/edit/rentas", f"{SYSTEMS}/try/rentas"):
        assert f'href="{path}"' not in page
        assert sara.get(path).status_code == 403, path
        assert sara.post(path, {"opened": "x"}).status_code in (403, 405), path
    assert save(sara, METHODS, expires_minutes__qr="7").status_code == 303
    machines.hire(hall)
    made = save(hall.clerk("elena"), f"{SYSTEMS}/edit/rentas", timeout_s="9")
    assert made.status_code == 303
    latest = max(re.findall(r"/history/(\d+)", text(sara.get(f"{CONFIGURATION}/history"))), key=int)
    assert sara.post(f"{CONFIGURATION}/history/{latest}").status_code == 403
    assert stored(hall, "connectors", "rentas", "timeout_s") == 9
