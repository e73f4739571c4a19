"""What the hall says: numbers as people say them, the citizen's language first, none dropped."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.displays.cast import Hall, hurry, make_call, send, until, until_shown, voices, watch

SAYABLE = """async (code) => (await import("/static/displays/wording.js")).sayable(code)"""


def said(page: Page, count: int) -> list[list[str]]:
    """Language and words of what was spoken, once that is `count` sentences."""
    until(page, lambda: page.evaluate("said.length") >= count)
    page.wait_for_timeout(150)
    spoken: list[list[str]] = page.evaluate("said")
    return spoken


@pytest.mark.parametrize(
    ("code", "words"),
    [("R012", "R 12"), ("ABC007", "A B C 7"), ("R1000", "R 1000"), ("P-030", "P 30"), ("15", "15")],
)
def test_a_number_is_said_letter_by_letter_and_then_as_a_number(
    page: Page, hall: Hall, code: str, words: str
) -> None:
    watch(page, hall.url)
    assert page.evaluate(SAYABLE, code) == words


def test_a_call_is_chimed_and_spoken_once(page: Page, hall: Hall) -> None:
    hall.take()
    watch(page, hall.url, hurry(), voices("es-PE"))
    code = hall.next("3")["code"]
    [(language, words)] = said(page, 1)
    assert language == "es-PE"
    assert re.search(rf"\bR {int(code[1:])}, Ventanilla 3$", words)
    assert round(page.evaluate("chimes")) == 1


def test_a_visitor_hears_the_own_language_first_and_then_the_municipalitys(
    page: Page, hall: Hall
) -> None:
    hall.take(language="en")
    watch(page, hall.url, hurry(), voices("es-ES", "en-GB"))
    hall.next("3")
    (first, own), (second, municipal) = said(page, 2)
    assert (first, second) == ("en-GB", "es-ES")
    assert own.endswith("Desk 3")
    assert municipal.endswith("Ventanilla 3")
    assert round(page.evaluate("chimes")) == 1


def test_without_a_voice_for_the_visitor_the_municipalitys_language_is_spoken(
    page: Page, hall: Hall
) -> None:
    watch(page, hall.url, hurry(), voices("es-ES"))
    send(page, make_call("R012", language="pt"))
    assert [language for language, _ in said(page, 1)] == ["es-ES"]


def test_a_voice_from_the_internet_is_never_used_and_the_chime_calls_alone(
    page: Page, hall: Hall
) -> None:
    hall.prepare(locale="en", languages=["en"])
    watch(page, hall.url, hurry(), voices())
    page.clock.install()
    send(page, make_call("R012", language="en"), make_call("R013", language="en"))
    page.clock.run_for(60_000)
    assert page.evaluate("shown.length") == 2
    assert page.evaluate("said") == []
    assert round(page.evaluate("chimes")) == 2


def test_a_hall_without_a_voice_chimes_and_one_of_one_language_speaks_no_other(
    page: Page, hall: Hall
) -> None:
    hall.configure(Office__centro={"hall": {"languages": ["es"]}})
    watch(page, hall.url, hurry(), voices("es-ES", "en-GB"))
    send(page, make_call("R012", language="en"))
    assert [language for language, _ in said(page, 1)] == ["es-ES"]

    hall.configure(Office__centro={"hall": {"voice": False}})
    page.reload()
    page.wait_for_selector('html[data-connection="online"]')
    send(page, make_call("R013", language="en"))
    assert until_shown(page, 1) == ["R013"]
    until(page, lambda: round(page.evaluate("chimes")) == 1)
    assert page.evaluate("said") == []


def test_ten_calls_at_once_are_all_spoken_in_their_order(page: Page, hall: Hall) -> None:
    watch(page, hall.url, hurry(), voices("es-ES", "en-GB"))
    numbers = [f"R{n:03}" for n in range(1, 11)]
    send(page, *(make_call(number, language="en") for number in numbers))
    assert until_shown(page, 10) == numbers
    # The last has time for both languages; in the crowd before it the visitor's own was said.
    spoken = [words for language, words in said(page, 11) if language == "en-GB"]
    assert [re.search(r"R (\d+), Desk 3$", words)[1] for words in spoken] == [  # type: ignore[index]
        str(n) for n in range(1, 11)
    ]


def test_a_second_call_chimes_again_and_says_so(page: Page, hall: Hall) -> None:
    hall.take()
    watch(page, hall.url, hurry(), voices("es-ES"))
    ticket = hall.next("3")
    (_, first), *_ = said(page, 1)
    hall.do("recall", ticket)
    _, (_, second) = said(page, 2)
    hall.do("recall", ticket)
    *_, (_, third) = said(page, 3)
    assert len({first, second, third}) == 3
    assert "3" in third.split(":")[0]
    assert round(page.evaluate("chimes")) == 3


def test_a_screen_that_may_not_sound_asks_for_one_touch(page: Page, hall: Hall) -> None:
    watch(page, hall.url)
    button = page.locator("#hall-sound")
    expect(button).to_be_visible()
    button.click()
    expect(button).to_be_hidden()
    assert page.evaluate("new AudioContext().state") == "running"


def test_a_screen_that_may_sound_asks_for_nothing(page: Page, hall: Hall) -> None:
    watch(page, hall.url, voices("es-ES"))
    page.wait_for_timeout(500)
    expect(page.locator("#hall-sound")).to_be_hidden()
