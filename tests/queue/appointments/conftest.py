"""San Martín with appointments: two places every fifteen minutes in the office's hours."""

import pytest
from tests.queue.appointments.agenda import Agenda
from tests.queue.town import Town


@pytest.fixture
def agenda(town: Town) -> Agenda:
    """Once on each database."""
    found = Agenda(town)
    found.prepare()
    return found


@pytest.fixture
def small_agenda(small_town: Town) -> Agenda:
    """On SQLite alone, for what does not depend on the database."""
    found = Agenda(small_town)
    found.prepare()
    return found
