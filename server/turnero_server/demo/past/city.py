"""How the demonstration's city lived: its opening hours, its people, its staff."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from turnero_queue import opening
from turnero_queue.catalogue import Catalogue, Office, Priority, Service
from turnero_queue.configuration import Configuration
from turnero_queue.opening import Span
from turnero_server.demo import cast
from turnero_server.demo.day.people import PROFILE, Crowd, attention_s
from turnero_server.demo.past.day import Day
from turnero_server.demo.past.habits import Habits, origin

QUARTER = timedelta(minutes=15)
# Who comes, against those that the simulated day would bring, from Monday to Sunday.
WEEKDAYS = (1.0, 0.87, 0.81, 0.84, 0.8, 0.78, 0.75)
USUAL = 0.8
AT_THE_DOOR = 0.6


class CityHabits(Habits):
    """One day of one office; `openings` are those that it had then."""

    reasons = (
        "Persona en silla de ruedas",
        "Viene de una comunidad lejana y pierde el bus",
        "Le faltaba una copia y ya la trajo",
        "Madre con recién nacido",
        "Volvió a firmar: lo atendimos antes",
    )
    lingers = timedelta(minutes=45)
    patience = timedelta(minutes=80)
    put_back, missed, out_of_order = 0.01, 0.05, 0.012

    def __init__(
        self, dice: random.Random, configured: Catalogue, office: Office, openings: Sequence[Span]
    ) -> None:
        self._openings = openings
        self._crowd = Crowd(dice, configured, office, office.desks)
        self._services: Mapping[str, Service] = {one.code: one for one in office.services}
        self._priorities: Mapping[str, Priority] = {one.code: one for one in configured.priorities}

    def many(self, dice: random.Random) -> int:
        """How many come: what the desks can attend, by the day of the week and a little luck."""
        weekday = WEEKDAYS[self._openings[0].start.weekday()]
        quarters = sum(self._quarters().values()) * QUARTER.total_seconds()
        return max(1, round(self._crowd.per_s * quarters * weekday * dice.uniform(0.9, 1.08)))

    def hours(self, day: Day) -> tuple[datetime, datetime]:
        del day
        return self._openings[0].start, self._openings[-1].end

    def arrivals(self, day: Day) -> list[datetime]:
        quarters = self._quarters()
        drawn = day.dice.choices([*quarters], [*quarters.values()], k=day.many)
        seconds = QUARTER.total_seconds()
        return sorted(at + timedelta(seconds=day.dice.uniform(0, seconds)) for at in drawn)

    def visitor(self, day: Day) -> tuple[Service, Priority, str]:
        person = self._crowd.somebody()
        service = self._services[person.service]
        where = origin(day)
        if where == "appointment" and not service.appointments:
            where = "kiosk"
        return service, self._priorities[person.priority], where

    def attention(self, day: Day, service: Service) -> timedelta:
        return timedelta(seconds=round(attention_s(day.dice, service), 6))

    def staff(self, day: Day, n: int) -> str:
        return cast.at_desk(day.office.code, n)

    def _quarters(self) -> dict[datetime, float]:
        """How much comes in each quarter of an hour; the first has a queue at the door."""
        found: dict[datetime, float] = {}
        for span in self._openings:
            at = span.start
            while at < span.end - QUARTER:
                found[at] = PROFILE.get(at.hour, USUAL)
                at += QUARTER
        found[self._openings[0].start] += AT_THE_DOOR
        return found


def as_configured(office: Office, written: Configuration) -> Office:
    """The office with the hours of its file, though the demonstration never closes."""
    own = next(one for one in written.offices if one.code == office.code)
    hours = {
        day: tuple(opening.minutes_of_day(text) for text in texts)
        for day, texts in own.hours.items()
    }
    return replace(office, hours=hours, holidays=own.holidays)


def openings(office: Office, last: date, weeks: int) -> list[tuple[date, list[Span]]]:
    """The days up to `last` on which the office opened, with their hours."""
    days = (last - timedelta(days=back) for back in reversed(range(weeks * 7)))
    found = ((day, opening.spans(office, day)) for day in days)
    return [(day, spans) for day, spans in found if spans]
