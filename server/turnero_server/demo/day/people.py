"""Who comes, when and for what. Times are seconds of the simulated day, from its midnight."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from turnero_queue.catalogue import Catalogue, Desk, Office, Service

HOUR = 3600.0
OPENS, CLOSES = 8 * HOUR, 16.5 * HOUR
# Arrivals in each hour, against those that its desks could just attend.
PROFILE: Mapping[int, float] = {
    8: 0.95, 9: 1.1, 10: 1.12, 11: 1.0, 12: 0.75, 13: 0.6, 14: 0.8, 15: 0.75, 16: 0.35,
}  # fmt: skip
BUSIEST = max(PROFILE.values())
# How full the desks are kept on an average hour; above 1 the hall would fill without end.
LOAD = 0.88
# What many come for, against one for everything else.
WEIGHTS: Mapping[str, int] = {
    "rentas": 6, "estado-cuenta": 6, "partidas": 6, "mesa-partes": 4, "no-adeudo": 4,
    "cuotas": 3, "licencia-negocio": 3, "nacimiento": 3, "puestos": 3, "multas-transito": 3,
    "catastro": 2, "vaso-leche": 2, "matrimonio": 2,
}  # fmt: skip
LANGUAGES: Mapping[str, int] = {"es": 88, "en": 7, "pt": 5}
PREFERENTIAL = 0.18
PAPER = 0.4
ABSENT = 0.06
IMPATIENT = 0.03
# Spread of how long attention takes (of the logarithm).
SPREAD = 0.5


@dataclass(frozen=True)
class Person:
    """What somebody asks for; `comes` when called, and waits at most `patience` seconds."""

    service: str
    priority: str
    language: str
    paper: bool
    comes: bool
    patience: float | None


class Crowd:
    """The people of one office, drawn from `dice`."""

    def __init__(
        self, dice: random.Random, catalogue: Catalogue, office: Office, desks: Sequence[Desk]
    ) -> None:
        """`desks` are those that the simulation attends."""
        self._dice = dice
        self._offered = [_wanted(office, desk) for desk in desks]
        self._usual = catalogue.priorities[0].code
        self._others = [priority.code for priority in catalogue.priorities[1:]]
        # How many come in a second of an average hour.
        self.per_s = LOAD * sum(1 / _mean_s(services) for services in self._offered if services)

    def next_arrival(self, now: float) -> float | None:
        """When the next person comes after `now`; None when nobody does before closing."""
        if not self.per_s:
            return None
        at = now
        # Thinning: candidates at the busiest hour's pace, kept in proportion to their own hour's.
        while at < CLOSES:
            at += self._dice.expovariate(self.per_s * BUSIEST)
            if self._dice.random() < PROFILE.get(int(at // HOUR), 0) / BUSIEST:
                return at if at < CLOSES else None
        return None

    def somebody(self) -> Person:
        dice = self._dice
        services = dice.choice([services for services in self._offered if services])
        weights = [WEIGHTS.get(service.code, 1) for service in services]
        preferential = self._others and dice.random() < PREFERENTIAL
        return Person(
            service=dice.choices(services, weights)[0].code,
            priority=dice.choice(self._others) if preferential else self._usual,
            language=dice.choices([*LANGUAGES], [*LANGUAGES.values()])[0],
            paper=dice.random() < PAPER,
            comes=dice.random() >= ABSENT,
            patience=dice.uniform(20, 60) * 60 if dice.random() < IMPATIENT else None,
        )


def attention_s(dice: random.Random, service: Service) -> float:
    """How long this person keeps the desk: log-normal, with the service's duration as its mean."""
    usual = service.duration.total_seconds()
    return min(exp(dice.gauss(log(usual) - SPREAD**2 / 2, SPREAD)), 4 * usual)


def _wanted(office: Office, desk: Desk) -> list[Service]:
    """What a desk is there for: not what it only helps with."""
    first = [
        service
        for service in office.services
        if service.id in desk.handicaps and not desk.handicaps[service.id]
    ]
    return first or [service for service in office.services if service.id in desk.handicaps]


def _mean_s(services: Sequence[Service]) -> float:
    """Seconds a desk is taken by one of its people, with the call and the notes after it."""
    weights = [WEIGHTS.get(service.code, 1) for service in services]
    durations = [service.duration.total_seconds() + 40 for service in services]
    products = (weight * each for weight, each in zip(weights, durations, strict=True))
    return sum(products) / sum(weights)
