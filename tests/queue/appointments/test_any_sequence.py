"""Whatever happens in whatever order: nothing is oversold, and what is shown free is free."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from tests.conftest import MONDAY_MORNING
from tests.queue.appointments.agenda import TUESDAY, Agenda, given, lima
from tests.queue.town import Town

from turnero_core import clock
from turnero_core.errors import Problem
from turnero_queue import appointments
from turnero_queue.appointments import tending
from turnero_queue.models import Appointment, AppointmentSeat, Availability, Notice

HOURS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ((480, 600),))
STARTS = [lima(TUESDAY, 8) + timedelta(minutes=5 * n) for n in range(0, 24)]
# Two schedules that share two desks with slots of different lengths, and one with its own seats.
SCHEDULES = (
    given("a", services=("rentas",), hours=HOURS, desks=("1", "2"), slot_minutes=15),
    given("b", services=("catastro",), hours=HOURS, desks=("2",), slot_minutes=20),
    given("c", services=("licencias",), hours=HOURS, seats=2, slot_minutes=25, buffer_minutes=5),
)
FEWER = (replace(SCHEDULES[0], desks=("1",)), *SCHEDULES[1:])
SHORTER = (replace(SCHEDULES[0], hours={"tue": ((480, 540),)}), *SCHEDULES[1:])
SERVICES = ("rentas", "catastro", "licencias")


class AnySequence(RuleBasedStateMachine):
    town: Town

    def __init__(self) -> None:
        super().__init__()
        self.time = time_machine.travel(MONDAY_MORNING, tick=False)
        self.clock = self.time.start()
        self.people: list[Appointment] = []

    @initialize()
    def begin(self) -> None:
        self.town.prepare()
        self.agenda = Agenda(self.town)
        self.agenda.prepare(*SCHEDULES)

    def attempt(self, act: Callable[[], Any]) -> Any:
        """What may be refused: then nothing at all has changed."""
        before = self.rows()
        try:
            return act()
        except Problem:
            assert self.rows() == before
            return None

    def rows(self) -> list[list[Any]]:
        columns = [
            [
                getattr(Appointment, name)
                for name in ("id", "state", "starts_at", "seats", "sequence")
            ],
            [AppointmentSeat.quantum, AppointmentSeat.seat, AppointmentSeat.appointment_id],
            [Availability.code, Availability.active, Availability.hours, Availability.desks],
            [Notice.key, Notice.state],
        ]
        with self.agenda.read() as session:
            return [
                sorted(map(tuple, session.execute(select(*each))), key=repr) for each in columns
            ]

    @rule(
        start=st.sampled_from(STARTS),
        service=st.sampled_from(SERVICES),
        quantity=st.integers(1, 3),
    )
    def somebody_holds(self, start: datetime, service: str, quantity: int) -> None:
        held = self.attempt(lambda: self.agenda.hold(start, (service, quantity)))
        if held is not None:
            self.people.append(held)

    @rule(who=st.integers(0, 30))
    def somebody_confirms(self, who: int) -> None:
        if self.people:
            person = self.people[who % len(self.people)]
            self.attempt(lambda: self.agenda.confirm(person))

    @rule(who=st.integers(0, 30))
    def somebody_cancels(self, who: int) -> None:
        if self.people:
            person = self.people[who % len(self.people)]
            self.attempt(lambda: self.agenda.cancel(person))

    @rule(who=st.integers(0, 30), start=st.sampled_from(STARTS))
    def somebody_moves(self, who: int, start: datetime) -> None:
        if self.people:
            person = self.people[who % len(self.people)]
            self.attempt(lambda: self.agenda.reschedule(person, start))

    @rule(minutes=st.sampled_from([3, 11]))
    def time_passes(self, minutes: int) -> None:
        self.clock.shift(timedelta(minutes=minutes))

    @rule()
    def the_job_runs(self) -> None:
        with self.agenda.write() as session:
            tending.expire_holds(session, clock.now())

    @rule(schedules=st.sampled_from([SCHEDULES, FEWER, SHORTER]))
    def the_schedule_changes(self, schedules: tuple[Any, ...]) -> None:
        def change() -> None:
            with self.agenda.write() as session:
                appointments.set_availabilities(
                    session, self.agenda.office(), schedules, "staff:ana", clock.now()
                )

        self.attempt(change)

    @invariant()
    def nothing_is_oversold_and_free_is_what_is_not_taken(self) -> None:
        if not hasattr(self, "agenda"):
            return
        with self.agenda.read() as session:
            rows = session.execute(
                select(
                    AppointmentSeat.quantum, AppointmentSeat.seat, AppointmentSeat.appointment_id
                )
            ).all()
            people = {row.id: row for row in session.scalars(select(Appointment))}
        now = clock.now()
        live = {
            key
            for key, row in people.items()
            if row.state == "confirmed" or (row.expires_at is not None and row.expires_at > now)
        }
        self.check_rows(rows, people, live)
        self.check_free([row for row in rows if row.appointment_id in live])

    def check_rows(self, rows: Any, people: dict[str, Appointment], live: set[str]) -> None:
        """Each booking has exactly its places, and whoever is gone has none that count."""
        taken = Counter(row.appointment_id for row in rows)
        for key in live:
            row = people[key]
            places = len(row.seats.split(","))
            assert taken[key] == (row.until_quantum - row.first_quantum) * places
        assert set(taken) <= live | {k for k, row in people.items() if row.state == "held"}

    def check_free(self, rows: Any) -> None:
        busy: dict[int, set[str]] = defaultdict(set)
        for row in rows:
            assert row.seat not in busy[row.quantum]
            busy[row.quantum].add(row.seat)
        for service in SERVICES:
            shown = {
                slot.start: slot.seats_left for slot in self.agenda.slots(TUESDAY, TUESDAY, service)
            }
            for schedule in self.agenda.office().availabilities:
                if service in schedule.services:
                    self.check_schedule(schedule, shown, busy)

    def check_schedule(
        self, schedule: Any, shown: dict[datetime, int], busy: dict[int, set[str]]
    ) -> None:
        length = self.agenda.office().service(schedule.services[0]).duration
        count = schedule.slots_for(length)
        stride = timedelta(minutes=schedule.slot_minutes + schedule.buffer_minutes)
        for first, last in schedule.hours.get("tue", ()):
            start = lima(TUESDAY, 0) + timedelta(minutes=first)
            while start + schedule.length(count) <= lima(TUESDAY, 0) + timedelta(minutes=last):
                until = start + schedule.length(count) + timedelta(minutes=schedule.buffer_minutes)
                steps = range(int(start.timestamp()) // 300, int(until.timestamp()) // 300)
                used = set().union(*(busy[step] for step in steps))
                assert shown.pop(start, 0) == len(set(schedule.labels) - used)
                start += stride
        assert shown == {}

    def teardown(self) -> None:
        self.time.stop()


def test_any_sequence_of_acts_keeps_capacity(sqlite_town: Town) -> None:
    machine = type("OnSqlite", (AnySequence,), {"town": sqlite_town})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=24,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_any_sequence_on_postgresql_too(postgres_town: Town) -> None:
    machine = type("OnPostgres", (AnySequence,), {"town": postgres_town})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=2,
            stateful_step_count=20,
            suppress_health_check=list(HealthCheck),
        ),
    )
