"""The format, version 1: a zip with a manifest, a JSON-lines file for each table, and files.

    manifest.json          what the backup is, and the SHA-256 of everything else in it
    tables/<table>.jsonl   a JSON array a row, in the order of the manifest's columns
    instance/<path>        files of the instance folder

Values are JSON; times, dates and bytes are text, and the manifest says which columns they are.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Float, Integer, LargeBinary, String
from sqlalchemy.types import TypeDecorator, TypeEngine

from turnero_core.db import JsonValue, UTCDateTime

FORMAT = 1
MANIFEST = "manifest.json"
KIND = "turnero-backup"
# Below the instance folder; the database itself is saved as tables.
KEPT = ("secret_key", "secrets", "certificate_keys", "files")


@dataclass(frozen=True)
class TableEntry:
    name: str
    columns: dict[str, str]
    rows: int


@dataclass(frozen=True)
class Manifest:
    """`schema` is the version of the tables; `key_print` tells whether a secret key is the same."""

    turnero: str
    schema: str
    engine: str
    made_at: str
    key_print: str
    tables: list[TableEntry]
    sha256: dict[str, str] = field(default_factory=dict)
    kind: str = KIND
    format: int = FORMAT

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """ValueError, KeyError or TypeError when it is not a manifest."""
        found = json.loads(text)
        tables = [TableEntry(**entry) for entry in found.pop("tables")]
        return cls(tables=tables, **found)


def table_member(name: str) -> str:
    return f"tables/{name}.jsonl"


def key_print(secret_key: str) -> str:
    """Tells two keys apart without giving either away."""
    return hashlib.sha256(b"turnero backup " + secret_key.encode()).hexdigest()[:16]


def kind_of(column: Column[Any]) -> str:
    """The name that the manifest gives a column's type."""
    stored = column.type
    if isinstance(stored, TypeDecorator) and not isinstance(stored, UTCDateTime):
        # What the program makes of a value is no matter of the backup's.
        stored = stored.impl_instance
    for kind, types in _KINDS:
        if isinstance(stored, types):
            return kind
    raise TypeError(f"{column} has a type that a backup cannot hold: {column.type!r}")


def column_type(kind: str) -> TypeEngine[Any]:
    """The type that writes values of `kind` to either engine."""
    return _TYPES[kind]()


def encode(value: Any) -> Any:
    """For json.dumps: what JSON itself cannot say."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"a backup cannot hold {value!r}")


def decoder(kind: str) -> Callable[[Any], Any] | None:
    """What turns a JSON value of `kind` back into Python's; None when it is that already."""
    return _DECODERS.get(kind)


_KINDS: tuple[tuple[str, type], ...] = (
    ("time", UTCDateTime),
    ("date", Date),
    ("json", JSON),
    ("bytes", LargeBinary),
    ("boolean", Boolean),
    ("integer", Integer),
    ("float", Float),
    ("text", String),
)
_TYPES: dict[str, Callable[[], TypeEngine[Any]]] = {
    "time": UTCDateTime,
    "date": Date,
    "json": lambda: JsonValue,
    "bytes": LargeBinary,
    "boolean": Boolean,
    "integer": Integer,
    "float": Float,
    "text": String,
}
_DECODERS: dict[str, Callable[[Any], Any]] = {
    "time": datetime.fromisoformat,
    "date": date.fromisoformat,
    "bytes": base64.b64decode,
}
