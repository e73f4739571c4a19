"""The table that stands behind every chart and every file: columns with a kind, rows of values."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from turnero_admin.statistics.numbers import Writer
from turnero_core.i18n import N_, gettext

Kind = Literal["text", "count", "decimal", "share", "minutes", "hours", "moment", "mixed"]
#: What a column's values are in, in a file; on the page each value is written with its own.
_UNITS = {
    "minutes": N_("minutes"),
    "hours": N_("seconds"),
    "share": N_("from 0 to 1"),
}


@dataclass(frozen=True)
class Column:
    """`key` names it in JSON; values of kind hours are seconds, of share 0 to 1.

    In a column of kind mixed each row says of which kind its value is.
    """

    key: str
    label: str
    kind: Kind = "count"

    @property
    def figure(self) -> bool:
        return self.kind not in ("text", "moment")

    @property
    def heading(self) -> str:
        """Its label in a file, with the unit."""
        unit = _UNITS.get(self.kind)
        return f"{self.label} ({gettext(unit)})" if unit else self.label


@dataclass(frozen=True)
class Row:
    values: tuple[Any, ...]
    href: str | None = None
    total: bool = False
    kind: Kind = "text"


#: What stands in a cell, whether it is a figure, and how long its bar is if it has one.
Cell = tuple[str, bool, float | None]


@dataclass(frozen=True)
class Line:
    """A row written out: its name, and the cells that follow."""

    row: Row
    name: str
    cells: list[Cell]


@dataclass(frozen=True)
class Table:
    """`key` names it in addresses; `bar` is the column drawn as bars, if any."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    bar: str | None = None

    def cells(self, row: Row) -> Iterator[tuple[Column, Any]]:
        for column, value in zip(self.columns, row.values, strict=True):
            yield replace(column, kind=row.kind) if column.kind == "mixed" else column, value

    def lines(self, write: Writer) -> Iterator[Line]:
        """Every row as a page shows it."""
        for row in self.rows:
            named, *others = self.cells(row)
            yield Line(
                row, _written(write, named), [self._cell(row, write, *one) for one in others]
            )

    def _cell(self, row: Row, write: Writer, column: Column, value: Any) -> Cell:
        part = self.part(value) if column.key == self.bar and not row.total else None
        return _written(write, (column, value)), column.figure, part

    def part(self, value: float | None) -> float:
        """How long the bar of `value` is, from 0 to 1; shares are drawn as what they are."""
        return value / self._longest if value else 0.0

    @cached_property
    def _longest(self) -> float:
        """The value whose bar is as long as there is room for."""
        place = next(at for at, column in enumerate(self.columns) if column.key == self.bar)
        if self.columns[place].kind == "share":
            return 1.0
        return float(max(row.values[place] or 0 for row in self.rows if not row.total))

    def headings(self) -> list[str]:
        return [column.heading for column in self.columns]

    def plain(self) -> list[list[Any]]:
        """Rows for a file: numbers as numbers, nothing as nothing, shares from 0 to 1."""
        return [[_plain(value) for value in row.values] for row in self.rows]

    def records(self) -> list[dict[str, Any]]:
        keys = [column.key for column in self.columns]
        return [dict(zip(keys, row, strict=True)) for row in self.plain()]


def _written(write: Writer, cell: tuple[Column, Any]) -> str:
    column, value = cell
    return write.by_kind(column.kind)(value)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, float):
        return round(value, 4)
    return value.isoformat()
