"""The whole errand, as a citizen lives it: what is owed, paid by QR, the receipt, the certificate,
and somebody else who verifies it on a phone."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.axe import objections
from tests.kiosk.paying.conftest import Office

from turnero_queue import certificates

PORTRAIT, LANDSCAPE = (1080, 1920), (1280, 1024)
PHONE = {"width": 390, "height": 844}
ROSA = "12345678"
# What a glass must not have: something cut off, or a button that a finger misses.
CUT = """() => {
  const main = document.getElementById("main");
  const seen = (e) => e.checkVisibility() && !e.classList.contains("skip-link");
  const touchable = [...document.querySelectorAll("a, button, .owed__choice")].filter(seen);
  const boxes = touchable.map((e) => [e.getBoundingClientRect(), e.textContent.trim()]);
  const bad = boxes.filter(([b]) => b.bottom > innerHeight + 1 || b.right > innerWidth + 1
    || Math.min(b.width, b.height) < 64);
  const over = [main.scrollHeight - main.clientHeight, main.scrollWidth - main.clientWidth,
    document.documentElement.scrollHeight - innerHeight];
  return {over: Math.max(...over), bad: bad.map(([, text]) => text)};
}"""


@pytest.fixture
def glass(office: Office, browser: Browser) -> Iterator[Page]:
    """A tall kiosk at the entrance, showing the start."""
    context = browser.new_context(
        viewport={"width": PORTRAIT[0], "height": PORTRAIT[1]}, base_url=office.lobby.url
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    page.goto("/kiosk/centro")
    yield page
    expect.set_options(timeout=5_000)
    context.close()


def arrive(page: Page, screen: str) -> None:
    """Wait for a screen, and for its script: it puts the focus where one begins."""
    expect(page.locator(f"#page[data-screen={screen}]")).to_be_visible()
    expect(page.locator("#heading, input[autofocus]").locator("visible=true").first).to_be_visible()
    page.wait_for_function("document.activeElement !== document.body")


def inspect(page: Page) -> None:
    """Nothing cut off on either glass, and nothing that axe objects to."""
    for width, height in (LANDSCAPE, PORTRAIT):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))")
        found = page.evaluate(CUT)
        assert found == {"over": found["over"], "bad": []}, (page.url, width)
        assert found["over"] <= 1, (page.url, width)
    assert objections(page) == []


def look_up(page: Page, number: str) -> None:
    """Type a number on the glass and ask."""
    page.goto("/kiosk/centro/pay/debts/rentas")
    arrive(page, "paying-ask")
    page.locator("input[name=number]").fill(number)
    page.locator("form.book__form button[type=submit]").click()


def test_a_debt_is_paid_certified_and_verified(office: Office, glass: Page) -> None:
    before = len(office.payments())
    inspect(glass)
    glass.locator(".start__expected a").first.click()
    arrive(glass, "paying-choose")
    inspect(glass)
    glass.locator(".choose__tiles .tile").first.click()
    arrive(glass, "paying-ask")
    for digit in ROSA:
        glass.locator(f'.keyboard [data-skbtn="{digit}"]').click()
    expect(glass.locator("input[name=number]")).to_have_value(ROSA)
    inspect(glass)
    glass.locator("form.book__form button[type=submit]").click()

    arrive(glass, "paying-owed")
    expect(glass.locator("#sum strong")).to_have_text("S/\xa0277.95")
    glass.locator(".owed input[type=checkbox]").first.uncheck()
    expect(glass.locator("#sum strong")).to_have_text("S/\xa047.60")
    glass.locator(".owed input[type=checkbox]").first.check()
    expect(glass.locator("#sum strong")).to_have_text("S/\xa0277.95")
    inspect(glass)
    glass.locator("#sum button").click()
    arrive(glass, "paying-how")
    inspect(glass)
    glass.locator("button[value=qr]").click()

    arrive(glass, "paying-qr")
    expect(glass.locator(".pay__simulated")).to_contain_text("SIMULADO")
    expect(glass.locator(".pay__amount")).to_contain_text("277.95")
    inspect(glass)
    office.bank.pay()

    arrive(glass, "paying-paid")
    expect(glass.locator(".turn__paper--printed")).to_be_visible()
    expect(glass.locator(".pay__simulated")).to_contain_text("SIMULADO")
    inspect(glass)
    [payment] = office.payments()[before:]
    assert (payment.state, payment.amount_minor, payment.simulated) == ("approved", 27_795, True)
    [receipt] = [each for each in office.receipts() if each.payment_id == payment.id]
    expect(glass.locator(".pay__number")).to_contain_text(f"{receipt.number:08d}")
    slips = list((office.lobby.folder / "tray" / "kiosco").iterdir())
    assert slips, "the receipt fell out of the printer"

    glass.locator("form[action$=no_debt] button").click()
    arrive(glass, "certificate")
    expect(glass.locator(".turn__paper--printed")).to_be_visible()
    inspect(glass)
    [certificate] = office.certificates()
    assert certificates.document_of(certificate)["subject"] == ROSA

    verify_on_a_phone(office, glass, payment.public_token, receipt.code, certificate.code)


def verify_on_a_phone(
    office: Office, glass: Page, token: str, receipt: str, certificate: str
) -> None:
    """What is behind the QRs, on a phone that never was at the kiosk."""
    assert glass.context.browser is not None
    phone = glass.context.browser.new_context(viewport=PHONE, base_url=office.lobby.url)  # type: ignore[arg-type]
    page = phone.new_page()
    for path, words in (
        (f"/v/{certificate}", ".check--ok"),
        (f"/v/{receipt}", ".check--ok"),
        (f"/pay/{token}", ".paid__amount"),
        ("/v/AAAABBBBCCCC", ".check--bad"),
        ("/v", "form"),
        ("/v/offline", "code"),
    ):
        page.goto(path)
        expect(page.locator(words).first).to_be_visible()
        assert ROSA not in page.content(), path
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
        assert objections(page) == []
    phone.close()
    drawn = httpx.get(f"{office.lobby.url}/pay/{token}/receipt.pdf", timeout=120)
    assert drawn.content.startswith(b"%PDF")
    assert "no-store" in drawn.headers["Cache-Control"]


def test_double_touch_back_reload_and_a_cut_cable_make_one_charge(
    office: Office, glass: Page
) -> None:
    before = len(office.payments())
    look_up(glass, "44332211")
    arrive(glass, "paying-owed")
    glass.locator("#sum button").click()
    arrive(glass, "paying-how")
    old_form = glass.url
    glass.locator("button[value=qr]").dblclick()
    arrive(glass, "paying-qr")
    shown = glass.url
    glass.reload()
    arrive(glass, "paying-qr")
    glass.goto(old_form)
    arrive(glass, "paying-qr")
    assert glass.url == shown
    assert len(office.payments()) == before + 1

    # The power is cut: a new visit, which knows nothing of the one before.
    glass.goto("/kiosk/centro")
    arrive_at_start(glass)
    glass.goto(shown)
    arrive_at_start(glass)
    look_up(glass, "44332211")
    arrive(glass, "paying-owed")
    expect(glass.locator(".owed__line--under_way").first).to_be_visible()
    expect(glass.locator("#sum button")).to_have_count(0)
    inspect(glass)
    glass.locator("form[action*='/pay/open/'] button").click()
    arrive(glass, "paying-qr")
    office.bank.pay()
    arrive(glass, "paying-paid")

    look_up(glass, "44332211")
    arrive(glass, "paying-owed")
    expect(glass.locator("#sum button")).to_have_count(0)
    charged = office.payments()[before:]
    assert [payment.state for payment in charged] == ["approved"]


def arrive_at_start(page: Page) -> None:
    expect(page.locator("#page[data-screen=start]")).to_be_visible()


def test_the_other_screens_of_paying_fit_and_tell_the_truth(office: Office, glass: Page) -> None:
    look_up(glass, "87654321")
    arrive(glass, "paying-owed")
    inspect(glass)
    look_up(glass, "99999999")
    arrive(glass, "paying-refused")
    inspect(glass)

    look_up(glass, "20304051")
    arrive(glass, "paying-owed")
    glass.locator("#sum button").click()
    arrive(glass, "paying-how")
    glass.locator("button[value=cash]").click()
    arrive(glass, "paying-cash")
    expect(glass.locator(".turn__paper--printed")).to_be_visible()
    inspect(glass)
    glass.locator("form[action$=cancel] button").click()
    arrive(glass, "paying-ended")
    inspect(glass)
    glass.locator("a[href$='/pay/how']").click()
    arrive(glass, "paying-how")
    glass.locator("button[value=card_terminal]").click()
    arrive(glass, "paying-card-terminal")
    inspect(glass)
    office.bank.pay("reject")
    arrive(glass, "paying-ended")

    # A turn whose service costs something: the fee is offered, and nothing is pushed off.
    glass.goto("/kiosk/centro/service/constancia")
    arrive(glass, "sheet")
    glass.locator("button[value=paper]").click()
    arrive(glass, "turn")
    inspect(glass)
    glass.locator("form[action$=fee] button").click()
    arrive(glass, "paying-how")

    office.bank.misbehave(down=True)
    glass.locator("button[value=qr]").click()
    arrive(glass, "paying-unsure")
    inspect(glass)
    office.bank.misbehave()
