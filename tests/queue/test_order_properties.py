"""What is true of the order whoever comes: nobody is passed for longer than a head start."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.queue.values import NINE, desk, minutes, priority, service, waiting

from turnero_queue import order
from turnero_queue.order import Waiting
from turnero_queue.rules import Rules

HEAD_STARTS = (0, 15, 45)
TARGETS = {"rentas": 20, "caja": 10, "licencias": 40}
RULES = Rules()
MOST = minutes(max(*HEAD_STARTS, RULES.appointment_head_start_minutes))
SPREAD = minutes(max(TARGETS.values()) - min(TARGETS.values()))


@dataclass(frozen=True)
class Person:
    """When they come (seconds past nine), for what, with which head start and appointment."""

    comes: int
    service: str
    head_start: int
    appointment: int | None


people = st.lists(
    st.builds(
        Person,
        comes=st.integers(0, 4 * 3600),
        service=st.sampled_from(sorted(TARGETS)),
        head_start=st.sampled_from(HEAD_STARTS),
        appointment=st.none() | st.integers(0, 5 * 3600),
    ),
    min_size=2,
    max_size=25,
)
walk_ins = people.map(lambda found: [replace(person, appointment=None) for person in found])
nows = st.integers(0, 8 * 3600).map(lambda seconds: NINE + timedelta(seconds=seconds))


def tickets_of(found: list[Person]) -> list[tuple[Person, Waiting]]:
    """Everybody's ticket, numbered in the order they come."""
    tickets = []
    for seq, person in enumerate(sorted(found, key=lambda person: person.comes), 1):
        at = NINE + timedelta(seconds=person.comes)
        hour = person.appointment
        appointment = None if hour is None else NINE + timedelta(seconds=hour)
        due = order.on_arrival(
            service(person.service, TARGETS[person.service]),
            priority(str(person.head_start), person.head_start),
            RULES,
            at,
            appointment,
        )
        tickets.append((person, waiting(seq, due, at, service_id=person.service)))
    return tickets


@given(walk_ins, nows)
def test_nobody_is_passed_by_more_than_the_difference_of_the_head_starts(
    found: list[Person], now: Any
) -> None:
    same = [replace(person, service="rentas") for person in found]
    known = {ticket.id: person for person, ticket in tickets_of(same)}
    called = order.in_order([ticket for _, ticket in tickets_of(same)], now)

    for place, first in enumerate(called):
        for later in called[place + 1 :]:
            earlier_by = first.issued_at - later.issued_at
            mine, theirs = known[first.id].head_start, known[later.id].head_start
            assert earlier_by <= minutes(mine - theirs) or first.seq < later.seq


@given(walk_ins, nows)
def test_people_of_one_class_and_service_keep_the_order_they_came_in(
    found: list[Person], now: Any
) -> None:
    called = order.in_order([ticket for _, ticket in tickets_of(found)], now)
    known = {ticket.id: person for person, ticket in tickets_of(found)}
    by_class: dict[tuple[str, int], list[int]] = {}
    for ticket in called:
        person = known[ticket.id]
        by_class.setdefault((person.service, person.head_start), []).append(ticket.seq)

    assert all(numbers == sorted(numbers) for numbers in by_class.values())


@given(people)
def test_whoever_comes_late_enough_can_never_pass(found: list[Person]) -> None:
    """Starvation is impossible: after the longest head start and the widest difference of
    targets have gone by, no newcomer is due earlier, so that only a bounded number can pass."""
    for _, ticket in tickets_of(found):
        late = ticket.issued_at + MOST + SPREAD + timedelta(seconds=1)
        if ticket.appointment_at is not None:
            late = max(late, ticket.appointment_at + MOST + timedelta(seconds=1))
        for code, target in TARGETS.items():
            for head_start in HEAD_STARTS:
                newcomer = order.on_arrival(
                    service(code, target), priority("any", head_start), RULES, late
                )
                assert newcomer.due_at > order.due(ticket, late)


@given(people, nows, nows)
def test_a_due_time_is_a_constant_but_for_the_hour_of_an_appointment(
    found: list[Person], one: Any, other: Any
) -> None:
    for _, ticket in tickets_of(found):
        dues = {order.due(ticket, one), order.due(ticket, other)}
        if ticket.appointment_at is None:
            assert dues == {ticket.due_at}
        else:
            assert dues <= {ticket.appointment_at, ticket.due_at}
            assert ticket.due_at <= ticket.appointment_at


@given(people, nows)
def test_calling_again_and_again_gives_the_order_that_was_shown(
    found: list[Person], now: Any
) -> None:
    everybody = [ticket for _, ticket in tickets_of(found)]
    shown = order.in_order(everybody, now)
    only_desk = desk("1", *TARGETS)
    left, called = list(everybody), []
    while left:
        first = order.for_desk(left, only_desk, now)[0]
        left.remove(first)
        called.append(first)

    assert called == shown


@given(people, nows, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_how_the_database_gives_the_rows(
    found: list[Person], now: Any, random: Any
) -> None:
    everybody = [ticket for _, ticket in tickets_of(found)]
    shuffled = list(everybody)
    random.shuffle(shuffled)

    assert order.in_order(shuffled, now) == order.in_order(everybody, now)


@given(people, nows)
def test_a_desks_order_is_the_offices_order_without_those_it_does_not_attend(
    found: list[Person], now: Any
) -> None:
    everybody = [ticket for _, ticket in tickets_of(found)]
    own = desk("1", "rentas", "caja")

    mine = order.for_desk(everybody, own, now)

    office = order.in_order(everybody, now)
    assert mine == [ticket for ticket in office if ticket.service_id in own.handicaps]


@given(people, st.sampled_from(sorted(TARGETS)))
def test_a_transfer_never_loses_its_place(found: list[Person], code: str) -> None:
    for _, ticket in tickets_of(found):
        to = service(code, TARGETS[code])
        due_at = order.on_transfer(ticket.counts_from, ticket.due_at, to)

        assert due_at <= ticket.due_at
        assert order.on_transfer(ticket.counts_from, due_at, to) == due_at


@given(people, nows)
def test_missing_a_call_never_pays(found: list[Person], now: Any) -> None:
    for _, ticket in tickets_of(found):
        due_at = order.on_readmission(ticket.due_at, now)

        assert due_at >= ticket.due_at
        assert due_at >= now
