"""The hall of San Martín: an agent, a kiosk, printers, and what they ask of the server."""

import pytest
from tests.queue.devices.hall_devices import Machines
from tests.queue.town import Town

from turnero_queue import devices
from turnero_queue.api import devices_views


@pytest.fixture(autouse=True)
def nobody_has_guessed_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices_views, "guesses", devices.Guesses())


@pytest.fixture
def machines(town: Town) -> Machines:
    """Once on each database."""
    return Machines(town)


@pytest.fixture
def small_machines(small_town: Town) -> Machines:
    """On SQLite alone, for what does not depend on the database."""
    return Machines(small_town)
