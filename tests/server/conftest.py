"""Installations to drive, from nothing at all to a configured municipality."""

from pathlib import Path

import pytest
from tests.server.installation import DEMO, Installation


@pytest.fixture
def blank(tmp_path: Path, blank_database_url: str) -> Installation:
    """Nothing is there yet; once with SQLite, once with PostgreSQL."""
    return Installation(tmp_path / "instance", blank_database_url)


@pytest.fixture
def embedded(tmp_path: Path) -> Installation:
    """After `turnero init` with SQLite."""
    instance = tmp_path / "instance"
    made = Installation(instance, f"sqlite:///{instance / 'turnero.db'}")
    made.run("init")
    return made


@pytest.fixture
def configured(embedded: Installation) -> Installation:
    """With the demonstration municipality loaded."""
    embedded.run("load", DEMO)
    return embedded
