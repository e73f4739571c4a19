"""Who waits is remembered between requests, and is true all the same."""

import pytest
from tests.queue.town import Town

from turnero_core import clock
from turnero_core.db import Database
from turnero_core.errors import Conflict
from turnero_queue import attending, catalogue, sequence, waiting
from turnero_queue.models import Ticket


def codes(database: Database) -> list[str]:
    with database.read() as session:
        office = catalogue.current(session).office("centro")
        day = clock.local_date(clock.now(), office.zone)
        return sorted(ticket.code for ticket in waiting.load(session, office.id, day))


def cancel(database: Database, ticket_id: str, *, fail: bool) -> None:
    with database.write() as session:
        ticket = session.get_one(Ticket, ticket_id)
        moment = sequence.hold(session, ticket.office_id, clock.now())
        attending.cancel(session, moment, ticket, "Rosa")
        waiting.load(session, ticket.office_id, ticket.business_day)
        if fail:
            raise Conflict("the power went")


def test_another_process_is_heard_of(town: Town) -> None:
    rosa, julio = town.take(), town.take()
    other = Database(town.database.url.render_as_string(hide_password=False))
    assert codes(other) == [rosa["code"], julio["code"]]

    town.do("cancel", rosa)
    marta = town.take()

    assert codes(other) == codes(town.database) == [julio["code"], marta["code"]]
    other.dispose()


def test_what_is_rolled_back_is_not_remembered(town: Town) -> None:
    rosa = town.take()
    before = codes(town.database)

    with pytest.raises(Conflict):
        cancel(town.database, rosa["id"], fail=True)

    assert codes(town.database) == before == [rosa["code"]]
    cancel(town.database, rosa["id"], fail=False)
    assert codes(town.database) == []


def test_a_long_absence_reads_everybody_anew(town: Town) -> None:
    other = Database(town.database.url.render_as_string(hide_password=False))
    assert codes(other) == []
    taken = [town.take()["code"] for _ in range(waiting.MOST_CHANGES + 5)]

    assert codes(other) == sorted(taken)
    other.dispose()


def test_only_those_who_changed_are_read(small_town: Town) -> None:
    for _ in range(30):
        small_town.take()
    codes(small_town.database)
    julio = small_town.take()
    rows: list[int] = []
    load = waiting._waiting

    def counted(*columns: object) -> object:
        rows.append(1)
        return load(*columns)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(waiting, "_waiting", counted)
        assert julio["code"] in codes(small_town.database)
    assert len(rows) <= 1
