"""The lobby, fresh for every test; and one that browsers visit, for all of a module."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
import time_machine
from tests.kiosk.lobby import Lobbies, Lobby

from turnero_core.db import Database
from turnero_server import demo

DEMO = Path(demo.__file__).parent / "municipality.yaml"


@pytest.fixture(scope="session", autouse=True)
def plain_logs() -> Iterator[None]:
    """An error is told in plain lines, not drawn with every local variable."""
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


@pytest.fixture
def both(clock: time_machine.Traveller, database: Database, tmp_path: Path) -> Lobby:
    """The lobby on a Monday morning, with a printer; once on each database."""
    lobby = Lobby(database, tmp_path).furnish()
    lobby.add_printer()
    return lobby


@pytest.fixture(scope="session")
def lobbies(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lobbies]:
    """Lobbies of any configuration, one at a time."""
    found = Lobbies(migrated_sqlite, tmp_path_factory.mktemp("lobbies"))
    yield found
    found.close()


@pytest.fixture
def lobby(clock: time_machine.Traveller, lobbies: Lobbies) -> Lobby:
    """The lobby on a Monday morning, with a printer."""
    return lobbies.open()


@pytest.fixture(scope="module")
def city(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lobby]:
    """A whole city's offices, open round the clock, behind a real server."""
    folder = tmp_path_factory.mktemp("city")
    shutil.copyfile(migrated_sqlite, folder / "turnero.db")
    database = Database(f"sqlite:///{folder / 'turnero.db'}")
    found = Lobby(database, folder).furnish(DEMO.read_text(), round_the_clock=True)
    found.add_printer()
    with found.served():
        yield found
    database.dispose()
