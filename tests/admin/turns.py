"""A short day at the city hall, whose figures can be added up by hand, and who looks at them."""

from datetime import UTC, datetime

import time_machine
from tests.admin.cityhall import CityHall
from tests.admin.machines import hire

from turnero_core import clock as now_source
from turnero_queue import attending, sequence
from turnero_queue.models import Ticket

MORNING = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
EVENING = MORNING.replace(hour=23)
DAY, BEFORE = "2026-03-02", "2026-03-01"
FORMULA = "=cmd|wheelchair"
MINUTE = 60


def employ(hall: CityHall) -> None:
    """Saúl supervises the centre, Norma the north; Ada administers, Olga audits."""
    hire(hall, "saul", "supervisor", "centro")
    hire(hall, "norma", "supervisor", "norte")
    hire(hall, "ada", "administrator")
    hire(hall, "olga", "auditor")


def happen(hall: CityHall, clock: time_machine.Traveller) -> None:
    """Six turns in the centre from 9:05, one in the north.

    Attended: the first after 6 minutes in 10, the second after 16 in 8. The third is missed after
    24, the fourth called out of order at once and still there, the fifth cancelled, the sixth
    waits. In the north one is attended after 2 minutes in 5.
    """
    ana, nora = hall.clerk("ana"), hall.clerk("nora")
    first, second, third = hall.take_turn(), hall.take_turn(), hall.take_turn()
    clock.shift(6 * MINUTE)
    ana.at_desk("next")
    ana.do("start", first)
    clock.shift(10 * MINUTE)
    ana.do("finish-and-next", first)
    ana.do("recall", second)
    ana.do("start", second)
    clock.shift(8 * MINUTE)
    ana.do("finish-and-next", second)
    ana.do("no-show", third)
    fourth = hall.take_turn(priority="preferential")
    ana.do("call", fourth, reason=FORMULA)
    fifth = hall.take_turn("catastro")
    cancel(hall, fifth)
    hall.take_turn()
    north = hall.take_turn(office="norte")
    clock.shift(2 * MINUTE)
    nora.at_desk("next", "norte/1")
    nora.do("start", north, "norte/1")
    clock.shift(5 * MINUTE)
    nora.do("finish", north, "norte/1")


def cancel(hall: CityHall, ticket_id: str) -> None:
    with hall.database.write() as session:
        ticket = session.get_one(Ticket, ticket_id)
        moment = sequence.hold(session, ticket.office_id, now_source.now())
        attending.cancel(session, moment, ticket, "public")
