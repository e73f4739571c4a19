"""The demonstration's municipality on either database, and Zulema, of whom everything is known."""

import pytest
import time_machine
from tests.queue.privacy.zulema import Place

from turnero_core.db import Database


@pytest.fixture
def place(database: Database, clock: time_machine.Traveller) -> Place:
    return Place(database)
