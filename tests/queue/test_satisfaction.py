"""Judging the service: counted once for each turn, and never to be joined to a person."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from tests.queue.town import Town

from turnero_core import clock as now
from turnero_core.errors import Conflict, Invalid
from turnero_queue import satisfaction
from turnero_queue.models import FeedbackComment, FeedbackMark
from turnero_queue.satisfaction import Occasion
from turnero_queue.satisfaction.survey import band_of

MONDAY = date(2026, 3, 2)


def occasion(town: Town, who: str = "a", **changes: Any) -> Occasion:
    office = town.office()
    known = {
        "secret": who,
        "source": "phone",
        "office_id": office.id,
        "day": MONDAY,
        "hour": 10,
        "service_id": office.services[0].id,
        "desk_id": office.desks[0].id,
    }
    return Occasion(**(known | changes))


def judge(town: Town, score: int, who: str = "a", **changes: Any) -> None:
    with town.database.write() as session:
        satisfaction.answer(session, occasion(town, who, **changes), score)


def read(town: Town, by: Any, since: date = MONDAY, until: date = MONDAY) -> dict[str, Any]:
    with town.database.read() as session:
        found = satisfaction.counts(session, [town.office().id], since, until, by)
        return {key: scores.counts for key, scores in found.items()}


def test_an_answer_counts_once_in_every_dimension(town: Town) -> None:
    judge(town, 4, "rosa")
    judge(town, 4, "julio", hour=14, source="tablet")
    judge(town, 1, "elsa", service_id=None, desk_id=None, day=MONDAY + timedelta(days=1))

    assert read(town, "total") == {"": (0, 0, 0, 2, 0)}
    assert read(town, "hour") == {"09": (0, 0, 0, 1, 0), "12": (0, 0, 0, 1, 0)}
    assert read(town, "source") == {"phone": (0, 0, 0, 1, 0), "tablet": (0, 0, 0, 1, 0)}
    assert list(read(town, "service").values()) == [(0, 0, 0, 2, 0)]
    assert list(read(town, "desk").values()) == [(0, 0, 0, 2, 0)]
    tuesday = MONDAY + timedelta(days=1)
    assert read(town, "day", MONDAY, tuesday) == {
        "2026-03-02": (0, 0, 0, 2, 0),
        "2026-03-03": (1, 0, 0, 0, 0),
    }


def test_services_are_counted_by_weeks(town: Town) -> None:
    thursday = MONDAY + timedelta(days=3)
    judge(town, 5, day=thursday)

    assert list(read(town, "service", MONDAY, MONDAY).values()) == [(0, 0, 0, 0, 1)]
    assert list(read(town, "service", thursday, thursday).values()) == [(0, 0, 0, 0, 1)]
    assert read(town, "service", thursday + timedelta(days=7), thursday + timedelta(days=7)) == {}
    assert read(town, "office", MONDAY, MONDAY) == {}


def test_a_turn_is_judged_once_however_many_ask_at_the_same_time(town: Town) -> None:
    def one(score: int) -> bool:
        try:
            judge(town, score, "rosa")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(one, [1, 2, 4, 5]))

    assert sorted(done) == [False, False, False, True]
    assert sum(read(town, "total")[""]) == 1


def test_another_offices_answers_are_not_counted(town: Town) -> None:
    judge(town, 5, office_id=town.office("norte").id, service_id=None, desk_id=None)

    assert read(town, "total") == {}


@pytest.mark.parametrize("score", [0, 6, -1])
def test_only_five_faces_exist(small_town: Town, score: int) -> None:
    with pytest.raises(Invalid):
        judge(small_town, score)
    assert small_town.everything()["feedback_mark"] == []


def test_no_column_joins_an_answer_to_a_turn(town: Town) -> None:
    """Whatever stands in a ticket, its events or its services stands in no row of an answer, but
    for the office, the service and the desk that many share."""
    ticket = town.take()
    town.called("1")
    for verb in ("start", "finish"):
        town.do(verb, ticket)
    row = town.row(ticket)
    with town.database.write() as session:
        found = satisfaction.of_ticket(row, town.office(), "phone", now.now())
        assert found is not None
        satisfaction.answer(session, found, 2)
        satisfaction.comment(session, found, 2, "too slow")
        satisfaction.survey(session, found, born=date(1980, 5, 1), gender="woman")

    rows = town.everything()
    shared = {row.office_id, row.service_id, row.desk_id, row.business_day, None, True, False}
    known = {
        repr(value)
        for table in ("ticket", "ticket_event", "ticket_service")
        for entry in rows[table]
        for value in entry.values()
        if not isinstance(value, int | dict) and value not in shared
    }
    answered = ("feedback", "feedback_comment", "feedback_mark", "survey_answer")
    kept = {repr(value) for table in answered for entry in rows[table] for value in entry.values()}
    assert len(known) > 8
    assert kept & known == {repr("")} & kept
    assert not any("1980" in value for value in kept)
    columns = {column for table in answered for entry in rows[table] for column in entry}
    assert columns == {
        "office_id", "dimension", "day", "member", "score", "answers", "id", "week", "text",
        "digest", "until", "month", "question", "answer",
    }  # fmt: skip


def test_a_turn_can_be_judged_for_a_day_and_only_once_done(
    small_town: Town, clock: time_machine.Traveller
) -> None:
    ticket = small_town.take()
    office = small_town.office()
    assert satisfaction.of_ticket(small_town.row(ticket), office, "phone", now.now()) is None
    small_town.called("1")
    for verb in ("start", "finish"):
        small_town.do(verb, ticket)
    assert satisfaction.of_ticket(small_town.row(ticket), office, "phone", now.now())

    clock.shift(timedelta(hours=24, seconds=1))

    assert satisfaction.of_ticket(small_town.row(ticket), office, "phone", now.now()) is None


def test_a_comment_needs_a_score_comes_once_and_is_one_clean_line(town: Town) -> None:
    rosa = occasion(town, "rosa")
    with pytest.raises(Conflict), town.database.write() as session:
        satisfaction.comment(session, rosa, 3, "hello")
    judge(town, 3, "rosa")
    with town.database.write() as session:
        satisfaction.comment(session, rosa, 3, " two\nlines \x00 and <b>" + "x" * 500)
        satisfaction.comment(session, rosa, 3, "   ")
    with pytest.raises(Conflict), town.database.write() as session:
        satisfaction.comment(session, rosa, 3, "again")

    with town.database.read() as session:
        [kept] = satisfaction.listed(session, [town.office().id], MONDAY, MONDAY)
        assert satisfaction.listed(session, [town.office("norte").id], MONDAY, MONDAY) == []
    assert kept.text.startswith("two lines and <b>xxx")
    assert len(kept.text) == 300


def test_a_comment_that_names_somebody_is_taken_out_and_the_log_does_not_repeat_it(
    town: Town,
) -> None:
    judge(town, 1, "rosa")
    with town.database.write() as session:
        satisfaction.comment(session, occasion(town, "rosa"), 1, "Luis Poma was rude")
    with town.database.write() as session:
        row = session.scalars(select(FeedbackComment)).one()
        satisfaction.remove(session, row, "staff:ana", "a name", now.now())

    rows = town.everything()
    assert rows["feedback_comment"] == []
    assert "satisfaction.comment.remove" in [row["action"] for row in rows["audit_entry"]]
    assert "Poma" not in repr(rows)


def test_which_turns_were_judged_is_forgotten_and_the_counts_stay(
    town: Town, clock: time_machine.Traveller
) -> None:
    judge(town, 5)
    for days, left in ((3, 1), (1, 0)):
        clock.shift(timedelta(days=days))
        with town.database.write() as session:
            satisfaction.forget_old(session, now.now())
        with town.database.read() as session:
            assert len(list(session.scalars(select(FeedbackMark)))) == left
    assert read(town, "total") == {"": (0, 0, 0, 0, 1)}


def test_groups_of_fewer_than_five_are_hidden() -> None:
    assert satisfaction.Scores((1, 1, 1, 1, 0)).is_hidden
    five = satisfaction.Scores((1, 0, 0, 3, 1))
    assert not five.is_hidden
    assert (five.average, five.satisfied) == (3.6, 0.8)


def test_the_survey_counts_each_question_by_itself_and_only_what_was_said(town: Town) -> None:
    with town.database.write() as session:
        satisfaction.survey(session, occasion(town, "skips all"))
        satisfaction.survey(session, occasion(town, "rosa"), gender="unsaid", disability="yes")
        satisfaction.survey(session, occasion(town, "julio"), born=date(1950, 1, 1), gender="x")
    with pytest.raises(Conflict), town.database.write() as session:
        satisfaction.survey(session, occasion(town, "rosa"), gender="man")

    with town.database.read() as session:
        assert satisfaction.answers(session, [town.office().id], MONDAY, MONDAY) == {
            "age": {"75+": 1},
            "gender": {"unsaid": 1},
            "disability": {"yes": 1},
        }


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(2008, 3, 3), "0-17"),
        (date(2008, 3, 2), "18-29"),
        (date(1951, 3, 2), "75+"),
        (date(2026, 3, 3), None),
        (date(1890, 1, 1), None),
    ],
)
def test_an_age_band_is_that_of_the_day(born: date, band: str | None) -> None:
    assert band_of(born, MONDAY) == band
