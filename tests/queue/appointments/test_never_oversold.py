"""One place is one person's: whoever asks, however many at once, whichever way."""

import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from tests.program import Program
from tests.queue.appointments.agenda import ALWAYS, TUESDAY, Agenda, given, lima

from turnero_core.errors import Conflict, Problem
from turnero_queue.appointments import quanta
from turnero_queue.models import Appointment, AppointmentSeat

NINE = lima(TUESDAY, 9)
CROWD = Path(__file__).parent / "crowd.py"


def at_once(number: int, act: Callable[[], Any]) -> list[Any]:
    """What each of so many people got who asked at the same moment."""
    ready = threading.Barrier(number)
    got: list[Any] = []

    def ask() -> None:
        ready.wait()
        try:
            got.append(act())
        except Problem as problem:
            got.append(problem)

    people = [threading.Thread(target=ask) for _ in range(number)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return got


def test_fifty_people_and_ten_places_make_ten_appointments(agenda: Agenda) -> None:
    agenda.prepare(given(seats=10))
    got = at_once(50, lambda: agenda.book(NINE))
    booked = [each for each in got if isinstance(each, Appointment)]
    refused = [each for each in got if isinstance(each, Problem)]
    assert len(booked) == 10
    assert len({each.seats for each in booked}) == 10
    assert {problem.slug for problem in refused} == {"slot-full"}
    assert [len(problem.extra["next"]) for problem in refused] == [3] * 40
    assert agenda.left(NINE) == 0
    assert agenda.left(lima(TUESDAY, 9, 15)) == 10


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_two_processes_share_ten_places_among_fifty_people(
    kind: str, request: pytest.FixtureRequest, clock: Any
) -> None:
    town = request.getfixturevalue(f"{kind}_town")
    town.prepare()
    agenda = Agenda(town)
    agenda.prepare(given(seats=10, lead_minutes=0, horizon_days=400, hours=ALWAYS))
    agenda.town.configure(Office__centro={"hours": {day: ["00:00-24:00"] for day in ALWAYS}})
    url = town.database.url.render_as_string(hide_password=False)
    crowds = [Program(CROWD, url, "25") for _ in range(2)]
    for crowd in crowds:
        assert crowd.stdout is not None
        assert crowd.stdout.readline() == "ready\n"
    outcomes: Counter[str] = Counter()
    for crowd in crowds:
        assert crowd.stdin is not None
        crowd.stdin.write("go\n")
        crowd.stdin.flush()
    for crowd in crowds:
        out, _ = crowd.communicate()
        outcomes.update(out.split())
    assert outcomes == {"confirmed": 10, "slot-full": 40}
    with agenda.read() as session:
        seats = session.execute(select(AppointmentSeat.quantum, AppointmentSeat.seat)).all()
    assert len(seats) == len(set(seats)) == 30


def test_the_database_itself_refuses_the_eleventh(agenda: Agenda) -> None:
    """Around the domain: ten places are taken by rows alone, and no row fits any more."""
    agenda.prepare(given(seats=10))
    booked = [agenda.book(NINE) for _ in range(10)]
    office, quantum = agenda.office().id, quanta.before(NINE)
    for seat in sorted(each.seats for each in booked):
        with pytest.raises(IntegrityError), agenda.write() as session:
            session.execute(
                insert(AppointmentSeat).values(
                    office_id=office, quantum=quantum, seat=seat, appointment_id=booked[0].id
                )
            )
    assert agenda.seats() == 30


def test_who_looks_past_a_place_that_was_taken_meanwhile_is_refused_by_the_constraint(
    agenda: Agenda, monkeypatch: pytest.MonkeyPatch
) -> None:
    from turnero_queue.appointments import occupancy

    agenda.prepare(given(seats=1))
    agenda.book(NINE)
    monkeypatch.setattr(occupancy, "taking", lambda *_: [])
    before = agenda.town.everything()
    with pytest.raises(Conflict) as refused:
        agenda.hold(NINE)
    assert refused.value.slug == "slot-full"
    assert agenda.town.everything() == before


def test_schedules_that_overlap_never_give_one_desk_twice(agenda: Agenda) -> None:
    agenda.prepare(
        given("quarter", services=("rentas",), desks=("1", "2")),
        given("long", services=("licencias",), slot_minutes=25, desks=("2",)),
    )
    first = agenda.book(NINE, "rentas")
    second = agenda.book(NINE, "rentas")
    assert {first.seats, second.seats} == {"desk:1", "desk:2"}
    # Slots of 25 minutes begin at 08:00, so 08:50 to 09:15 needs desk 2 while it is taken.
    overlapping = lima(TUESDAY, 8, 50)
    assert agenda.left(overlapping, "licencias") == 0
    with pytest.raises(Conflict, match="last place"):
        agenda.hold(overlapping, "licencias")
    agenda.cancel(second if second.seats == "desk:2" else first)
    agenda.book(overlapping, "licencias")
    assert agenda.left(NINE, "rentas") == 0


def test_groups_of_one_name_share_their_places_and_others_do_not(small_agenda: Agenda) -> None:
    small_agenda.prepare(
        given("a", services=("rentas",), seats=1),
        given("b", services=("catastro",), seats=1, slot_minutes=30),
        given("c", services=("licencias",), seats=1, group="other", slot_minutes=20),
    )
    small_agenda.book(NINE, "rentas")
    assert small_agenda.left(NINE, "catastro") == 0
    assert small_agenda.left(NINE, "licencias") == 1


def test_three_slots_with_the_middle_one_taken_take_none(agenda: Agenda) -> None:
    agenda.prepare(given(seats=1))
    agenda.book(lima(TUESDAY, 9, 15))
    before = agenda.town.everything()
    with pytest.raises(Conflict) as refused:
        agenda.hold(NINE, ("rentas", 4))
    assert refused.value.slug == "slot-full"
    assert agenda.town.everything() == before
    assert agenda.left(NINE) == agenda.left(lima(TUESDAY, 9, 30)) == 1


def test_an_appointment_of_two_desks_takes_both_or_none(small_agenda: Agenda) -> None:
    small_agenda.prepare(
        given("wedding", services=("licencias",), desks=("1", "2"), desks_needed=2),
        given("plain", services=("rentas",), desks=("2", "3")),
    )
    small_agenda.book(NINE, "rentas")
    assert small_agenda.left(NINE, "licencias") == 0
    assert small_agenda.left(NINE, "rentas") == 1
    booked = small_agenda.book(lima(TUESDAY, 10), "licencias")
    assert booked.seats == "desk:1,desk:2"
    assert small_agenda.left(lima(TUESDAY, 10), "rentas") == 1


def test_minutes_between_are_kept_free_for_every_schedule_of_the_desk(
    small_agenda: Agenda,
) -> None:
    small_agenda.prepare(
        given("a", services=("rentas",), desks=("1",), buffer_minutes=10),
        given("b", services=("catastro",), desks=("1",), slot_minutes=5),
    )
    booked = small_agenda.book(lima(TUESDAY, 8), "rentas")
    assert booked.ends_at == lima(TUESDAY, 8, 15)
    assert (
        small_agenda.left(
            lima(TUESDAY, 8, 20),
            "catastro",
        )
        == 0
    )
    assert small_agenda.left(lima(TUESDAY, 8, 25), "rentas") == 1


def test_another_offices_places_are_its_own(small_agenda: Agenda) -> None:
    small_agenda.prepare(given(seats=1))
    small_agenda.prepare(given(seats=1, services=("rentas",)), office="norte")
    small_agenda.book(NINE)
    small_agenda.book(NINE, office="norte")
    assert small_agenda.left(NINE) == small_agenda.left(NINE, office="norte") == 0
