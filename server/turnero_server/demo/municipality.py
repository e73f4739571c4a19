"""Loads the demonstration municipality, with every office open round the clock."""

from functools import cache
from importlib.resources import files

from turnero_core.db import Database
from turnero_queue import configuration

ACTOR = "turnero demo"
NAME = "municipality.yaml"


@cache
def read() -> configuration.Configuration:
    """As its file says, with opening hours."""
    return configuration.parse(files(__package__).joinpath(NAME).read_bytes(), NAME)


def load(database: Database) -> None:
    wanted = configuration.open_round_the_clock(read())
    with database.write() as session:
        configuration.apply(session, wanted, actor=ACTOR)
