"""Whether the wait that people are told comes true: p50 half the time, p90 nine times in ten.

Days are simulated with attentions of random length, a walk to the desk, people who do not come,
a rush in the morning and preferential people who pass; the estimator learns as it goes.
"""

from dataclasses import dataclass
from random import Random

import pytest
from tests.queue import hall
from tests.queue.hall import Arrival, Hall, Visit
from tests.queue.values import desk, office, priority, service

from turnero_queue.rules import Rules

CLASSES = (priority("standard"), priority("preferential", 45))
WALK_S = (15.0, 60.0)
NO_SHOWS = 0.05
MEAN_S = 360.0


@dataclass(frozen=True)
class Day:
    """`load` is people coming for every one who can be attended; durations in minutes."""

    desks: int = 4
    load: float = 1.0
    preferential: float = 0.15
    spread: float = 0.7
    configured: float = 7


SCENARIOS = {
    "an ordinary day": Day(),
    "a quiet day": Day(load=0.85),
    "an overloaded day": Day(load=1.2),
    "a hall of ten desks": Day(desks=10),
    "a single desk": Day(desks=1),
    "attentions that are all alike": Day(spread=0.3),
    "attentions of every length": Day(spread=1.0),
    "a configured duration half again too long": Day(configured=10),
}


def simulated(day: Day, seed: int) -> list[Visit]:
    random = Random(seed)  # noqa: S311 - a simulation, not a secret
    rentas = service("rentas", duration=day.configured)
    one_takes_s = MEAN_S * (1 - NO_SHOWS) + sum(WALK_S) / 2
    per_minute = day.desks * 60 / one_takes_s * day.load
    arrivals, now = [], 0.0
    while True:
        rush = 1.4 if 30 < now < 150 else 0.8
        now += random.expovariate(per_minute * rush)
        if now > 360:
            break
        who = CLASSES[random.random() < day.preferential]
        arrivals.append(Arrival(now, rentas, who))
    desks = tuple(desk(str(number), "rentas") for number in range(day.desks))
    place = office(desks=desks, services=(rentas,))
    attention = hall.lognormal(MEAN_S, day.spread)
    return Hall(place, Rules(), random, attention, WALK_S, NO_SHOWS, estimating=True).run(arrivals)


def told_to_wait(day: Day) -> list[Visit]:
    """Everybody of some days who was told more than no wait at all: some 500 people or more."""
    days = max(6, 40 // day.desks)
    visits = [visit for seed in range(days) for visit in simulated(day, seed)]
    return [visit for visit in visits if visit.estimated and visit.estimated.p50_s]


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_people_are_told_comes_true(name: str) -> None:
    visits = told_to_wait(SCENARIOS[name])
    half = hall.mean([visit.waited_s <= visit.estimated.p50_s for visit in visits])
    nine_in_ten = hall.mean([visit.waited_s <= visit.estimated.p90_s for visit in visits])

    assert len(visits) > 400
    assert 0.35 <= half <= 0.65
    assert 0.80 <= nine_in_ten <= 0.99


def test_the_estimate_is_neither_hopeful_nor_gloomy_on_the_whole() -> None:
    visits = told_to_wait(Day())
    waited = hall.mean([visit.waited_s for visit in visits])
    told = hall.mean([visit.estimated.p50_s for visit in visits])

    assert 0.85 < told / waited < 1.15


def test_learning_from_the_day_beats_a_wrong_configuration() -> None:
    """Told with twice the true duration, the afternoon is nearer to the truth."""
    visits = told_to_wait(Day(configured=14))

    def error(some: list[Visit]) -> float:
        told = hall.mean([visit.estimated.p50_s for visit in some])
        return abs(told / hall.mean([visit.waited_s for visit in some]) - 1)

    early = [visit for visit in visits if visit.arrival.at < 30]
    late = [visit for visit in visits if visit.arrival.at > 180]
    assert error(late) < 0.25 < error(early)
