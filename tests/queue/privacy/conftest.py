"""The demonstration's municipality, and Zulema, of whom everything is known."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from tests.admin.cityhall import furnish
from tests.queue.privacy.zulema import Place

from turnero_core.db import Database


@pytest.fixture(scope="session")
def furnished_file(
    migrated_sqlite: Path, quick_passwords: None, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    file = tmp_path_factory.mktemp("furnished") / "furnished.db"
    shutil.copyfile(migrated_sqlite, file)
    furnish(f"sqlite:///{file}")
    return file


@pytest.fixture
def place(clock: time_machine.Traveller, furnished_file: Path, tmp_path: Path) -> Iterator[Place]:
    """On SQLite."""
    file = tmp_path / "turnero.db"
    shutil.copyfile(furnished_file, file)
    database = Database(f"sqlite:///{file}")
    yield Place(database)
    database.dispose()


@pytest.fixture
def either_place(clock: time_machine.Traveller, database: Database) -> Place:
    """On each database."""
    furnish(database.url.render_as_string(hide_password=False))
    return Place(database)
