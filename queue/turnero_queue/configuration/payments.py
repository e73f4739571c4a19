"""Reads `payments`: methods, providers and cash. Secrets stay in files outside of it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from turnero_core.i18n import N_
from turnero_queue.configuration import debts
from turnero_queue.configuration.items import Fields, Item
from turnero_queue.models.payments import METHODS
from turnero_queue.payments.money import ROUNDING

Reader = Callable[[Item], Any]
PROVIDERS = ("mercadopago", "simulated")
A_DAY, A_MONTH = 1440, 43_200


def read(item: Item) -> dict[str, Any]:
    """The settings as they are stored and written again; see `payments.settings`."""
    found = item.fields(tuple(READERS))
    values = _values(found, READERS)
    provider, providers = values.get("provider"), values.get("providers", {})
    if provider and provider not in providers:
        found.found["provider"].error(N_("is not one of providers"))
    # What is empty is as if it were not written; of a provider all may be left out.
    return {key: value for key, value in values.items() if value not in ([], {})}


def in_order(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same in the order of the file, whatever order the database has kept."""
    found = {key: values[key] for key in READERS if key in values}
    if "providers" in found:
        found["providers"] = {
            code: _sorted({key: entry[key] for key in PROVIDER if key in entry})
            for code in PROVIDERS
            if (entry := values["providers"].get(code)) is not None
        }
    for key, order in (("cash", CASH), ("expires_minutes", METHODS)):
        if key in found:
            found[key] = {name: values[key][name] for name in order if name in values[key]}
    lists = {key: debts.in_order(key, found[key]) for key in debts.LISTS if key in found}
    return {**found, **lists}


def _sorted(entry: dict[str, Any]) -> dict[str, Any]:
    for key in ("points", "terminals"):
        if key in entry:
            entry[key] = dict(sorted(entry[key].items()))
    return entry


def _methods(item: Item) -> list[str]:
    found = list(item.each(partial(Item.choice, options=METHODS), len(METHODS)))
    if not found:
        item.error(N_("must name one way to pay at least"))
    if len(set(found)) < len(found):
        item.error(N_("names a way to pay twice"))
    return found


def _providers(item: Item) -> dict[str, Any]:
    found = item.fields(PROVIDERS)
    return {code: _provider(found.found[code]) for code in PROVIDERS if code in found.found}


def _provider(item: Item) -> dict[str, Any]:
    return _values(item.fields(tuple(PROVIDER)), PROVIDER)


def _cash(item: Item) -> dict[str, Any]:
    return _values(item.fields(tuple(CASH)), CASH)


def _expires(item: Item) -> dict[str, Any]:
    most = {"cash": A_MONTH, "qr": 180, "card_terminal": 180}
    readers = {key: partial(Item.integer, low=1, high=most[key]) for key in METHODS}
    return _values(item.fields(METHODS), readers)


def _values(found: Fields, readers: Mapping[str, Reader]) -> dict[str, Any]:
    return {key: read(found.found[key]) for key, read in readers.items() if key in found.found}


def _file(item: Item) -> str:
    message = N_("must be the name of a file in the folder secrets of the instance")
    return item.pattern(r"[A-Za-z0-9_][A-Za-z0-9._-]*", message, 80)


def _address(item: Item) -> str:
    text = item.text(200)
    parts = urlsplit(text)
    local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    good = parts.scheme == "https" or (parts.scheme == "http" and local)
    if text and not (good and parts.hostname and not parts.username):
        item.error(N_("must be an address such as https://api.mercadopago.com"))
    return text.rstrip("/")


def _identifier(item: Item) -> str:
    return item.pattern(
        r"[A-Za-z0-9_-]+", N_("must be letters, digits, - and _ only, such as CAJA01"), 80
    )


def _by_device(item: Item) -> dict[str, str]:
    return {device: _identifier(value) for device, value in item.pairs()}


PROVIDER: Mapping[str, Reader] = {
    "api": _address,
    "access_token_file": _file,
    "webhook_secret_file": _file,
    "pos": _identifier,
    "points": _by_device,
    "terminal": _identifier,
    "terminals": _by_device,
}
CASH: Mapping[str, Reader] = {
    "round_to_minor": partial(Item.integer, low=1, high=100_000),
    "round": partial(Item.choice, options=tuple(ROUNDING)),
}
# In the order of the file.
READERS: Mapping[str, Reader] = {
    "methods": _methods,
    "provider": partial(Item.choice, options=PROVIDERS),
    "providers": _providers,
    "cash": _cash,
    "expires_minutes": _expires,
    **debts.LISTS,
}
