"""The municipality's logo: on the screens and on paper, when there is one."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select
from tests.server.installation import DEMO

from turnero_core.db import Database
from turnero_core.settings import Settings
from turnero_hardware.models import PrintJob
from turnero_hardware.slip import Picture, Slip
from turnero_queue import configuration
from turnero_server.app import create_app


def png() -> bytes:
    written = BytesIO()
    Image.new("L", (120, 60), 0).save(written, "PNG")
    return written.getvalue()


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Database:
    text = DEMO.read_text().replace("  currency: PEN", "  currency: PEN\n  logo: escudo.png", 1)
    with database.write() as session:
        parsed = configuration.open_round_the_clock(configuration.parse(text, "demo"))
        configuration.apply(session, parsed, actor="test")
    return database


def pictures(town: Database, instance: Path) -> list[Picture]:
    """Take a turn on paper at the kiosk; gives the pictures of its slip."""
    app = create_app(Settings(instance, str(town.url), "secret", "", 0), town)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.get("/kiosk/centro/choose?lang=es")
    sheet = client.get("/kiosk/centro/service/rentas").get_data(as_text=True)
    key = sheet.split('name="key" value="')[1].split('"')[0]
    form = {"service": "rentas", "priority": "standard", "key": key, "how": "paper"}
    assert client.post("/kiosk/centro/turn", data=form).status_code in (302, 303)
    with town.read() as session:
        slip = Slip.from_dict(session.scalars(select(PrintJob.slip)).one())
    return [block for block in slip.blocks if isinstance(block, Picture)]


def test_a_logo_stands_on_the_screens_and_on_the_slip(town: Database, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "escudo.png").write_bytes(png())
    app = create_app(Settings(tmp_path, str(town.url), "secret", "", 0), town)
    client = app.test_client()

    with client.get("/logo") as answer:
        assert answer.data == png()
    for page in ("/kiosk/centro", "/hall/centro", "/login"):
        assert 'src="/logo?v=' in client.get(page).get_data(as_text=True), page
    assert pictures(town, tmp_path) == [Picture(png())]


def test_a_logo_that_is_not_there_is_left_out(town: Database, tmp_path: Path) -> None:
    app = create_app(Settings(tmp_path, str(town.url), "secret", "", 0), town)

    assert app.test_client().get("/logo").status_code == 404
    assert "/logo" not in app.test_client().get("/kiosk/centro").get_data(as_text=True)
    assert pictures(town, tmp_path) == []
