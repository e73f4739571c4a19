"""Short days of San Martín, whose figures can be added up by hand."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import time_machine
from tests.queue.town import Town

from turnero_core.clock import now
from turnero_queue import catalogue, statistics
from turnero_queue.models import Feedback
from turnero_queue.statistics import Figures, Query, Report, Spread, updating
from turnero_queue.statistics.comparing import compare

MONDAY = date(2026, 3, 2)


def a_day(town: Town, clock: time_machine.Traveller) -> None:
    """Five turns from 9:05: two attended, one cancelled, one missed, one still waiting."""
    town.desk("open", "1")
    rosa, juan = town.take(), town.take(priority="preferential")
    clock.shift(60 * 7 + 30)
    assert town.called("1")["id"] == juan["id"]
    town.do("start", juan)
    clock.shift(60 * 4)
    assert town.called("1", finish_current=True)["id"] == rosa["id"]
    town.do("recall", rosa)
    town.do("start", rosa)
    clock.shift(60 * 9 + 59)
    town.do("finish", rosa)
    luis = town.take("catastro")
    town.do("cancel", luis)
    ana = town.take("licencias")
    town.do("call", ana, desk="2", reason="wheelchair")
    town.do("no-show", ana)
    town.take("caja")


def ask(town: Town, **filters: Any) -> Report:
    with town.database.read() as session:
        offices = catalogue.current(session).offices
        found = statistics.report(session, Query(offices, MONDAY, MONDAY, **filters))
        assert found.totals.issued == sum(row.figures.issued for row in found.by("desk"))
        return found


def test_todays_figures_are_right_before_and_after_they_are_stored(
    town: Town, clock: time_machine.Traveller
) -> None:
    a_day(town, clock)
    for _ in range(2):
        totals = ask(town).totals
        ends = totals.served, totals.left, totals.cancelled, totals.no_show, totals.there
        assert (totals.issued, *ends) == (5, 2, 0, 1, 1, 1)
        assert (totals.wait.count, totals.wait.median, totals.wait.p90) == (3, 7, 11)
        assert (totals.service.median, totals.service.p90) == (4, 9)
        assert (totals.with_target, totals.on_target) == (3, 3)
        assert (totals.calls, totals.recalls, totals.out_of_order) == (3, 1, 1)
        # Open from 9:05 for 21:29, and serving for 4:00 and 9:59 of them.
        desk = next(row for row in ask(town).by("desk") if row.key == "centro/1")
        assert (desk.figures.open_s, desk.figures.serving_s) == (21 * 60 + 29, 13 * 60 + 59)
        with town.database.write() as session:
            updating.bring_up_to_date(session, now())
    with town.database.read() as session:
        configured = catalogue.current(session)
        for office in configured.offices:
            assert updating.verify(session, configured, office, MONDAY, MONDAY) is None


def test_a_call_that_was_put_back_never_happened_and_a_late_end_reaches_its_old_day(
    town: Town, clock: time_machine.Traveller
) -> None:
    rosa = town.take()
    clock.shift(120)
    town.called("1")
    town.do("put-back", rosa)
    clock.shift(300)
    town.called("1")
    town.do("start", rosa)
    with town.database.write() as session:
        updating.bring_up_to_date(session, now())
    assert ask(town).totals.there == 1
    # Somebody is left at the desk overnight, and finished with in the morning.
    clock.shift(timedelta(days=1))
    town.do("finish", rosa)
    for _ in range(2):
        totals = ask(town).totals
        assert (totals.there, totals.served, totals.wait.median) == (0, 1, 7)
        with town.database.write() as session:
            updating.bring_up_to_date(session, now())
    with town.database.read() as session:
        configured = catalogue.current(session)
        tuesday = MONDAY + timedelta(days=1)
        centro = configured.office("centro")
        assert updating.verify(session, configured, centro, MONDAY, tuesday) is None


def test_a_day_of_23_hours_and_one_of_25_are_as_long_as_they_were(
    small_town: Town, clock: time_machine.Traveller
) -> None:
    always = {key: ["00:00-24:00"] for key in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    small_town.configure(Office__norte={"timezone": "Europe/Madrid", "hours": always})
    for day, hours, missing in ((date(2026, 3, 29), 23, 2), (date(2026, 10, 25), 25, None)):
        noon = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
        clock.move_to(noon - timedelta(days=1))
        small_town.desk("open", "1", "norte")
        clock.move_to(noon + timedelta(days=1))
        small_town.desk("close", "1", "norte")
        with small_town.database.read() as session:
            offices = [catalogue.current(session).office("norte")]
            found = statistics.report(session, Query(offices, day, day))
            assert found.totals.open_s == hours * 3600
            assert missing not in {row.value for row in found.by("hour")}


def test_calls_out_of_order_are_told_with_their_reasons_and_what_the_filters_keep(
    town: Town, clock: time_machine.Traveller
) -> None:
    a_day(town, clock)
    with town.database.read() as session:
        offices = catalogue.current(session).offices
        (call,) = statistics.report(session, Query(offices, MONDAY, MONDAY)).out_of_order()
        assert (call.reason, call.ticket, f"{call.at:%H:%M}") == ("wheelchair", "L001", "09:26")
        kept = ({"desks": ["centro/2"]}, {"services": ["licencias"]}, {"hours": [9]})
        lost = ({"desks": ["centro/1"]}, {"services": ["caja"]}, {"staff": ["rosa"]})
        for filters, count in (*((one, 1) for one in kept), *((one, 0) for one in lost)):
            report = statistics.report(session, Query(offices, MONDAY, MONDAY, **filters))
            assert len(report.out_of_order()) == count, filters


def test_what_people_thought_is_told_of_enough_of_them_only(
    small_town: Town, clock: time_machine.Traveller
) -> None:
    a_day(small_town, clock)
    centro, norte = (small_town.office(code).id for code in ("centro", "norte"))
    say(small_town, centro, {5: 3, 4: 1, 1: 1})
    assert (ask(small_town).totals.answers, ask(small_town).totals.satisfied) == (5, 4)
    assert ask(small_town, services=["rentas"]).totals.answers is None
    say(small_town, norte, {5: 4})
    assert ask(small_town).totals.answers is None


def say(town: Town, office_id: str, scores: dict[int, int]) -> None:
    with town.database.write() as session:
        for score, answers in scores.items():
            own = {"office_id": office_id, "dimension": "office", "day": MONDAY, "member": ""}
            session.add(Feedback(**own, score=score, answers=answers))


def test_two_periods_are_compared_and_said_to_be_better_or_worse() -> None:
    before = Figures(issued=10, served=8, left=2, wait=Spread(8, 10, 20))
    after = Figures(issued=10, served=9, left=1, wait=Spread(9, 15, 20))
    lines = {line.indicator.code: line for line in compare(before, after)}

    assert (lines["E1"].change, lines["E1"].relative, lines["E1"].good) == (5, 0.5, False)
    assert (lines["E2"].change, lines["E2"].good) == (0, None)
    assert lines["A2"].good
    assert lines["E4"].change is None
