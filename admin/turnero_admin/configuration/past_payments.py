"""A change of how money is taken in words, field by field, as its forms call them."""

from collections.abc import Mapping, Sequence
from typing import Any

from turnero_admin.configuration.fields import Field, Line, compare
from turnero_admin.configuration.payments import (
    certificate_fields,
    connector_fields,
    methods,
    point_fields,
    provider_fields,
    shape,
)
from turnero_admin.configuration.payments.kinds import KINDS
from turnero_admin.configuration.payments.names import PROVIDERS
from turnero_core.i18n import N_, gettext, pick

ONES = {kind.key: kind.one for kind in KINDS.values()}
FIELDS: Mapping[str, tuple[Field, ...]] = {
    "points_of_sale": point_fields.FIELDS,
    "connectors": connector_fields.every(),
    "certificates": certificate_fields.FIELDS,
}
Words = tuple[str, str, str, list[Line]]


def told(path: Sequence[str], before: Any, after: Any, what: str) -> Words:
    """Title, section, what happened, lines; `path` is below `payments`, `what` happened to an
    entry that neither came nor went."""
    if path[0] == "providers":
        name = PROVIDERS.get(path[-1], path[-1])
        lines = _lines(_of_provider(before, after), before or {}, after or {})
        return gettext(name), gettext(N_("Provider")), what, lines
    if path[0] in FIELDS and len(path) > 1:
        return _entry(path, before, after, what)
    value = ({path[0]: before}, {path[0]: after})
    return gettext(N_("Ways to pay")), gettext(N_("Payments")), what, _lines(methods.FIELDS, *value)


def _entry(path: Sequence[str], before: Any, after: Any, what: str) -> Words:
    known = after or before or {}
    title = pick(known.get("name") or {}) or path[-1]
    lines: list[Line] = []
    if before is not None and after is not None:
        lines = _lines(FIELDS[path[0]], before, after)
    happened = "added" if before is None else "retired" if after is None else what
    return title, gettext(ONES[path[0]]), happened, lines


def _lines(asked: tuple[Field, ...], before: Any, after: Any) -> list[Line]:
    return compare(asked, shape.flat(asked, before), shape.flat(asked, after))


def _of_provider(before: Any, after: Any) -> tuple[Field, ...]:
    """Its fields, with those of every kiosk that has something of its own."""
    values = [value for value in (before, after) if value]
    kiosks = {
        code for value in values for key in provider_fields.BY_KIOSK for code in value.get(key, {})
    }
    own = tuple(field for code in sorted(kiosks) for field in provider_fields.kiosk_fields(code))
    return (*provider_fields.FIELDS, *own)
