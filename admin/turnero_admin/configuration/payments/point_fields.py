"""What a point of sale says: its name, its office and the printer that stands there."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from turnero_admin.configuration.fields import Field, Group, Plain
from turnero_core.i18n import N_, pick
from turnero_queue.api.edge import Unit
from turnero_queue.configuration.tree import Tree

NAME = Field(
    "name",
    N_("Name"),
    "names",
    hint=N_("It stands on receipts, such as: Cash desk of the City Hall."),
    required=True,
)
OFFICE = Field("office", N_("Office"), "choice")
PRINTER = Field(
    "printer",
    N_("Printer of its receipts"),
    "choice",
    hint=N_("One that stands in the same office."),
    blank=N_("The office's first one"),
)
FIELDS = (NAME, OFFICE, PRINTER)


def groups(unit: Unit, tree: Tree, value: Mapping[str, Any]) -> tuple[Group, ...]:
    offices = tuple((each["code"], pick(each["name"])) for each in tree["offices"])
    printers = tuple(_printers(tree).items())
    asked = (NAME, replace(OFFICE, options=offices), replace(PRINTER, options=printers))
    return (Group("", asked),)


def facts(entry: Plain, tree: Tree) -> list[str]:
    offices = {each["code"]: pick(each["name"]) for each in tree["offices"]}
    found = [offices.get(entry["office"], entry["office"]), entry["code"]]
    if printer := entry.get("printer"):
        found.append(_printers(tree).get(printer, printer))
    return found


def _printers(tree: Tree) -> dict[str, str]:
    """Printers by code, with where they stand."""
    found: dict[str, list[str]] = defaultdict(list)
    for office in tree["offices"]:
        for printer in office["printers"]:
            name = printer.get("name") or printer["code"]
            found[printer["code"]].append(f"{pick(office['name'])} · {name}")
    return {code: ", ".join(names) for code, names in found.items()}
