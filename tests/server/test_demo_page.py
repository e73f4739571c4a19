"""The demonstration's first page, in three languages, and the day that it starts and stops."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from tests.axe import objections
from tests.server.demonstration import Demonstration

from turnero_core.db import Database
from turnero_queue.models.devices import Device
from turnero_server.demo.day.control import Control
from turnero_server.demo.day_views import DAY

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*/static/:ResourceWarning")


@pytest.fixture(autouse=True)
def calm(demo: Demonstration) -> Iterator[None]:
    """A day that a test began ends with it."""
    yield
    day(demo).stop()


def day(demo: Demonstration) -> Control:
    control: Control = demo.app.extensions[DAY]
    return control


def test_every_screen_it_offers_is_there(demo: Demonstration) -> None:
    demo.take()
    client = demo.app.test_client()
    page = client.get("/").text
    paths = {part.split('"')[0] for part in page.split('href="')[1:]}
    faces = [path for path in paths if path.startswith(("/kiosk", "/hall", "/t/", "/demo", "/api"))]
    assert {"/kiosk/centro", "/hall/norte", "/demo/printer", "/api/docs"} <= set(faces)
    assert any(path.startswith("/t/") for path in faces)
    for path in faces:
        assert client.get(path, follow_redirects=True).status_code == 200, path


def test_a_browser_becomes_a_tablet_of_satisfaction_once(demo: Demonstration) -> None:
    client = demo.app.test_client()
    for desk in ("1", "2", "1"):
        page = client.get(f"/demo/tablet/centro/{desk}", follow_redirects=True)
        assert page.request.path == f"/tablet/centro/{desk}"
    with demo.database.read() as session:
        kinds = list(session.scalars(select(Device.kind)))
    assert kinds == ["tablet"]
    assert client.get("/demo/tablet/centro/99").status_code == 404


def test_without_a_turn_there_is_no_phone_to_look_at(demo: Demonstration) -> None:
    page = demo.app.test_client().get("/").text
    assert 'href="/t/' not in page


def test_it_says_who_one_can_be_and_keeps_other_secrets(demo: Demonstration) -> None:
    page = demo.app.test_client().get("/").text
    for login in ("admin", "coordinadora", "jefa.centro", "ventanilla.mercado", "turnero-demo"):
        assert f"<code>{login}</code>" in page
    assert (demo.settings.instance / "demo_token").read_text().strip() not in page


@pytest.mark.parametrize("path", ["/demo/day/start", "/demo/day/stop"])
def test_the_day_takes_a_form_of_this_site(demo: Demonstration, path: str) -> None:
    assert demo.app.test_client().post(path, data={"speed": "10"}).status_code == 400
    assert demo.app.test_client().get(path).status_code in (404, 405)
    assert not day(demo).status().running


def test_an_unknown_speed_starts_nothing(demo: Demonstration) -> None:
    demo.app.config["WTF_CSRF_ENABLED"] = False
    answer = demo.app.test_client().post("/demo/day/start", data={"speed": "1000000"})
    assert answer.status_code == 404
    assert not day(demo).status().running


def test_a_chosen_language_is_kept(demo: Demonstration) -> None:
    client = demo.app.test_client()
    assert 'lang="pt"' in client.get("/?lang=pt").text
    assert '<html lang="pt"' in client.get("/").text
    assert '<html lang="xx"' not in client.get("/?lang=xx").text


def test_before_anything_is_configured_a_real_page_says_so(sqlite_url: str, tmp_path: Path) -> None:
    from turnero_core.settings import Settings
    from turnero_server.app import create_app

    database = Database(sqlite_url)
    app = create_app(Settings(tmp_path, sqlite_url, "a-secret", "", 0), database)
    answer = app.test_client().get("/")
    assert answer.status_code == 409
    assert "turnero load" in answer.text
    database.dispose()


@pytest.mark.parametrize(("width", "language"), [(390, "es"), (1366, "en"), (390, "pt")])
def test_nobody_is_shut_out_and_nothing_overflows(
    page: Page, demo: Demonstration, language: str, width: int
) -> None:
    demo.take()
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(reduced_motion="reduce")
    with demo.served():
        page.goto(f"{demo.url}/?lang={language}")
        assert objections(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        assert objections(page) == []
        page.close()


def test_the_day_starts_changes_its_speed_and_stops_from_the_page(
    page: Page, demo: Demonstration
) -> None:
    with demo.served():
        page.goto(f"{demo.url}/?lang=en")
        page.locator('[data-key="speed-60"]').click()
        expect(page.locator(".day__clock")).to_be_visible()
        assert day(demo).status().speed == 60
        page.locator('[data-key="speed-10"]').click()
        expect(page.locator('[data-key="speed-10"]')).to_be_disabled()
        assert day(demo).status().speed == 10
        assert objections(page) == []
        page.locator('[data-key="stop"]').click()
        expect(page.locator(".day__clock")).to_have_count(0)
        assert not day(demo).status().running
        page.close()


def test_a_real_installation_shows_each_office_and_no_toy(
    page: Page, demo: Demonstration, tmp_path: Path
) -> None:
    from turnero_core.settings import Settings
    from turnero_server.app import create_app

    url = demo.settings.database_url
    demo.app = create_app(Settings(tmp_path, url, "a-secret", "", 0), demo.database)
    with demo.served():
        page.goto(f"{demo.url}/?lang=en")
        expect(page.get_by_role("heading", level=2)).to_have_count(3)
        assert page.get_by_text("turnero-demo").count() == 0
        assert objections(page) == []
        page.close()
    demo.app.extensions[DAY] = Control(demo.database)
