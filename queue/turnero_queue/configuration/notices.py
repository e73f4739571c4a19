"""Reads `notices`: by which provider each kind of message goes. Secrets stay outside the file."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from turnero_core.i18n import N_
from turnero_queue.configuration.items import Fields, Item
from turnero_queue.models.notices import Channel
from turnero_queue.notices.contacts import normal_email

SMTP = ("provider", "sender", "reply_to", "host", "port", "security", "user", "secret_file")
HTTP = ("provider", "url", "method", "headers", "body", "secret_file", "reference")
SECURITY = ("starttls", "tls", "none")
# What keeps one from sending its own kind of header.
HEADER = r"[A-Za-z][A-Za-z0-9-]{0,60}"
SECRET_HEADER = re.compile(r"authorization|token|key|secret|password", re.IGNORECASE)
Reader = Callable[[Item], Any]


def read(item: Item) -> dict[str, Any]:
    """The settings by channel as they are stored and written again; see `notices.settings`."""
    found = item.fields([str(channel) for channel in Channel])
    return {
        str(channel): _channel(channel, found.found[channel])
        for channel in Channel
        if channel in found.found
    }


def in_order(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same in the order of the file, whatever order the database has kept."""
    return {
        str(channel): _ordered(values[channel], SMTP if channel is Channel.EMAIL else HTTP)
        for channel in Channel
        if channel in values
    }


def _ordered(values: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    found = {key: values[key] for key in keys if key in values}
    if headers := found.get("headers"):
        found["headers"] = dict(sorted(headers.items()))
    return found


def _channel(channel: Channel, item: Item) -> dict[str, Any]:
    if channel is Channel.EMAIL:
        found = item.fields(SMTP, ("provider", "sender"))
        own = "smtp"
    else:
        found = item.fields(HTTP, ("provider",))
        own = "http"
    provider = found.get("provider", partial(Item.choice, options=(own, "inbox")), "inbox")
    if provider == "inbox":
        return _values(found, {"provider": _text, "sender": _address, "reply_to": _address})
    return _smtp(found) if own == "smtp" else _http(found)


def _smtp(found: Fields) -> dict[str, Any]:
    _need(found, ("host",))
    return _values(
        found,
        {
            "provider": _text,
            "sender": _address,
            "reply_to": _address,
            "host": partial(
                Item.pattern,
                pattern=r"[A-Za-z0-9:.\-]+",
                message=N_("must be the name of a computer, such as smtp.example.com"),
                limit=253,
            ),
            "port": partial(Item.integer, low=1, high=65_535),
            "security": partial(Item.choice, options=SECURITY),
            "user": partial(Item.text, limit=200),
            "secret_file": _file,
        },
    )


def _http(found: Fields) -> dict[str, Any]:
    _need(found, ("url", "body"))
    return _values(
        found,
        {
            "provider": _text,
            "url": _url,
            "method": partial(Item.choice, options=("POST", "PUT")),
            "headers": _headers,
            "body": _body,
            "secret_file": _file,
            "reference": partial(Item.text, limit=100),
        },
    )


def _values(found: Fields, readers: dict[str, Reader]) -> dict[str, Any]:
    return {key: read(found.found[key]) for key, read in readers.items() if key in found.found}


def _need(found: Fields, keys: Collection[str]) -> None:
    for key in keys:
        if key not in found.found:
            item = found.item
            item.report.error(item.line, f"{item.path}.{key}", N_("is missing"))


def _text(item: Item) -> str:
    return item.text(20)


def _address(item: Item) -> str:
    text = item.text(254)
    try:
        return normal_email(text) if text else ""
    except ValueError:
        item.error(N_("must be an e-mail address such as turnos@example.com"))
        return ""


def _file(item: Item) -> str:
    message = N_("must be the name of a file in the folder secrets of the instance")
    return item.pattern(r"[A-Za-z0-9_][A-Za-z0-9._-]*", message, 80)


def _url(item: Item) -> str:
    text = item.text(1000)
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:
        good = False
    if text and not good:
        item.error(N_("must be an address such as https://sms.example.com/send"))
    return text


def _headers(item: Item) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in item.pairs():
        if not re.fullmatch(HEADER, name):
            value.error(N_("is not the name of a header"))
        found[name] = value.text(500)
        if SECRET_HEADER.search(name) and "{secret}" not in found[name]:
            value.error(N_("shows a secret: write {secret} here, and the secret in secret_file"))
    return found


def _body(item: Item) -> str:
    text = item.text(4000)
    if text and not ("{to}" in text and "{text}" in text):
        item.error(N_("must contain {to} and {text}, where the number and the message go"))
    return text
