"""The virtual reader: a process of its own that types codes at a kiosk of the demonstration."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.server.demonstration import Demonstration

from turnero_hardware import scanning
from turnero_hardware.scanning import IdentityDocument, Refusal
from turnero_hardware.scanning.samples import SAMPLES
from turnero_hardware.virtual_scanner import HEADER
from turnero_server.demo.scanner_views import NAMES

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*/static/:ResourceWarning")


@pytest.fixture
def demonstration(demo: Demonstration) -> Iterator[Demonstration]:
    with demo.served():
        yield demo


def hold(server: str, *codes: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "turnero_hardware.virtual_scanner", "--server", server]
    return subprocess.run(
        [*words, "--office", "centro", *codes],
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_the_process_reads_is_asked_about_at_the_kiosk(
    demonstration: Demonstration, page: Page
) -> None:
    page.goto(f"{demonstration.url}/kiosk/centro")
    page.wait_for_selector("html[data-reader=ready]")
    done = hold(demonstration.url, "colombia")
    assert done.returncode == 0, done.stderr
    expect(page.locator("[data-screen=document]")).to_contain_text("OSPINA CAÑÓN")
    page.locator("button[name=use][value=no]").click()
    expect(page.locator("[data-screen=document]")).to_have_count(0)

    ticket = demonstration.take()
    link = f"{demonstration.url}/t/{ticket.public_token}"
    assert hold(demonstration.url, "-", typed=link).returncode == 0
    expect(page.locator("[data-screen=turn]")).to_contain_text("R")
    assert hold(demonstration.url, "endless").returncode == 0
    expect(page.locator("[data-screen=unread]")).to_be_visible()


def test_its_page_offers_every_sample(demonstration: Demonstration, page: Page) -> None:
    page.goto(f"{demonstration.url}/demo/scanner")
    for name in SAMPLES:
        expect(page.locator(f"button[name=sample][value={name}]")).to_be_visible()
    page.locator("button[value=garbage]").click()
    expect(page.locator("h1")).to_be_visible()


def test_keys_need_the_readers_header_and_make_sense(demonstration: Demonstration) -> None:
    client = demonstration.app.test_client()
    told = {"office": "centro", "text": "abc"}
    assert client.post("/demo/scanner/keys", json=told).status_code == 403
    for wrong in ({}, [], {"office": "centro", "text": 3}, {"text": "x"}):
        answer = client.post("/demo/scanner/keys", json=wrong, headers={HEADER: "1"})
        assert answer.status_code in (404, 422)


def test_a_server_that_is_not_there_and_a_code_that_is_none_are_said() -> None:
    assert hold("http://127.0.0.1:1", "peru").returncode == 1
    assert hold("http://127.0.0.1:1", "nothing-known").returncode == 1


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_what_it_says(name: str) -> None:
    assert name in NAMES
    found = scanning.read(SAMPLES[name], country="PE")
    refused = name in ("garbage", "endless")
    assert isinstance(found, Refusal if refused else IdentityDocument)
