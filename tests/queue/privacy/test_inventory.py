"""Every column of text, in every table, is classed: what may tell of a person, and what cannot."""

from sqlalchemy import JSON, Column, LargeBinary, String
from sqlalchemy.types import TypeDecorator

from turnero_core.sealed import Sealed
from turnero_queue.privacy import inventory
from turnero_queue.privacy.inventory_plain import PLAIN
from turnero_queue.privacy.measures import MEASURES
from turnero_server.schema import folder
from turnero_server.tables import metadata


def holds_text(column: Column[object]) -> bool:
    kind = column.type
    stored = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    return isinstance(stored, String | JSON | LargeBinary)


def test_every_column_of_text_is_classed_once() -> None:
    wrong = []
    for table in metadata.tables.values():
        plain, held = PLAIN.get(table.name, "").split(), inventory.columns(table.name)
        there = {column.name for column in table.columns if holds_text(column)}
        wrong += [f"{table.name}.{name}: not classed" for name in there - {*plain} - held]
        wrong += [f"{table.name}.{name}: twice" for name in {*plain} & held]
        wrong += [f"{table.name}.{name}: no such column" for name in {*plain, *held} - there]
    assert sorted(wrong) == []


def test_no_table_is_classed_that_is_not_there() -> None:
    assert {*PLAIN, *(one.table for one in inventory.HELD)} <= {*metadata.tables}


def test_what_is_sealed_is_never_called_open() -> None:
    sealed = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Sealed) and column.name in PLAIN.get(table.name, "").split()
    }
    assert sealed == set()


def test_whatever_names_somebody_is_emptied_by_a_measure_or_goes_by_itself() -> None:
    emptied = {one.table.__tablename__ for one in MEASURES}
    left = {one.table for one in inventory.HELD if one.kind == inventory.SENSITIVE} - emptied
    # Deleted whole, two days after.
    assert left == {"idempotency_key"}


def test_the_table_in_the_documentation_is_the_one_in_force() -> None:
    kept = (folder().parent / "docs" / "privacy.md").read_text()
    assert inventory.page() in kept
