"""The version of a database's tables, and the migrations that move it to another.

The numbered migrations live in `migrations/` of the checkout, and inside this package when
it was installed from a wheel.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from turnero_core.db import Database

# Alembic is imported where tables are changed: a start only looks at their version.
if TYPE_CHECKING:
    from alembic.config import Config

ADVISORY_LOCK = 7_463_001


class State(Enum):
    EMPTY = "empty"
    BEHIND = "behind"
    CURRENT = "current"
    NEWER = "newer"


def folder() -> Path:
    """Where the migrations are."""
    installed = Path(__file__).parent / "migrations"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "migrations"


def head() -> str:
    """The version that this program works with, such as "0003"."""
    known = versions()
    if not known:
        raise RuntimeError(f"no migrations in {folder()}")
    return known[-1]


def versions() -> list[str]:
    """Every version this program knows, the oldest first: the numbers of the migrations' files."""
    files = (folder() / "versions").glob("[0-9]*_*.py")
    return sorted(file.name.partition("_")[0] for file in files)


def version_of(database: Database) -> str | None:
    """The version a database is at; None when it was never migrated."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return version


def state_of(database: Database) -> State:
    """How a database stands to this program."""
    version = version_of(database)
    if version is None:
        return State.EMPTY
    if version == head():
        return State.CURRENT
    return State.BEHIND if version in versions() else State.NEWER


def upgrade(database: Database, version: str = "head") -> None:
    """Bring a database to `version`, wholly or not at all."""
    with transaction(database) as connection:
        upgrade_on(connection, version)


def upgrade_on(connection: Connection, version: str = "head") -> None:
    """The same inside a transaction that `transaction` began."""
    from alembic import command

    command.upgrade(_config(connection), version)


def downgrade(database: Database, version: str) -> None:
    """Take a database back to `version` ("base" leaves no tables), wholly or not at all."""
    from alembic import command

    with transaction(database) as connection:
        command.downgrade(_config(connection), version)


@contextmanager
def transaction(database: Database) -> Iterator[Connection]:
    """A transaction that may change the tables themselves; commits at the end."""
    with database.engine.connect() as connection:
        if database.sqlite:
            with _without_foreign_keys(connection), connection.begin():
                yield connection
                _check_foreign_keys(connection)
        else:
            with connection.begin():
                # Two servers started together must not both migrate.
                connection.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": ADVISORY_LOCK})
                yield connection


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    # "%" begins an interpolation in Alembic's options.
    config.set_main_option("script_location", str(folder()).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """SQLite alters a table by building it anew, which would cascade; it heeds the switch only
    outside a transaction."""
    driver = connection.connection.cursor()
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
        driver.close()


def _check_foreign_keys(connection: Connection) -> None:
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if orphans:
        raise RuntimeError(f"the migration would leave rows without what they refer to: {orphans}")
