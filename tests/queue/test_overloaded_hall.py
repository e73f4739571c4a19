"""A day with more people than a hall can attend: who waits, and how long.

The control is the same day without head starts: what makes the difference is the order.
"""

from random import Random

import pytest
from tests.queue import hall
from tests.queue.hall import Arrival, Hall, Visit
from tests.queue.values import desk, minutes, office, priority, service

from turnero_queue.rules import Rules

RENTAS = service("rentas", target=20)
DESKS = tuple(desk(str(number), "rentas") for number in range(4))
OPEN_MINUTES = 300
# Four desks at six minutes attend 40 people an hour; 54 come.
WALK_INS_PER_HOUR, APPOINTMENTS_PER_HOUR = 48.6, 5.4
HEAD_START = 45


def crowd(seed: int, head_start: float) -> list[Arrival]:
    """Walk-ins, one in six of them preferential, and people with an appointment who are on time."""
    random = Random(seed)  # noqa: S311 - a simulation, not a secret
    classes = {name: priority(name, 0) for name in ("standard", "preferential")}
    classes["preferential"] = priority("preferential", head_start)
    arrivals, now = [], 0.0
    while (now := now + random.expovariate(WALK_INS_PER_HOUR / 60)) < OPEN_MINUTES:
        name = "preferential" if random.random() < 1 / 6 else "standard"
        arrivals.append(Arrival(now, RENTAS, classes[name]))
    for number in range(int(OPEN_MINUTES * APPOINTMENTS_PER_HOUR / 60)):
        hour = 20 + number * 60 / APPOINTMENTS_PER_HOUR
        comes = hour - random.uniform(2, 15)
        arrivals.append(Arrival(comes, RENTAS, classes["standard"], appointment=hour))
    return arrivals


def day(seed: int, head_start: float = HEAD_START, appointments: int = 30) -> list[Visit]:
    rules = Rules(appointment_head_start_minutes=appointments)
    place = office(desks=DESKS, services=(RENTAS,))
    random = Random(seed + 1000)  # noqa: S311 - a simulation, not a secret
    attention = hall.lognormal(mean_s=360, spread=0.7)
    return Hall(place, rules, random, attention).run(crowd(seed, head_start))


def group(visit: Visit) -> str:
    return "appointment" if visit.arrival.appointment is not None else visit.arrival.priority.code


def mean_waits(visits: list[Visit]) -> dict[str, float]:
    """Minutes, by group."""
    groups = {group(visit) for visit in visits}
    return {
        name: hall.mean([visit.waited_s / 60 for visit in visits if group(visit) == name])
        for name in groups
    }


@pytest.fixture(scope="module")
def ordered() -> list[Visit]:
    """Five days with head starts, one after another."""
    return [visit for seed in range(5) for visit in day(seed)]


@pytest.fixture(scope="module")
def fifo() -> list[Visit]:
    """The same five days, first come first served."""
    return [visit for seed in range(5) for visit in day(seed, head_start=0, appointments=0)]


def test_the_hall_is_truly_overloaded(ordered: list[Visit]) -> None:
    target = RENTAS.target_wait / minutes(1)

    assert mean_waits(ordered)["standard"] > 2.5 * target


def test_preferential_people_wait_less_than_half_as_long(ordered: list[Visit]) -> None:
    waits = mean_waits(ordered)

    assert waits["preferential"] < 0.5 * waits["standard"]


def test_punctual_appointments_wait_less_than_half_as_long(ordered: list[Visit]) -> None:
    waits = mean_waits(ordered)

    assert waits["appointment"] < 0.5 * waits["standard"]


def test_without_head_starts_preferential_people_wait_like_everybody(fifo: list[Visit]) -> None:
    waits = mean_waits(fifo)

    assert 0.8 < waits["preferential"] / waits["standard"] < 1.2


def test_ordinary_people_pay_for_it_with_a_bounded_part_of_their_wait(
    ordered: list[Visit], fifo: list[Visit]
) -> None:
    assert mean_waits(ordered)["standard"] < 1.35 * mean_waits(fifo)["standard"]


def test_nobody_is_left_waiting(ordered: list[Visit], fifo: list[Visit]) -> None:
    """Nobody waits longer than the longest wait of first come first served and a head start."""
    longest = max(visit.waited_s for visit in ordered)

    assert longest <= max(visit.waited_s for visit in fifo) + HEAD_START * 60


def called_at(visit: Visit) -> float:
    return visit.ticket.issued_at.timestamp() + visit.waited_s


@pytest.mark.parametrize("seed", range(5))
def test_whoever_passed_somebody_came_within_their_head_start(seed: int) -> None:
    visits = day(seed)
    walk_ins = [visit for visit in visits if visit.arrival.appointment is None]
    passed = 0
    for first in walk_ins:
        for later in walk_ins:
            behind = later.ticket.issued_at - first.ticket.issued_at
            if behind > minutes(0) and called_at(later) < called_at(first):
                passed += 1
                assert later.arrival.priority.code == "preferential"
                assert first.arrival.priority.code == "standard"
                assert behind <= minutes(HEAD_START)
    assert passed > 50


def test_the_same_seed_is_the_same_day() -> None:
    first, again = day(3), day(3)

    assert [visit.waited_s for visit in first] == [visit.waited_s for visit in again]
    assert [visit.waited_s for visit in day(4)] != [visit.waited_s for visit in first]
