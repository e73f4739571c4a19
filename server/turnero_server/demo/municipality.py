"""Loads the demonstration municipality, with every office open round the clock."""

from importlib.resources import files

from turnero_core.db import Database
from turnero_queue import configuration

ACTOR = "turnero demo"
NAME = "municipality.yaml"


def load(database: Database) -> None:
    content = files(__package__).joinpath(NAME).read_bytes()
    wanted = configuration.open_round_the_clock(configuration.parse(content, NAME))
    with database.write() as session:
        configuration.apply(session, wanted, actor=ACTOR)
