"""Puts a backup into a database, on either engine: all of it or nothing."""

import os
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, MetaData, column, func, insert, select, table, text
from sqlalchemy import inspect as inspected

from turnero_core.db import Database
from turnero_core.errors import Conflict
from turnero_core.i18n import N_
from turnero_core.ids import new_id
from turnero_server import schema
from turnero_server.archive import format as form
from turnero_server.archive.format import TableEntry
from turnero_server.archive.reading import Archive, ArchiveError

BATCH = 2000


def restore(archive: Archive, instance: Path, database: Database, *, force: bool) -> int:
    """Replace the database and the instance's files by what `archive` holds; gives the rows.

    The tables are made at the backup's version, filled, and brought to this program's. Conflict
    when the database holds anything and `force` is not given.
    """
    drafts = _stage_files(archive, instance)
    try:
        with schema.transaction(database) as connection:
            if not force and (holding := _first_with_rows(connection)):
                raise Conflict(
                    N_("The database is not empty (%(table)s): --force replaces all of it."),
                    slug="database-not-empty",
                    table=holding,
                )
            rows = _replace(archive, connection)
        for draft, target in drafts:
            draft.replace(target)
    finally:
        for draft, _ in drafts:
            draft.unlink(missing_ok=True)
    return rows


def _replace(archive: Archive, connection: Connection) -> int:
    _drop_everything(connection)
    schema.upgrade_on(connection, archive.manifest.schema)
    rows = 0
    for entry in archive.manifest.tables:
        _fill(archive, connection, entry)
        rows += entry.rows
    _check_counts(connection, archive.manifest.tables)
    schema.upgrade_on(connection)
    return rows


def _fill(archive: Archive, connection: Connection, entry: TableEntry) -> None:
    columns = (column(name, form.column_type(kind)) for name, kind in entry.columns.items())
    target = insert(table(entry.name, *columns))
    rows = archive.rows(entry)
    while batch := list(islice(rows, BATCH)):
        connection.execute(target, batch)
    if connection.dialect.name == "postgresql":
        _move_sequences(connection, entry)


def _move_sequences(connection: Connection, entry: TableEntry) -> None:
    """Numbers that PostgreSQL gives must go on after those that were brought in."""
    owned = text("SELECT pg_get_serial_sequence(:name, :column)")
    for name, kind in entry.columns.items():
        if kind != "integer":
            continue
        here = {"name": f'"{entry.name}"', "column": name}
        sequence = connection.scalar(owned, here)
        most = sequence and connection.scalar(
            select(func.max(column(name))).select_from(table(entry.name))
        )
        if most:
            connection.execute(select(func.setval(sequence, most)))


def _check_counts(connection: Connection, tables: list[TableEntry]) -> None:
    for entry in tables:
        found = connection.scalar(select(func.count()).select_from(table(entry.name)))
        if found != entry.rows:
            raise ArchiveError(
                N_("%(table)s has %(found)s rows and should have %(rows)s: nothing was restored."),
                table=entry.name,
                found=found,
                rows=entry.rows,
            )


def _first_with_rows(connection: Connection) -> str | None:
    for name in inspected(connection).get_table_names():
        if name in ("alembic_version", "scheduler_lease"):
            continue
        if connection.execute(select(text("1")).select_from(table(name)).limit(1)).first():
            return name
    return None


def _drop_everything(connection: Connection) -> None:
    # Views first: they stand on the tables.
    quoted = connection.dialect.identifier_preparer.quote
    for view in inspected(connection).get_view_names():
        connection.execute(text(f"DROP VIEW {quoted(view)}"))
    present = MetaData()
    present.reflect(connection)
    present.drop_all(connection)


def _stage_files(archive: Archive, instance: Path) -> list[tuple[Path, Path]]:
    """Write the instance's files beside where they belong, to be moved there in one step each."""
    instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    drafts: list[tuple[Path, Path]] = []
    for name, content in archive.files():
        target = instance / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = target.with_name(f".{target.name}.{new_id()}.part")
        drafts.append((draft, target))
        _write(draft, content)
    return drafts


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
