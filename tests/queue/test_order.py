"""The order by example: who is called before whom, and what the console says about it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pytest
from tests.queue import values
from tests.queue.values import LIMA, NINE, desk, minutes, priority, service, waiting

from turnero_core.i18n import speaking
from turnero_queue import order
from turnero_queue.order import Due, Waiting
from turnero_queue.rules import Rules

RULES = Rules()
STANDARD, PREFERENTIAL = priority(), priority("preferential", 45)


def comes(seq: int, after: float, who: Any = STANDARD, **overrides: Any) -> Waiting:
    """Somebody who comes `after` minutes past nine, for a service with a target of 20 minutes."""
    at = NINE + minutes(after)
    target = overrides.pop("target", 20)
    due = order.on_arrival(service(target=target), who, RULES, at, overrides.pop("at", None))
    return waiting(seq, due, at, **overrides)


def codes(tickets: Iterable[Waiting]) -> list[int]:
    return [ticket.seq for ticket in tickets]


def at(minutes_past_nine: float) -> datetime:
    return NINE + minutes(minutes_past_nine)


def test_ordinary_people_are_due_after_the_target_wait() -> None:
    assert order.on_arrival(service(target=20), STANDARD, RULES, NINE) == Due(NINE, at(20))


def test_preferential_people_count_as_having_come_earlier() -> None:
    due = order.on_arrival(service(target=20), PREFERENTIAL, RULES, NINE)

    assert due == Due(at(-45), at(-25))


def test_a_head_start_is_worth_its_minutes_and_no_more() -> None:
    rosa, julio = comes(1, 0), comes(2, 44, PREFERENTIAL)
    carmen = comes(3, 46, PREFERENTIAL)

    assert codes(order.in_order([rosa, julio, carmen], at(60))) == [2, 1, 3]


def test_a_shorter_target_goes_first_among_those_who_come_together() -> None:
    slow, quick = comes(1, 0, target=30), comes(2, 5, target=10)

    assert codes(order.in_order([slow, quick], at(6))) == [2, 1]


def test_those_due_at_the_same_instant_keep_the_order_they_came_in() -> None:
    tickets = [comes(3, 0), comes(1, 0), comes(2, 0)]

    assert codes(order.in_order(tickets, at(1))) == [1, 2, 3]


def test_an_appointment_is_due_at_its_hour_until_then_and_with_its_head_start_from_then_on() -> (
    None
):
    ticket = comes(1, 0, at=at(30))

    assert order.due(ticket, at(29)) == at(30)
    assert order.due(ticket, at(29.999)) == at(30)
    assert order.due(ticket, at(30)) == at(0)
    assert order.due(ticket, at(90)) == at(0)


def test_an_appointment_passes_a_crowd_from_its_hour_on_and_not_before() -> None:
    crowd = [comes(n, n) for n in range(1, 9)]  # due from 9:21 to 9:28
    rosa = comes(9, 0, at=at(30))

    assert codes(order.in_order([*crowd, rosa], at(29)))[-1] == 9
    assert codes(order.in_order([*crowd, rosa], at(30)))[0] == 9


def test_a_preferential_person_with_an_appointment_gets_the_better_of_both() -> None:
    ticket = order.on_arrival(service(), PREFERENTIAL, RULES, NINE, at(10))

    assert ticket.due_at == at(10 - 45)


@pytest.mark.parametrize(
    ("late", "rule", "punctual"),
    [
        (0, "walk_in", True),
        (10, "walk_in", True),
        (10.1, "walk_in", False),
        (120, "walk_in", False),
        (120, "keep", True),
    ],
)
def test_the_late_rule_decides_what_becomes_of_a_late_appointment(
    late: float, rule: str, punctual: bool
) -> None:
    rules = Rules(appointment_late_rule=rule)
    due = order.on_arrival(service(), STANDARD, rules, at(late), NINE)

    assert (due.appointment_at is not None) is punctual
    ordinary = order.on_arrival(service(), STANDARD, rules, at(late))
    assert (due == ordinary) is not punctual


def test_a_transfer_is_due_as_if_they_had_come_to_the_new_service_first() -> None:
    assert order.on_transfer(NINE, at(20), service(target=5)) == at(5)


def test_a_transfer_to_a_slower_service_loses_nothing() -> None:
    assert order.on_transfer(NINE, at(20), service(target=60)) == at(20)


def test_somebody_readmitted_is_behind_the_overdue_and_ahead_of_the_newly_come() -> None:
    now = at(60)
    overdue, fresh = comes(1, 30), comes(2, 59)
    julio = waiting(3, Due(NINE, order.on_readmission(at(20), now)))

    assert codes(order.in_order([fresh, julio, overdue], now)) == [1, 3, 2]


def test_somebody_readmitted_before_they_were_due_keeps_their_time() -> None:
    assert order.on_readmission(at(20), at(10)) == at(20)


# Desks.


def test_a_desk_attends_its_services_and_nobody_elses() -> None:
    rosa, julio = comes(1, 0), comes(2, 1, service_id="caja")

    assert codes(order.for_desk([rosa, julio], desk("1", "rentas"), at(5))) == [1]
    assert codes(order.for_desk([rosa, julio], desk("3", "caja"), at(5))) == [2]
    assert order.for_desk([rosa, julio], desk("4"), at(5)) == []


def test_a_secondary_service_counts_as_due_later_at_that_desk_alone() -> None:
    rosa, julio = comes(1, 0), comes(2, 10, service_id="licencias")
    second = desk("2", "licencias", rentas=15)

    assert codes(order.for_desk([rosa, julio], second, at(20))) == [2, 1]
    assert codes(order.in_order([rosa, julio], at(20))) == [1, 2]
    later = comes(2, 16, service_id="licencias")
    assert codes(order.for_desk([rosa, later], second, at(20))) == [1, 2]


def test_somebody_sent_to_a_desk_is_called_by_that_desk_only_whatever_it_attends() -> None:
    rosa = comes(1, 0, service_id="caja", for_desk_id="2")

    assert codes(order.for_desk([rosa], desk("2", "licencias"), at(5))) == [1]
    assert order.for_desk([rosa], desk("3", "caja"), at(5)) == []


def test_somebody_sent_to_a_desk_suffers_no_handicap_there() -> None:
    rosa, julio = comes(1, 0, for_desk_id="2"), comes(2, 10, service_id="licencias")

    assert codes(order.for_desk([rosa, julio], desk("2", "licencias", rentas=15), at(20))) == [1, 2]


# The sentence.


def said(ticket: Waiting, who: Any = STANDARD, now: float = 30, handicap: float = 0) -> str:
    with speaking("en"):
        return order.why(ticket, who, LIMA, at(now), minutes(handicap))


def test_the_reason_is_one_sentence_in_the_offices_time() -> None:
    assert said(comes(12, 70)) == "R012: standard, came 10:10, due 10:30"


def test_the_reason_says_the_head_start() -> None:
    text = said(comes(12, 70, PREFERENTIAL), PREFERENTIAL)

    assert text == "R012: preferential, came 10:10, counts as 09:25, due 09:45"


def test_the_reason_says_an_appointment_before_and_after_its_hour() -> None:
    rosa = comes(7, 0, at=at(30))

    assert (
        said(rosa, now=10) == "R007: appointment at 09:30, came 09:00, due at its hour, due 09:30"
    )
    early = comes(7, 20, at=at(30))
    assert said(early, now=31).endswith("came 09:20, counts as 09:00, due 09:00")


def test_the_reason_says_a_handicap_and_a_desk() -> None:
    assert said(comes(1, 0), handicap=15).endswith("secondary service here, 15 min later")
    assert said(comes(1, 0, for_desk_id="2")).endswith("sent to this desk")


def test_a_head_start_counts_for_the_preferential_alone_in_the_whole_product() -> None:
    """FIFO is the same machinery: without head starts and with one target, arrival decides."""
    tickets = [comes(n, 10 - n, values.priority("any", 0)) for n in range(10)]

    assert codes(order.in_order(tickets, at(15))) == list(range(9, -1, -1))
