"""What a certificate says: its text in every language, whom it asks, how long it is valid."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from turnero_admin.configuration.fields import Field, Group, Plain
from turnero_admin.configuration.payments.names import ASKED
from turnero_core.i18n import N_, gettext, pick
from turnero_queue.api.edge import Unit
from turnero_queue.configuration.scalars import decimals
from turnero_queue.configuration.tree import Tree

DAYS = "30"
USUAL = {"asks_for": "document"}


SAYS = (
    Field("name", N_("Title"), "names", required=True),
    Field(
        "text",
        N_("Text"),
        "names",
        hint=N_(
            "What stands in braces is filled in: {municipality}, {office}, {subject} "
            "(the document's number), {date} and {valid_until}."
        ),
        required=True,
        longest=1000,
        lines=True,
    ),
)
SYSTEM = Field(
    "connector",
    N_("Who is asked whether anything is owed"),
    "choice",
    blank=N_("Choose …"),
)
ASKS_FOR = Field("asks_for", N_("What people are asked for"), "choice", options=ASKED)
VALIDITY = Field("validity_days", N_("Days for which it is valid"), "number", low=1)
FEE = Field(
    "fee",
    N_("Fee"),
    "money",
    hint=N_("It is paid first. Leave it empty when it costs nothing."),
)
FIELDS = (*SAYS, SYSTEM, ASKS_FOR, VALIDITY, FEE)


def groups(unit: Unit, tree: Tree, value: Mapping[str, Any]) -> tuple[Group, ...]:
    currency = tree["municipality"]["currency"]
    system = replace(SYSTEM, options=tuple(_systems(tree).items()))
    fee = replace(FEE, high=decimals(currency), blank=currency)
    return (
        Group(gettext(N_("What it says")), SAYS),
        Group(gettext(N_("How it is given")), (system, ASKS_FOR, VALIDITY, fee), short=True),
    )


def facts(entry: Plain, tree: Tree) -> list[str]:
    asked = str(entry["connector"])
    found = [_systems(tree).get(asked, asked)]
    days = entry.get("validity_days", DAYS)
    found.append(gettext(N_("valid for %(days)s days"), days=days))
    if fee := entry.get("fee"):
        found.append(f"{tree['municipality']['currency']} {fee}")
    return found


def _systems(tree: Tree) -> dict[str, str]:
    connectors = tree["municipality"]["payments"]["connectors"]
    return {each["code"]: pick(each.get("name", {})) or each["code"] for each in connectors}
