"""The configuration's forms as a browser without scripts sends them."""

import re
from html import unescape
from typing import Any

from tests.admin.cityhall import Browser, CityHall
from werkzeug.test import TestResponse

from turnero_queue.configuration import editing
from turnero_queue.configuration import tree as trees


def text(answer: TestResponse) -> str:
    return unescape(answer.get_data(as_text=True))


def fields_of(page: TestResponse) -> dict[str, list[str]]:
    """What a browser would send of the page's last form that is not a button's own."""
    html = page.get_data(as_text=True)
    form = max(re.findall(r"<form[^>]*data-form.*?</form>", html, re.S), key=len)
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]*)"', tag)
        kind = re.search(r'type="(\w+)"', tag)
        if name is None or (kind and kind[1] in ("checkbox", "radio") and " checked" not in tag):
            continue
        value = re.search(r'value="([^"]*)"', tag)
        found.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    for name, value in re.findall(
        r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S
    ):
        found.setdefault(name, []).append(unescape(value))
    for name, body in re.findall(r'<select[^>]*name="([^"]*)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body) or re.search(r'value="([^"]*)"', body)
        found.setdefault(name, []).append(unescape(chosen[1]) if chosen else "")
    return found


def save(
    browser: Browser, path: str, page: TestResponse | None = None, /, **typed: Any
) -> TestResponse:
    """Send the page's form with what is `typed` in it."""
    form = fields_of(page or browser.get(path))
    token = form.pop("csrf_token")[0]
    typed = {name.replace("__", "."): value for name, value in typed.items()}
    return browser.post(path, {**form, **typed}, token=token)


def entry(hall: CityHall, *path: str) -> Any:
    with hall.database.read() as session:
        return trees.find(editing.present(session), path)


def hidden(answer: TestResponse, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.get_data(as_text=True))
    assert found, name
    return unescape(found[1])
