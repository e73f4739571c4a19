"""The day's table: every booking once, side by side where they overlap, no cell too many."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.admin import bookings
from tests.admin.bookings import LUIS, ROSA, lima
from tests.admin.cityhall import CityHall

from turnero_admin.calendar import layout
from turnero_admin.calendar.layout import Grid
from turnero_core import clock as clocks
from turnero_queue import appointments, catalogue
from turnero_queue.catalogue import Closure

TUESDAY, SUNDAY = date(2026, 3, 3), date(2026, 3, 8)


def grid(hall: CityHall, day: date = TUESDAY) -> Grid | None:
    with hall.database.read() as session:
        office = catalogue.current(session).office("centro")
        view = appointments.day_view(session, office, day, clocks.now())
        return layout.grid(office, view, clocks.now())


def is_whole(found: Grid) -> None:
    """Cells and those that reach down into a row fill it exactly."""
    lanes = sum(len(column.lanes) for column in found.columns)
    reaching: list[int] = []
    for row in found.rows:
        reaching = [left - 1 for left in reaching if left > 1]
        reaching += [cell.until - cell.first if cell else 1 for cell in row.cells]
        assert len(reaching) == lanes, row.start
    assert all(left == 1 for left in reaching)


def blocked(hall: CityHall, start: int, end: int, *desks: str) -> None:
    with hall.database.write() as session:
        office = catalogue.current(session).office("centro")
        at, until = lima(TUESDAY, start), lima(TUESDAY, end)
        appointments.block(
            session, office, at, until, "Training", "test", clocks.now(), desks=desks
        )


@pytest.mark.parametrize("desks", [(), ("1",), ("1", "5")])
def test_a_blocked_time_stands_beside_what_is_booked_in_it(
    hall: CityHall, desks: tuple[str, ...]
) -> None:
    for person in (ROSA, LUIS):
        bookings.book(hall, lima(TUESDAY, 9), person=person)
    blocked(hall, 8, 10, *desks)
    found = grid(hall)
    assert found
    is_whole(found)
    shown = [cell for row in found.rows for cell in row.cells if cell]
    assert sum(cell.entry is not None for cell in shown) == 2
    wide = {column.code for column in found.columns if len(column.lanes) == 2}
    assert wide == ({"1", "2"} if not desks else {"1"})


def test_a_block_over_the_whole_day_and_beyond_ends_where_the_table_ends(hall: CityHall) -> None:
    blocked(hall, 0, 23)
    found = grid(hall)
    assert found
    is_whole(found)
    assert found.rows[0].start == lima(TUESDAY, 8)
    assert found.rows[-1].start + timedelta(minutes=found.step) == lima(TUESDAY, 16, 30)


def test_what_has_no_desk_has_a_column_of_its_own(hall: CityHall) -> None:
    taxes = bookings.given(hall)["tributos"]
    others = [each for code, each in bookings.given(hall).items() if code != "tributos"]
    bookings.give(hall, replace(taxes, desks=(), seats=3), *others)
    for person in (ROSA, LUIS):
        bookings.book(hall, lima(TUESDAY, 9), person=person)
    found = grid(hall)
    assert found
    is_whole(found)
    assert found.columns[-1].code is None
    assert len(found.columns[-1].lanes) == 2


def test_a_closed_day_has_no_table_unless_somebody_is_still_booked(hall: CityHall) -> None:
    bookings.book(hall, lima(TUESDAY, 9))
    with hall.database.read() as session:
        office = catalogue.current(session).office("centro")
        closed = replace(office, closures=(Closure(TUESDAY, SUNDAY, {"es": "Feriado"}),))
        days = [
            appointments.day_view(session, closed, day, clocks.now()) for day in (TUESDAY, SUNDAY)
        ]
        with_rosa, empty = (layout.grid(closed, day, clocks.now()) for day in days)
    assert empty is None
    assert with_rosa
    is_whole(with_rosa)
    assert len(with_rosa.rows) == 1
