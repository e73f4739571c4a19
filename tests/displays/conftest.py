"""The hall of San Martín, served to a browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.displays.cast import Hall


@pytest.fixture(scope="session")
def served_hall(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    folder = tmp_path_factory.mktemp("hall")
    shutil.copyfile(migrated_sqlite, folder / "turnero.db")
    hall = Hall(f"sqlite:///{folder / 'turnero.db'}", folder)
    with hall.served():
        yield hall
    hall.database.dispose()


@pytest.fixture
def hall(served_hall: Hall) -> Hall:
    """An empty hall with ten desks, open at this hour."""
    served_hall.prepare()
    return served_hall
