"""Reads `texts` and `hall`: what is written on slips and screens, and what a hall shows."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from turnero_core.i18n import LANGUAGES, N_
from turnero_queue.configuration import scalars
from turnero_queue.configuration.items import Item
from turnero_queue.configuration.scalars import Tongues
from turnero_queue.texts import HALL_KEYS, KEYS, LONGEST, LONGEST_HALL_MESSAGE, MOST_CALLS

MOST_QUEUES = 2000
# What a procedure's page elsewhere is for, as Argentina's standard for procedures has them.
LINKS = ("guide", "appointment", "online")
LONGEST_LINK = 400
Plain = dict[str, Any]


def reader(tongues: Tongues) -> Callable[[Item], Plain]:
    """A reader of `texts` in the municipality's languages."""

    def read(item: Item) -> Plain:
        found = item.fields(KEYS).found
        return {
            key: dict(scalars.names(tongues, LONGEST[key])(found[key]))
            for key in KEYS
            if key in found
        }

    return read


def hall_reader(tongues: Tongues) -> Callable[[Item], Plain]:
    def read(item: Item) -> Plain:
        readers: dict[str, Callable[[Item], Any]] = {
            "queues": _list(scalars.code, MOST_QUEUES),
            "calls": partial(Item.integer, low=1, high=MOST_CALLS),
            "voice": Item.boolean,
            "languages": partial(_spoken, main=tongues.main),
            "message": scalars.names(tongues, LONGEST_HALL_MESSAGE),
        }
        found = item.fields(HALL_KEYS).found
        return {key: readers[key](found[key]) for key in HALL_KEYS if key in found}

    return read


def links(item: Item) -> Mapping[str, str]:
    """Addresses of a procedure's pages elsewhere."""
    found = item.fields(LINKS).found
    message = N_("must be an address that begins with https:// or http://")
    return {
        key: found[key].pattern(r"https?://[^\s/?#]+\S*", message, LONGEST_LINK)
        for key in LINKS
        if key in found
    }


def in_order(values: Mapping[str, Any], keys: Sequence[str]) -> Plain:
    """The same in the order of the file, whatever order the database has kept."""
    return {key: values[key] for key in keys if key in values}


def still_given(hall: Mapping[str, Any], given: Sequence[str]) -> Plain:
    """Without the queues of services that the office does not give any more."""
    kept = {key: hall[key] for key in HALL_KEYS if key in hall}
    if "queues" in kept:
        kept["queues"] = [code for code in kept["queues"] if code in given]
        if not kept["queues"]:
            del kept["queues"]
    return kept


def _list(read: Callable[[Item], str], limit: int) -> Callable[[Item], list[str]]:
    return lambda item: list(dict.fromkeys(item.each(read, limit, least=1)))


def _spoken(item: Item, main: str | None) -> list[str]:
    chosen = _list(partial(Item.choice, options=LANGUAGES), len(LANGUAGES))(item)
    if main in LANGUAGES and main not in chosen:
        item.error(N_("lacks %(language)s, the language of locale"), language=main)
    return chosen
