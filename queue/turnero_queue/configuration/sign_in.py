"""Reads `sign_in`: the city's OpenID Connect provider, and who may still use a password."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from turnero_core.i18n import LANGUAGES, N_
from turnero_queue.configuration import scalars
from turnero_queue.configuration.items import Fields, Item
from turnero_queue.password_rule import ADMINISTRATORS, EVERYBODY
from turnero_queue.permissions import Role

Reader = Callable[[Item], Any]
LOCAL = ("127.0.0.1", "localhost", "::1")


def read(item: Item) -> dict[str, Any]:
    """The settings as they are stored and written again; see `city_sign_in.settings`."""
    found = item.fields(tuple(READERS))
    values = _values(found, READERS)
    if values.get("passwords") == ADMINISTRATORS and "provider" not in values:
        found.found["passwords"].error(N_("needs a provider: nobody else could sign in"))
    return values


def in_order(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same in the order of the file, whatever order the database has kept."""
    found = {key: values[key] for key in READERS if key in values}
    if "provider" in found:
        given = values["provider"]
        found["provider"] = {key: given[key] for key in PROVIDER if key in given}
        if "groups" in given:
            found["provider"]["groups"] = [
                {key: group[key] for key in GROUP if key in group} for group in given["groups"]
            ]
    return found


def _provider(item: Item) -> dict[str, Any]:
    return _values(item.fields(tuple(PROVIDER), ("issuer", "client_id")), PROVIDER)


def _group(item: Item) -> dict[str, Any]:
    return _values(item.fields(tuple(GROUP), ("group", "role")), GROUP)


def _values(found: Fields, readers: Mapping[str, Reader]) -> dict[str, Any]:
    return {key: read(found.found[key]) for key, read in readers.items() if key in found.found}


def _name(item: Item) -> dict[str, str]:
    found = item.fields(LANGUAGES)
    return {key: value.text(60) for key, value in found.found.items()}


def _issuer(item: Item) -> str:
    text = item.text(300)
    parts = urlsplit(text)
    good = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)
    if text and not (good and parts.hostname and not (parts.username or parts.query)):
        item.error(N_("must be an address such as https://login.example.org"))
    return text


def _file(item: Item) -> str:
    message = N_("must be the name of a file in the folder secrets of the instance")
    return item.pattern(r"[A-Za-z0-9_][A-Za-z0-9._-]*", message, 80)


def _word(item: Item) -> str:
    return item.pattern(r"[A-Za-z0-9_.:/-]+", N_("must be the name of a claim or scope"), 120)


GROUP: Mapping[str, Reader] = {
    "group": partial(Item.text, limit=200),
    "role": partial(Item.choice, options=tuple(role.value for role in Role)),
    "office": scalars.code,
}
PROVIDER: Mapping[str, Reader] = {
    "name": _name,
    "issuer": _issuer,
    "client_id": partial(Item.text, limit=200),
    "client_secret_file": _file,
    "scopes": lambda item: list(item.each(_word, 20)),
    "claim": _word,
    "create_accounts": Item.boolean,
    "login_claim": _word,
    "groups_claim": _word,
    "groups": lambda item: list(item.each(_group, 200)),
    "follow_groups": Item.boolean,
    "second_factor": partial(Item.choice, options=("own", "provider")),
}
# In the order of the file.
READERS: Mapping[str, Reader] = {
    "passwords": partial(Item.choice, options=(EVERYBODY, ADMINISTRATORS)),
    "provider": _provider,
}
