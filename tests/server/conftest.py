"""Installations to drive, from nothing at all to a configured municipality; the demonstration."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.server.demonstration import Demonstration
from tests.server.installation import DEMO, Installation

from turnero_core.db import Database
from turnero_server.demo.cast import cast
from turnero_server.demo.municipality import load


@pytest.fixture
def blank(tmp_path: Path, blank_database_url: str) -> Installation:
    """Nothing is there yet; once with SQLite, once with PostgreSQL."""
    return Installation(tmp_path / "instance", blank_database_url)


@pytest.fixture(scope="session")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """After `turnero init` with SQLite, to copy others from."""
    made = _at(tmp_path_factory.mktemp("initialised") / "instance")
    made.run("init")
    return made


@pytest.fixture(scope="session")
def loaded(initialised: Installation, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """With the demonstration municipality loaded, to copy others from."""
    made = _copy(initialised, tmp_path_factory.mktemp("loaded") / "instance")
    made.run("load", DEMO)
    return made


@pytest.fixture
def embedded(initialised: Installation, tmp_path: Path) -> Installation:
    """After `turnero init` with SQLite."""
    return _copy(initialised, tmp_path / "instance")


@pytest.fixture
def configured(loaded: Installation, tmp_path: Path) -> Installation:
    """With the demonstration municipality loaded."""
    return _copy(loaded, tmp_path / "instance")


@pytest.fixture(scope="session")
def demonstrated(
    migrated_sqlite: Path, quick_passwords: None, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The demonstration's instance before anybody has come, to copy others from."""
    folder = tmp_path_factory.mktemp("demonstrated") / "instance"
    folder.mkdir()
    shutil.copyfile(migrated_sqlite, folder / "turnero.db")
    database = Database(f"sqlite:///{folder / 'turnero.db'}")
    load(database)
    cast(database, folder)
    database.dispose()
    return folder


@pytest.fixture
def demo(demonstrated: Path, tmp_path: Path) -> Iterator[Demonstration]:
    """The demonstration before anybody has come."""
    made = Demonstration(shutil.copytree(demonstrated, tmp_path / "instance"))
    yield made
    made.close()


def _at(instance: Path) -> Installation:
    return Installation(instance, f"sqlite:///{instance / 'turnero.db'}")


def _copy(installation: Installation, instance: Path) -> Installation:
    shutil.copytree(installation.instance, instance)
    return _at(instance)
