"""How each connector is configured, as values that survive a trip through JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from turnero_queue.connectors.debt import Kind

Amounts = Literal["decimal", "minor"]
Type = Literal["http", "sql", "csv", "demo"]
TYPES: tuple[Type, ...] = ("http", "sql", "csv", "demo")
KINDS: tuple[Kind, ...] = ("document", "account")
LONGEST_CACHE_S = 60


@dataclass(frozen=True)
class Connector:
    """One system of debts. What depends on `type` is told beside it:

    http: `url` with {kind} and {value}; `headers` (text, or {"file": name} of a secret), `path`
    to the list, `none_when_404`; `report_url` is sent a POST for a paid debt.
    sql: `url` of SQLAlchemy with `password_file`; `query` with :document, :account, :value or
    :kind; `report_statement` with the parameters of `sql.REPORT_PARAMETERS`.
    csv: `file`, `encoding`, `delimiter`, the columns of `keys` by kind; `report_file`.
    """

    code: str
    type: Type
    name: Mapping[str, str] = field(default_factory=dict)
    asks_for: tuple[Kind, ...] = ("document",)
    timeout_s: int = 5
    cache_s: int = 15
    amounts: Amounts = "decimal"
    fields: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    headers: Mapping[str, Any] = field(default_factory=dict)
    path: str = ""
    none_when_404: bool = False
    report_url: str = ""
    password_file: str = ""
    query: str = ""
    report_statement: str = ""
    file: str = ""
    encoding: str = "utf-8"
    delimiter: str = ","
    keys: Mapping[str, str] = field(default_factory=dict)
    report_file: str = ""

    def to_plain(self) -> dict[str, Any]:
        """JSON-ready, without what is as it is by default."""
        plain = {one.name: _plain(getattr(self, one.name)) for one in fields(self)}
        usual = Connector(self.code, self.type)
        named = ("code", "type")
        return {
            key: value
            for key, value in plain.items()
            if key in named or value != _plain(getattr(usual, key))
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Connector:
        values = dict(plain)
        if "asks_for" in values:
            values["asks_for"] = tuple(values["asks_for"])
        return cls(**values)

    @property
    def identity(self) -> str:
        """The same text for the same settings."""
        return repr(sorted(self.to_plain().items()))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value
