"""The printer's tray: paper drawn from the printed bytes, and printers that a visitor breaks."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from tests.axe import objections
from tests.server.demonstration import Demonstration

from turnero_core.settings import Settings
from turnero_hardware.models import JobState, PrinterState
from turnero_hardware.tcp import NO_PAPER, UNREACHABLE
from turnero_server.app import create_app
from turnero_server.demo import printers
from turnero_server.printing import tray

TRAY = "/demo/printer"
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*/static/:ResourceWarning")


def break_it(demo: Demonstration, fault: str, code: str = "centro") -> int:
    demo.app.config["WTF_CSRF_ENABLED"] = False
    answer = demo.app.test_client().post(f"{TRAY}/{code}/fault", data={"fault": fault})
    return answer.status_code


def page_of(demo: Demonstration) -> str:
    return demo.app.test_client().get(TRAY, headers={"Accept-Language": "en"}).text


def test_a_printed_slip_lies_in_the_tray_with_its_words_and_its_picture(
    demo: Demonstration,
) -> None:
    demo.take()
    assert "R001" not in page_of(demo)
    demo.print_due()
    page = page_of(demo)
    [source, words] = re.findall(r'<img class="slip__picture" src="([^"]+)" alt="([^"]+)"', page)[0]
    assert "R001" in words
    assert "Palacio Municipal" in words
    answer = demo.app.test_client().get(source)
    assert answer.mimetype == "image/png"
    assert "immutable" in answer.headers["Cache-Control"]
    assert Image.open(BytesIO(answer.data)).width == 576 + 2 * 32


def test_a_narrow_printer_has_narrow_paper(demo: Demonstration) -> None:
    demo.take("mercado", "puestos")
    demo.print_due()
    [source] = re.findall(r'src="(/demo/printer/[^"]+png)"', page_of(demo))
    picture = Image.open(BytesIO(demo.app.test_client().get(source).data))
    assert picture.width == 384 + 2 * 40


@pytest.mark.parametrize("paper", ["x", "..%2f..%2fsecret_key", "20260302T140500-nobody"])
def test_nothing_but_slips_can_be_fetched(demo: Demonstration, paper: str) -> None:
    demo.take()
    demo.print_due()
    assert demo.app.test_client().get(f"{TRAY}/{paper}.png").status_code == 404


@pytest.mark.parametrize(("fault", "said"), [("paper-out", NO_PAPER), ("refuse", UNREACHABLE)])
def test_a_broken_printer_keeps_the_slip_until_it_is_mended(
    demo: Demonstration, fault: str, said: str
) -> None:
    assert break_it(demo, fault) == 303
    demo.take()
    demo.take("norte")
    demo.print_due()
    mine, elsewhere = demo.jobs()
    assert (mine.state, mine.last_error) == (JobState.QUEUED, said)
    assert elsewhere.state == JobState.PRINTED
    assert demo.printer().state == PrinterState.FAILING
    assert "1 slip waits" in page_of(demo)
    assert break_it(demo, "none") == 303
    assert demo.printer().state == PrinterState.UNKNOWN
    demo.print_due()
    assert [job.state for job in demo.jobs()] == [JobState.PRINTED] * 2
    assert len(list(tray(demo.settings, "virtual://centro").glob("*.bin"))) == 1


def test_a_slow_printer_is_only_slow(demo: Demonstration, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(printers.time, "sleep", waited.append)
    break_it(demo, "slow")
    demo.take()
    demo.print_due()
    assert waited == [printers.SLOW_S]
    assert demo.jobs()[0].state == JobState.PRINTED


def test_an_unknown_fault_or_printer_is_refused(demo: Demonstration) -> None:
    assert break_it(demo, "explode") == 404
    assert break_it(demo, "silent") == 404
    assert break_it(demo, "paper-out", "nowhere") == 404
    demo.take()
    demo.print_due()
    assert demo.jobs()[0].state == JobState.PRINTED


def test_breaking_a_printer_takes_a_form_of_this_site(demo: Demonstration) -> None:
    answer = demo.app.test_client().post(f"{TRAY}/centro/fault", data={"fault": "paper-out"})
    assert answer.status_code == 400
    demo.take()
    demo.print_due()
    assert demo.jobs()[0].state == JobState.PRINTED


def test_a_full_tray_lets_the_oldest_go(
    demo: Demonstration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printers, "KEPT", 3)
    for _ in range(5):
        demo.take()
    demo.print_due()
    page = page_of(demo)
    assert [code for code in ("R001", "R002", "R003", "R004", "R005") if code in page] == [
        "R003",
        "R004",
        "R005",
    ]


@pytest.mark.parametrize("path", [TRAY, f"{TRAY}/slips", f"{TRAY}/live", "/demo/day"])
def test_a_real_installation_has_no_such_pages(
    demo: Demonstration, path: str, tmp_path: Path
) -> None:
    settings = Settings(tmp_path, demo.settings.database_url, "a-secret", "", 0)
    real = create_app(settings, demo.database).test_client()
    assert real.get(path).status_code == 404
    assert real.get("/").status_code == 200


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_slips_fall_while_one_watches_and_nobody_is_shut_out(
    page: Page, demo: Demonstration, language: str
) -> None:
    with demo.served():
        page.goto(f"{demo.url}{TRAY}?lang={language}")
        page.wait_for_selector('html[data-connection="online"]')
        assert objections(page) == []
        demo.take()
        demo.print_due()
        expect(page.locator(".slip__picture")).to_have_count(1)
        page.locator('[data-key="centro-paper-out"]').click()
        expect(page.locator('[data-key="centro-mend"]')).to_be_visible()
        expect(page.locator(".printer--broken")).to_have_count(1)
        assert objections(page) == []
        page.locator('[data-key="centro-mend"]').click()
        expect(page.locator(".printer--broken")).to_have_count(0)
        page.close()
