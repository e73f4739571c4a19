"""A changed setting reaches the screens that are open, whoever changed it, and disturbs nobody."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.server.installation import Installation
from tests.server.test_serving import running

from turnero_core.db import Database
from turnero_queue import configuration
from turnero_server.demo.cast import PASSWORD, cast, token

OPEN = {"mon-sun": ["00:00-23:59"]}
# Far more than it takes, so that a busy machine is not called wrong; regions ask every 30 s anyway.
LONGEST_S = 15.0
SERVICES = ("rentas", "catastro", "licencias")


def municipality(**changed: Any) -> dict[str, Any]:
    """One office with one desk, always open; `changed` names what is another one's."""
    offered = [code for code in SERVICES if code != changed.get("without")]
    names = {code: code.capitalize() for code in offered} | changed.get("services", {})
    services = [
        {"code": code, "prefix": code[0].upper(), "name": {"es": names[code]}, "icon": "landmark"}
        for code in offered
    ]
    desk = {"code": "1", "name": {"es": changed.get("desk", "Ventanilla 1")}, "services": offered}
    office = {"code": "centro", "name": {"es": changed.get("office", "Palacio")}, "hours": OPEN}
    return {
        "municipality": {
            "name": "Jacarandá",
            "timezone": "America/Lima",
            "locale": "es",
            "languages": ["es", "en"],
            "currency": "PEN",
            "colour": changed.get("colour", "#5b3a8c"),
        },
        "services": services,
        "priorities": [{"code": "standard", "name": {"es": "General"}, "head_start_minutes": 0}],
        "offices": [{**office, "desks": [desk]}],
    }


@dataclass(frozen=True)
class Served:
    installation: Installation
    url: str
    key: str

    def load(self, **changed: Any) -> None:
        """`turnero load` beside the server, as an administrator at a terminal does."""
        file = self.installation.instance / "municipality.yaml"
        file.write_text(json.dumps(municipality(**changed)))
        self.installation.run("load", file)

    def post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = httpx.post(
            f"{self.url}/api/v1{path}",
            json=body or {},
            headers={"Authorization": f"Bearer {self.key}"},
            timeout=60,
        )
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
def served(embedded: Installation) -> Iterator[Served]:
    database = Database(embedded.database_url)
    with database.write() as session:
        wanted = configuration.parse(json.dumps(municipality()).encode(), "municipality.yaml")
        configuration.apply(session, wanted, actor="test")
    cast(database, embedded.instance)
    database.dispose()
    with running(embedded, "serve") as (url, _):
        yield Served(embedded, url, token(embedded.instance))


@pytest.fixture(autouse=True)
def screens_end(browser: Browser) -> Iterator[None]:
    """The screens that a test opened are gone with it."""
    yield
    for context in browser.contexts:
        context.close()


def screen(browser: Browser, served: Served, path: str, width: int, height: int) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="es-PE", base_url=served.url
    )
    page = context.new_page()
    page.goto(path)
    return page


def online(page: Page) -> Page:
    expect(page.locator("html")).to_have_attribute("data-connection", "online")
    return page


def test_a_file_loaded_beside_the_server_changes_every_open_screen(
    browser: Browser, served: Served
) -> None:
    rosa = served.post("/offices/centro/tickets", {"service": "rentas"})
    hall = online(screen(browser, served, "/hall/centro", 1920, 1080))
    resting = online(screen(browser, served, "/kiosk/centro", 1080, 1920))
    used = online(screen(browser, served, "/kiosk/centro", 1080, 1920))
    used.locator(".start__way--first").click()
    used.get_by_role("link", name="Licencias").click()
    console = screen(browser, served, "/login?next=/console/centro/1", 1366, 768)
    console.locator("input[name=login]").fill("ventanilla.centro")
    console.locator("input[name=password]").fill(PASSWORD)
    console.keyboard.press("Enter")
    expect(online(console).locator("body")).to_have_attribute("data-console", "ready")
    console.keyboard.press("n")
    expect(hall.locator("#hall-number")).to_have_text(rosa["code"])
    console.keyboard.press("s")
    console.locator("input[name=given][value=catastro]").check()
    console.locator("#notes").fill("Trae el recibo")
    console.keyboard.press("Escape")
    console.keyboard.press("t")
    console.locator("#transfer-reason").fill("Era otro trámite")
    phone = online(screen(browser, served, rosa["status_url"], 390, 844))
    online(console)

    served.load(
        office="Casa de la Ciudad",
        desk="Mesa azul",
        services={"rentas": "Rentas y tasas"},
        colour="#0f5c4d",
        without="licencias",
    )
    loaded = time.monotonic()
    expect(hall.locator("#hall-place")).to_contain_text("Casa de la Ciudad")
    expect(resting.locator(".masthead__place")).to_have_text("Casa de la Ciudad")
    expect(console.locator("#console")).to_contain_text("Rentas y tasas")
    expect(console.locator(".masthead__place")).to_have_text("Casa de la Ciudad · Mesa azul")
    expect(phone.locator("#turn-facts")).to_contain_text("Rentas y tasas")
    shown_after = time.monotonic() - loaded
    print(f"every screen showed it after {shown_after:.2f} s")
    assert shown_after < LONGEST_S, "it came with the screens' own rounds, not by being told"

    # The call on the hall's plate stays; the person at the desk and what was typed, too.
    expect(hall.locator("#hall-number")).to_have_text(rosa["code"])
    expect(hall.locator("body")).to_have_attribute("data-calls-shown", "1")
    plate = "getComputedStyle(document.documentElement).getPropertyValue('--brand').trim()"
    for page in (hall, resting, console):
        page.wait_for_function(f"{plate} === '#0f5c4d'")
    expect(console.locator("#transfer-dialog")).to_be_visible()
    expect(console.locator("#transfer-reason")).to_have_value("Era otro trámite")
    expect(console.locator("input[name=given][value=catastro]")).to_be_checked()
    expect(console.locator("#work-services")).to_contain_text("Rentas y tasas")
    expect(console.locator("#notes")).to_have_value("Trae el recibo")
    console.keyboard.press("Escape")
    expect(console.locator("#transfer-service")).not_to_contain_text("Licencias")

    # Whoever stands at a kiosk goes on, and is told kindly what there is no longer.
    expect(used.get_by_role("heading", name="Licencias")).to_be_visible()
    used.locator("button[name=how]").first.click()
    expect(used.locator("#heading")).to_have_text("Este trámite ya no se atiende aquí")
    used.locator("[data-start-again]").first.click()
    expect(used.locator(".masthead__place")).to_have_text("Casa de la Ciudad")
