"""What a system of debts is asked and answers: only the fields of its own type."""

from collections.abc import Iterator, Mapping
from typing import Any

from turnero_admin.configuration.fields import Field, Group, Plain
from turnero_admin.configuration.payments.connector_groups import OWN, nothing
from turnero_admin.configuration.payments.names import ASKED, TYPES
from turnero_core.i18n import N_, gettext
from turnero_queue.api.edge import Unit
from turnero_queue.configuration.tree import Tree


def groups(unit: Unit, tree: Tree, value: Mapping[str, Any]) -> tuple[Group, ...]:
    """Those of `value`'s type."""
    own = OWN.get(value.get("type", ""), nothing)
    return tuple(
        Group(gettext(group.title) if group.title else "", group.fields, group.short)
        for group in (*_common(), *own(value))
    )


def facts(entry: Plain, tree: Tree) -> list[str]:
    name, *_ = TYPES[entry["type"]]
    asked = dict(ASKED)
    kinds = [gettext(asked[kind]) for kind in entry.get("asks_for", ["document"])]
    return [gettext(name), ", ".join(kinds)]


def every() -> tuple[Field, ...]:
    """The fields of all types, each once."""
    found = [field for own in OWN.values() for group in own({}) for field in group.fields]
    shared = [field for group in _common() for field in group.fields]
    return tuple({field.name: field for field in (*shared, *found)}.values())


def _common() -> Iterator[Group]:
    yield Group(
        "",
        (
            Field(
                "name",
                N_("Name"),
                "names",
                hint=N_("What people know it by, such as: Municipal taxes."),
                required=True,
            ),
            Field("asks_for", N_("What people are asked for"), "several", options=ASKED),
        ),
    )
