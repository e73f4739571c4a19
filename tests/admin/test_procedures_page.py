"""Argentina's tramites.json in the panel and on the command line."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from tests.admin.cityhall import PASSWORD, Browser, CityHall

from turnero_core import clock as present
from turnero_core.i18n import speaking
from turnero_queue import procedures, staff
from turnero_queue.configuration import appearance
from turnero_queue.configuration.values import Service
from turnero_queue.models import AuditEntry
from turnero_server.cli.procedures import command

PAGE = "/admin/configuration/procedures"
FILE = {
    "services": [
        {"title": "Partidas <b>ya</b>", "description": "Pídalas", "online": "https://muni.example"},
        {"title": "estado de CUENTA", "guide": "https://muni.example/estado", "theme": "nada"},
        {"title": "x" * 81},
    ]
}


@pytest.fixture
def administrator(hall: CityHall) -> Browser:
    with hall.database.write() as session:
        staff.create(
            session,
            "eva",
            PASSWORD,
            present.now(),
            name="Eva Ríos",
            role="administrator",
            must_change_password=False,
        )
    return hall.clerk("eva")


def services(hall: CityHall) -> dict[str, Service]:
    with hall.database.read() as session:
        return {each.code: each for each in appearance.in_force(session).services}


def actions(hall: CityHall) -> list[str]:
    with hall.database.read() as session:
        query = select(AuditEntry.action).order_by(AuditEntry.seq)
        return [action for action in session.scalars(query) if "procedures" in action]


def bring(browser: Browser, content: Any) -> Any:
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return browser.upload(PAGE, {}, "file", (text, "tramites.json"))


def form_of(page: str) -> dict[str, str]:
    text = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert text is not None
    assert seen is not None
    return {"text": unescape(text[1]), "seen": seen[1]}


def test_a_file_is_shown_first_and_then_put_in_force_as_it_was_shown(
    hall: CityHall, administrator: Browser
) -> None:
    before = services(hall)

    page = bring(administrator, FILE).get_data(as_text=True)

    assert "3 procedures in the file, 1 of them new here" in page
    assert "there is no category nada" in page
    assert "must have at most 80 characters" in page
    assert "Partidas &lt;b&gt;ya&lt;/b&gt;" in page
    assert services(hall) == before

    form = form_of(page)
    assert administrator.post(f"{PAGE}/apply", form).status_code == 303
    after = services(hall)
    assert set(after) - set(before) == {"partidas-b-ya-b"}
    assert set(before) - set(after) == set()
    assert after["estado-cuenta"].links == {"guide": "https://muni.example/estado"}
    assert actions(hall) == ["import.procedures"]

    again = administrator.post(f"{PAGE}/apply", form)
    assert again.status_code == 409
    assert "The configuration was changed meanwhile" in again.get_data(as_text=True)


def test_a_file_of_something_else_is_refused_in_words(administrator: Browser) -> None:
    for content, said in ((b"\xff", "UTF-8"), (b"{", "line 1"), ({"a": 1}, "standard")):
        answer = bring(administrator, content)
        assert answer.status_code == 422
        assert said in answer.get_data(as_text=True)


def test_what_is_downloaded_is_the_standard_s_and_is_noted(
    hall: CityHall, administrator: Browser
) -> None:
    answer = administrator.get(f"{PAGE}/tramites.json?province=6")

    assert answer.get_json()["metadata"]["provincia_nombre"] == "Buenos Aires"
    assert len(procedures.read(answer.data)) == len(services(hall))
    assert actions(hall) == ["export.procedures"]
    page = bring(administrator, answer.data).get_data(as_text=True)
    assert "of them new here" in page


@pytest.fixture
def shell(hall: CityHall, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    monkeypatch.setenv("TURNERO_INSTANCE", str(hall.file.parent))
    monkeypatch.setenv("TURNERO_DATABASE_URL", f"sqlite:///{hall.file}")
    with speaking("en"):
        yield CliRunner()


def test_the_command_shows_applies_and_writes_the_same(
    hall: CityHall, shell: CliRunner, tmp_path: Path
) -> None:
    file = tmp_path / "tramites.json"
    file.write_text(json.dumps(FILE), "utf-8")
    before = services(hall)

    would = shell.invoke(command, ["import", str(file), "--dry-run"])
    assert would.exit_code == 0, would.output
    assert services(hall) == before
    done = shell.invoke(command, ["import", str(file)])
    assert done.stdout.endswith(would.stdout)
    assert "+ service partidas-b-ya-b" in done.stdout
    assert "! services[2]" in done.stderr
    assert "partidas-b-ya-b" in services(hall)
    assert shell.invoke(command, ["import", str(file)]).stdout == ""

    written = shell.invoke(command, ["export", "--province", "6"])
    assert written.exit_code == 0, written.output
    assert json.loads(written.stdout)["metadata"]["provincia_id"] == 6
    assert len(procedures.read(written.stdout)) == len(services(hall))
    file.write_text("{", "utf-8")
    refused = shell.invoke(command, ["import", str(file)])
    assert refused.exit_code == 1
    assert "Nothing has been changed." in refused.output
