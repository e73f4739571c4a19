"""Rows that a configuration adds, alters and retires; a row's id never changes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_queue import models
from turnero_queue.configuration.references import Coded

Value = TypeVar("Value", bound=Coded)
Row = TypeVar("Row", models.ServiceCategory, models.Service, models.Priority, models.Office)


def upsert(
    session: Session,
    table: type[Row],
    values: Sequence[Value],
    attributes: Callable[[Any], Mapping[str, Any]],
) -> dict[str, Row]:
    """Rows of `values` by code; the table's other rows are retired."""
    rows = {row.code: row for row in session.scalars(select(table))}
    wanted = {value.code for value in values}
    for code, row in rows.items():
        if code not in wanted:
            alter(row, {"active": False})
    for position, value in enumerate(values):
        place(session, rows, value.code, table, {**attributes(value), "position": position})
    return {code: row for code, row in rows.items() if code in wanted}


def place(
    session: Session,
    rows: dict[Any, Any],
    key: Any,
    table: type[Any],
    attributes: Mapping[str, Any],
) -> None:
    if key in rows:
        alter(rows[key], {**attributes, "active": True})
    else:
        rows[key] = table(**attributes)
        session.add(rows[key])


def alter(row: Any, attributes: Mapping[str, Any]) -> None:
    for name, value in attributes.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
