"""Gives the demonstration its last weeks, once."""

import random
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.db import Database
from turnero_queue import catalogue
from turnero_queue.catalogue import Catalogue, Office
from turnero_queue.configuration import Configuration
from turnero_queue.models import Ticket
from turnero_queue.statistics import updating
from turnero_server.demo import cast, municipality
from turnero_server.demo.past import city, opinions
from turnero_server.demo.past.day import Day
from turnero_server.demo.past.living import live
from turnero_server.demo.past.writing import write

WEEKS = 6
EVERYTHING = 10**9


def fill_in(database: Database, weeks: int = WEEKS) -> bool:
    """The weeks up to yesterday, if nobody has ever taken a turn; whether it did that."""
    with database.write() as session:
        if session.scalar(select(Ticket.id).limit(1)) is not None:
            return False
        cast.colleagues(session)
        configured = catalogue.current(session)
        written = municipality.read()
        for office in configured.offices:
            _live_through(session, configured, office, written, weeks)
            updating.advance(session, configured, office, EVERYTHING)
    return True


def _live_through(
    session: Session, configured: Catalogue, office: Office, written: Configuration, weeks: int
) -> None:
    yesterday = clock.local_date(clock.now(), office.zone) - timedelta(days=1)
    then = city.as_configured(office, written)
    for day, spans in city.openings(then, yesterday, weeks):
        dice = random.Random(f"{office.code} {day}")  # noqa: S311 - a play, not a secret
        habits = city.CityHabits(dice, configured, office, spans)
        past = Day(office, day, habits.many(dice), configured.priorities, habits, dice)
        live(past)
        write(session, past)
        opinions.gather(session, past, dice)
