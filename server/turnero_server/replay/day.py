"""A recorded day: who came, for what, how long they waited, who attended them and how long."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from turnero_core.errors import Invalid
from turnero_core.i18n import N_

COLUMNS = ("arrival", "service", "wait_s", "outcome", "service_s", "desk")
# Longer than this nobody waits, or is attended, in one day.
LONGEST_S = 86_400.0
OUTCOMES = ("served", "left", "no_show")


@dataclass(frozen=True)
class Person:
    """One line; `at` is seconds after midnight, `desk` is empty for who was not attended."""

    at: float
    service: str
    wait_s: float
    outcome: str
    service_s: float
    desk: str

    @property
    def attended_until(self) -> float:
        return self.at + self.wait_s + self.service_s


@dataclass(frozen=True)
class Shift:
    """A desk works from its first attention to the end of its last, for these services."""

    desk: str
    begins: float
    ends: float
    services: tuple[str, ...]


@dataclass(frozen=True)
class Day:
    """`people` in the order of their arrival."""

    people: Sequence[Person]

    @cached_property
    def services(self) -> list[str]:
        return sorted({person.service for person in self.people})

    @cached_property
    def shifts(self) -> list[Shift]:
        found = []
        for desk in sorted({person.desk for person in self.people if person.desk}):
            mine = [person for person in self.people if person.desk == desk]
            begins = min(person.at + person.wait_s for person in mine)
            ends = max(person.attended_until for person in mine)
            services = tuple(sorted({person.service for person in mine}))
            found.append(Shift(desk, begins, ends, services))
        return found

    def usual_s(self, service: str) -> float:
        """The median attention of a service, for somebody who in the record was not attended."""
        times = sorted(
            person.service_s
            for person in self.people
            if person.service == service and person.outcome == "served"
        )
        return times[len(times) // 2] if times else 60.0

    @property
    def begins(self) -> float:
        return min([person.at for person in self.people] + [shift.begins for shift in self.shifts])

    @property
    def ends(self) -> float:
        return max(person.attended_until for person in self.people)


def read(file: Path) -> Day:
    """The day in a CSV file; Invalid names the line and what is wrong with it."""
    with file.open(newline="", encoding="utf-8-sig") as source:
        people = _people(csv.DictReader(source), file)
    if not people:
        raise Invalid(N_("%(file)s has nobody in it."), file=file)
    return Day(sorted(people, key=lambda person: person.at))


def _people(rows: "csv.DictReader[str]", file: Path) -> list[Person]:
    try:
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise Invalid(
                N_("%(file)s lacks the columns %(columns)s."),
                file=file,
                columns=", ".join(missing),
            )
        return [_person(row, rows.line_num, file) for row in rows]
    except (csv.Error, UnicodeDecodeError) as error:
        raise Invalid(
            N_("%(file)s is no CSV in UTF-8: %(reason)s"), file=file, reason=error
        ) from error


def _person(row: dict[str, str], line: int, file: Path) -> Person:
    try:
        person = Person(
            at=_seconds(row["arrival"]),
            service=row["service"].strip(),
            wait_s=float(row["wait_s"] or 0),
            outcome=row["outcome"].strip(),
            service_s=float(row["service_s"] or 0),
            desk=(row["desk"] or "").strip(),
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise _unusable(file, line, str(error)) from error
    if person.outcome not in OUTCOMES:
        raise _unusable(file, line, f"outcome {person.outcome!r}: {', '.join(OUTCOMES)}")
    if not person.service or not all(
        0 <= seconds < LONGEST_S for seconds in (person.wait_s, person.service_s)
    ):
        raise _unusable(file, line, "service, wait_s, service_s")
    return person


def _seconds(text: str) -> float:
    """HH:MM or HH:MM:SS -> seconds after midnight; past 24:00 is the day after."""
    hours, minutes, *rest = (int(part) for part in text.strip().split(":"))
    if not (hours >= 0 and 0 <= minutes < 60 and len(rest) < 2 and all(0 <= s < 60 for s in rest)):
        raise ValueError(f"arrival {text!r}: HH:MM:SS")
    return hours * 3600 + minutes * 60 + (rest[0] if rest else 0)


def _unusable(file: Path, line: int, reason: str) -> Invalid:
    return Invalid(
        N_("%(file)s line %(line)s cannot be used: %(reason)s"),
        file=file,
        line=line,
        reason=reason,
    )
