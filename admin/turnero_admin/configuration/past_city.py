"""A change of the municipality's own things in words, field by field."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from turnero_admin.configuration import (
    fields,
    message_fields,
    municipality,
    rule_fields,
    sign_in_fields,
)
from turnero_admin.configuration.fields import Field, Line
from turnero_core.i18n import N_, gettext
from turnero_queue.models.notices import Channel
from turnero_queue.notices.listing import CHANNEL_NAMES

KEYS = (
    *municipality.FIELDS,
    Field("colour", N_("Colour")),
    Field("logo", N_("Logo")),
    Field("texts", N_("Texts of slips and screens")),
    Field("notices", N_("Messages")),
    Field("payments", N_("Payments")),
)
WAY = Field("provider", N_("How they leave"), "choice", options=tuple(message_fields.WAYS.items()))


def lines(key: str, before: Any, after: Any) -> list[Line]:
    if key == "rules":
        return fields.compare(rule_fields.all_of(shared=True), before, after)
    if key == "notices":
        return list(_messages(before or {}, after or {}))
    if key == "sign_in":
        known = sign_in_fields.FIELDS
        old, new = (sign_in_fields.told(each or {}) for each in (before, after))
        return fields.compare(known, old, new)
    return fields.compare(KEYS, {key: before}, {key: after})


def _messages(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Line]:
    for channel in Channel:
        name = gettext(CHANNEL_NAMES[channel])
        known = (WAY, *message_fields.asked(channel))
        old, new = (each.get(str(channel), {"provider": ""}) for each in (before, after))
        for line in fields.compare(known, old, new):
            yield replace(line, label=f"{name} · {line.label}")
