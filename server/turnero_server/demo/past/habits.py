"""What one invented city does otherwise than another: its hours, its people, its words."""

from datetime import datetime, time, timedelta

from turnero_queue.catalogue import Priority, Service
from turnero_server.demo.past.day import Day

OPENS, CLOSES = time(8), time(16)
SECOND = timedelta(seconds=1)


class Habits:
    """A city without habits: open from 8 to 16, where everybody comes for anything.

    A desk is taken seven tenths of the time, whatever it is for.
    """

    reasons: tuple[str, ...] = (
        "wheelchair",
        "came from far away",
        "a form was missing",
        "=1+1 is no formula",
    )
    # For so long after closing whoever waits is still attended.
    lingers = timedelta()
    # Who has waited longer gives up.
    patience = timedelta.max
    put_back, missed, out_of_order = 0.03, 0.05, 0.015

    def hours(self, day: Day) -> tuple[datetime, datetime]:
        return day.at(OPENS), day.at(CLOSES)

    def arrivals(self, day: Day) -> list[datetime]:
        opens, closes = self.hours(day)
        length = (closes - opens).total_seconds()
        drawn = sorted(day.dice.triangular(0, length - 600, length / 3) for _ in range(day.many))
        return [opens + timedelta(seconds=round(seconds, 6)) for seconds in drawn]

    def visitor(self, day: Day) -> tuple[Service, Priority, str]:
        """What the next person comes for, with what priority, and where they take the turn."""
        service = day.dice.choice(day.office.services)
        several = len(day.priorities) > 1
        priority = day.priorities[day.lucky(0.2)] if several else day.priorities[0]
        return service, priority, origin(day)

    def attention(self, day: Day, service: Service) -> timedelta:
        """How long somebody keeps a desk."""
        del service
        opens, closes = self.hours(day)
        pace = (closes - opens).total_seconds() * len(day.office.desks) / day.many
        return timedelta(seconds=round(day.dice.expovariate(1 / (pace * 0.7)), 6))

    def staff(self, day: Day, n: int) -> str:
        """The login at desk number `n`: two people share a desk by weeks."""
        return f"{day.office.code}-{n + 1}{'ab'[day.day.isocalendar().week % 2]}"


def origin(day: Day) -> str:
    return day.dice.choices(("kiosk", "web", "staff", "appointment"), (70, 10, 10, 10))[0]
