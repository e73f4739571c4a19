"""The tables a migrated database has are the ones the program declares, on both engines."""

from collections.abc import Iterator
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from turnero_core.db import Database
from turnero_server import schema
from turnero_server.tables import metadata


@pytest.fixture
def blank(blank_database_url: str) -> Iterator[Database]:
    database = Database(blank_database_url)
    yield database
    database.dispose()


def tables_of(database: Database) -> dict[str, Any]:
    """What the engine itself says of every table, with what Alembic does not compare."""
    with database.engine.connect() as connection:
        seen = inspect(connection)
        return {
            table: {
                "checks": {c["name"]: c["sqltext"] for c in seen.get_check_constraints(table)},
                "unique": {
                    c["name"]: c["column_names"] for c in seen.get_unique_constraints(table)
                },
                "primary key": seen.get_pk_constraint(table),
                "indexes": {
                    index["name"]: (
                        index["column_names"],
                        index["unique"],
                        {k: str(v) for k, v in index.get("dialect_options", {}).items()},
                    )
                    for index in seen.get_indexes(table)
                },
                "nullable": {c["name"]: c["nullable"] for c in seen.get_columns(table)},
            }
            for table in seen.get_table_names()
            if table != "alembic_version"
        }


def test_migrated_tables_are_the_declared_ones(blank: Database) -> None:
    schema.upgrade(blank)
    with blank.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    migrated = tables_of(blank)
    schema.downgrade(blank, "base")
    with blank.engine.begin() as connection:
        metadata.create_all(connection)
    assert migrated == tables_of(blank)
    assert set(migrated) == set(metadata.tables)


def test_every_step_goes_up_and_down_again(blank: Database) -> None:
    for version in schema.versions():
        schema.upgrade(blank, version)
        assert schema.version_of(blank) == version
    for version in [*reversed(schema.versions()[:-1]), "base"]:
        schema.downgrade(blank, version)
        assert schema.version_of(blank) == (None if version == "base" else version)
    assert tables_of(blank) == {}


def test_versions_are_one_numbered_line_and_every_file_is_on_it() -> None:
    files = sorted(path.name[:4] for path in (schema.folder() / "versions").glob("*.py"))
    line = ScriptDirectory(str(schema.folder())).walk_revisions()
    assert [script.revision for script in reversed(list(line))] == files
    assert files == schema.versions()
    assert files == [f"{number:04}" for number in range(1, len(files) + 1)]


def test_migrating_twice_changes_nothing(blank: Database) -> None:
    schema.upgrade(blank)
    before = tables_of(blank)
    schema.upgrade(blank)
    assert tables_of(blank) == before
    assert schema.state_of(blank) is schema.State.CURRENT


def test_a_blank_database_is_told_from_one_that_is_behind_and_one_that_is_newer(
    blank: Database,
) -> None:
    assert schema.state_of(blank) is schema.State.EMPTY
    schema.upgrade(blank)
    with blank.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert schema.state_of(blank) is schema.State.NEWER


def test_a_migration_that_fails_leaves_nothing_behind(
    blank: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "upgrade", _upgrade_and_fail(command.upgrade))
    with pytest.raises(RuntimeError, match="the disk is full"):
        schema.upgrade(blank)
    assert tables_of(blank) == {}
    assert schema.state_of(blank) is schema.State.EMPTY


def _upgrade_and_fail(upgrade: Any) -> Any:
    def run(*args: Any) -> None:
        upgrade(*args)
        raise RuntimeError("the disk is full")

    return run
