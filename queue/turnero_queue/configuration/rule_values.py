"""Readers of what stands under `rules`."""

from dataclasses import fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

from turnero_core.i18n import N_
from turnero_queue import rules
from turnero_queue.configuration.items import Item
from turnero_queue.configuration.scalars import MOST_PER_DAY


def settings(item: Item) -> dict[str, Any]:
    """The rules written under `rules`, by key, in the order of the table of rules."""
    hints = get_type_hints(rules.Rules)
    found = item.fields([field.name for field in fields(rules.Rules)]).found
    return {key: _setting(hints[key], found[key]) for key in hints if key in found}


def _setting(kind: Any, item: Item) -> Any:
    if get_origin(kind) is Literal:
        return item.choice(get_args(kind))
    if kind is bool:
        return item.boolean()
    if kind is rules.QuietHours:
        return _quiet_hours(item)
    if kind in (rules.Addresses, rules.Link):
        return _told(kind, item)
    return item.integer(0, MOST_PER_DAY)


def _quiet_hours(item: Item) -> str:
    text = item.text(11)
    try:
        rules.quiet_hours(text)
    except ValueError:
        item.error(N_('must be hours such as "22:00-07:00", or none'))
    return text


def _told(kind: Any, item: Item) -> str:
    """Who is told of something; nothing in quotes is nobody."""
    if item.tagged("str") and not item.node.value:
        return ""
    text = item.text(400)
    if kind is rules.Addresses and not rules.are_addresses(text):
        item.error(N_("must be e-mail addresses with spaces between them"))
    if kind is rules.Link and not rules.is_link(text):
        item.error(N_("must be an address that begins with https:// or http://"))
    return text
