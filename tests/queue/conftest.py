"""San Martín, fresh for every test, on both databases; see `town.Town`."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
import time_machine
from hypothesis import settings
from tests.queue.town import Town


@pytest.fixture(scope="session", autouse=True)
def plain_logs() -> Iterator[None]:
    """An error of the application is told in plain lines, not drawn with every local variable."""
    before = structlog.get_config()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(),
        ],
        cache_logger_on_first_use=False,
    )
    yield
    structlog.configure(**before)


@pytest.fixture(scope="session")
def sqlite_town(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    shutil.copyfile(migrated_sqlite, folder / "turnero.db")
    town = Town(f"sqlite:///{folder / 'turnero.db'}", folder)
    yield town
    town.database.dispose()


@pytest.fixture(scope="session")
def postgres_town(postgres_copy: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    town = Town(postgres_copy, tmp_path_factory.mktemp("town"))
    yield town
    town.database.dispose()


@pytest.fixture(scope="session")
def postgres_copy(postgres_server: str, migrated_postgres: str) -> str:
    """A migrated database that the tests of a session share, each emptying it first."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE san_martin TEMPLATE {}").format(
                sql.Identifier(migrated_postgres)
            )
        )
    return postgres_server.replace("postgresql://", "postgresql+psycopg://", 1).replace(
        "/postgres?", "/san_martin?", 1
    )


@pytest.fixture(params=["sqlite", "postgres"])
def town(request: pytest.FixtureRequest, clock: time_machine.Traveller) -> Town:
    """San Martín on a Monday at 09:05, once on each database."""
    found: Town = request.getfixturevalue(f"{request.param}_town")
    found.prepare()
    return found


@pytest.fixture
def small_town(sqlite_town: Town, clock: time_machine.Traveller) -> Town:
    """The same on SQLite alone, for what does not depend on the database."""
    sqlite_town.prepare()
    return sqlite_town


@pytest.fixture
def big_town(postgres_town: Town, clock: time_machine.Traveller) -> Town:
    """The same on PostgreSQL alone, for what only it could refuse."""
    postgres_town.prepare()
    return postgres_town


# The same examples on every machine, however slow it is.
settings.register_profile("turnero", deadline=None, derandomize=True, database=None)
settings.load_profile("turnero")
