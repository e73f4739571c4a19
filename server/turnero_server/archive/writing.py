"""Writes a backup from one moment of the database, while others go on using it."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import metadata as package
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Column, ColumnElement, Connection, Table, Text, select, type_coerce

from turnero_core import clock
from turnero_core.db import Database
from turnero_core.ids import new_id
from turnero_core.sealed import Sealed
from turnero_core.settings import Settings
from turnero_server import schema
from turnero_server.archive import format as form
from turnero_server.archive.format import Manifest, TableEntry
from turnero_server.tables import metadata

BATCH = 2000


@dataclass
class _Writer:
    zip: ZipFile
    sha256: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, chunks: Iterator[bytes]) -> None:
        digest = hashlib.sha256()
        with self.zip.open(name, "w", force_zip64=True) as member:
            for chunk in chunks:
                digest.update(chunk)
                member.write(chunk)
        self.sha256[name] = digest.hexdigest()


def backup(settings: Settings, database: Database, file: Path) -> Manifest:
    """Save everything into `file` (mode 0600), which is complete or is not there at all.

    The tables must be at this program's version. OSError when the file cannot be written.
    """
    draft = file.with_name(f".{file.name}.{new_id()}.part")
    try:
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        with os.fdopen(descriptor, "w+b") as out:
            with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=5) as archive:
                manifest = _fill(_Writer(archive), settings, database)
            out.flush()
            os.fsync(out.fileno())
        draft.rename(file)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return manifest


def _fill(writer: _Writer, settings: Settings, database: Database) -> Manifest:
    for path in kept_files(settings.instance):
        name = path.relative_to(settings.instance).as_posix()
        writer.add(f"instance/{name}", iter([path.read_bytes()]))
    with _snapshot(database) as connection:
        made_at = clock.now()
        tables = [
            _table(writer, connection, table)
            for table in metadata.sorted_tables
            if not table.info.get("transient")
        ]
    manifest = Manifest(
        turnero=package.version("turnero"),
        schema=schema.head(),
        engine=database.engine.dialect.name,
        made_at=clock.rfc3339(made_at),
        key_print=form.key_print(settings.secret_key),
        tables=tables,
        sha256=writer.sha256,
    )
    writer.zip.writestr(form.MANIFEST, manifest.to_json())
    return manifest


def kept_files(instance: Path) -> list[Path]:
    """The files of the instance folder that a backup holds."""
    found: list[Path] = []
    for name in form.KEPT:
        place = instance / name
        found += [place] if place.is_file() else sorted(place.rglob("*"))
    return [path for path in found if path.is_file() and not path.is_symlink()]


@contextmanager
def _snapshot(database: Database) -> Iterator[Connection]:
    """One moment of the database, however long it is read. In WAL mode SQLite gives that too."""
    options = (
        {}
        if database.sqlite
        else {
            "isolation_level": "REPEATABLE READ",
            "postgresql_readonly": True,
        }
    )
    with database.engine.connect().execution_options(**options) as connection:
        yield connection
        connection.rollback()


def _as_kept(column: Column[Any]) -> ColumnElement[Any]:
    """What is sealed in the database stays sealed in the backup."""
    return type_coerce(column, Text) if isinstance(column.type, Sealed) else column


def _table(writer: _Writer, connection: Connection, table: Table) -> TableEntry:
    columns = {column.name: form.kind_of(column) for column in table.columns}
    count = 0

    def lines() -> Iterator[bytes]:
        nonlocal count
        query = select(*map(_as_kept, table.columns)).order_by(*table.primary_key.columns)
        rows = connection.execution_options(yield_per=BATCH).execute(query)
        for batch in rows.partitions():
            count += len(batch)
            yield "".join(
                json.dumps(list(row), default=form.encode, ensure_ascii=False) + "\n"
                for row in batch
            ).encode()

    writer.add(form.table_member(table.name), lines())
    return TableEntry(table.name, columns, count)
