"""One entry changed at a time: judged like the file, taken back whole, and nobody is lost."""

import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path as File
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.db import Database
from turnero_core.errors import Conflict, Invalid
from turnero_core.i18n import speaking
from turnero_queue import (
    attending,
    calling,
    catalogue,
    configuration,
    desks,
    issuing,
    models,
    opening,
    sequence,
)
from turnero_queue.configuration import deltas, editing, history, hurting, loading, retiring
from turnero_queue.configuration import tree as trees
from turnero_queue.configuration.editing import Done, Entry, Overtaken
from turnero_queue.configuration.parsing import judge
from turnero_queue.configuration.stored import stored
from turnero_queue.configuration.tree import Path, Tree
from turnero_queue.issuing import Visit
from turnero_queue.models import Ticket

VILLA = """\
municipality:
  {name: Villa Clara, timezone: America/Lima, locale: es, languages: [es, en], currency: PEN}
categories:
  - {code: tributos, name: {es: Tributos}}
services:
  - {code: rentas, prefix: R, name: {es: Rentas}, category: tributos, appointments: true}
  - {code: catastro, prefix: C, name: {es: Certificado catastral}, category: tributos}
  - {code: bodas, prefix: B, name: {es: Matrimonio civil}}
priorities:
  - {code: standard, name: {es: General}}
offices:
  - code: centro
    name: {es: Centro}
    hours: {mon-sun: ["00:00-24:00"]}
    desks:
      - {code: "1", name: {es: Ventanilla 1}, services: [rentas, catastro]}
      - code: "2"
        name: {es: Ventanilla 2}
        services: [catastro, {code: rentas, handicap_minutes: 5}]
    availability:
      - code: mesas
        services: [rentas]
        hours: {mon-fri: ["08:00-12:00"]}
        slot_minutes: 15
        desks: ["1"]
  - code: norte
    name: {es: Norte}
    hours: {sat: ["09:00-12:00"]}
    services: [bodas]
"""
RENTAS: Path = ("services", "rentas")


def furnish(database: Database) -> None:
    with speaking("en"), database.write() as session:
        configuration.apply(session, configuration.parse(VILLA, "villa.yaml"), actor="tests")


@pytest.fixture(scope="module")
def furnished(migrated_sqlite: File, tmp_path_factory: pytest.TempPathFactory) -> File:
    file = tmp_path_factory.mktemp("villa") / "villa.db"
    shutil.copyfile(migrated_sqlite, file)
    database = Database(f"sqlite:///{file}")
    furnish(database)
    database.dispose()
    return file


@pytest.fixture
def villa(furnished: File, tmp_path: File) -> Iterator[Database]:
    shutil.copyfile(furnished, tmp_path / "villa.db")
    database = Database(f"sqlite:///{tmp_path / 'villa.db'}")
    with speaking("en"):
        yield database
    database.dispose()


@pytest.fixture
def either(database: Database) -> Iterator[Database]:
    """The same on SQLite and on PostgreSQL."""
    furnish(database)
    with speaking("en"):
        yield database


def change(
    villa: Database,
    edit: Callable[[Tree], None],
    at: Path = (),
    actor: str = "staff:rosa",
    then: Callable[[Session, Done], None] | None = None,
    **more: Any,
) -> Done:
    with villa.write() as session:
        done = editing.change(session, edit, at=at, actor=actor, now=clock.now(), **more)
        if then is not None:
            then(session, done)
        return done


def tree_of(villa: Database) -> Tree:
    with villa.read() as session:
        return editing.present(session)


def setting(path: Path, value: Any) -> Callable[[Tree], None]:
    return lambda tree: trees.put(tree, path, value)


def latest(villa: Database) -> models.ConfigurationChange:
    with villa.read() as session:
        return history.changes(session)[0]


def undo(villa: Database, past: models.ConfigurationChange) -> Done:
    return change(villa, lambda tree: deltas.turn_back(tree, past.entries), undoes=past.id)


def take_turn(villa: Database, service: str, **values: Any) -> str:
    with villa.write() as session:
        town = catalogue.current(session)
        office = town.office("centro")
        visit = Visit(town.service(service), town.priority(None), "es", "kiosk", [])
        moment = sequence.hold(session, office.id, clock.now())
        ticket = issuing.issue(session, moment, office, visit, "public")
        for name, value in values.items():
            setattr(ticket, name, value)
        return ticket.id


def at_desk(
    villa: Database, act: Callable[[Session, sequence.Moment, catalogue.Catalogue], Any]
) -> Any:
    with villa.write() as session:
        town = catalogue.current(session)
        office = next(each for each in town.offices_by_id.values() if each.code == "centro")
        return act(session, sequence.hold(session, office.id, clock.now()), town)


def call(villa: Database, desk: str = "1") -> None:
    at_desk(
        villa,
        lambda session, moment, town: calling.call_next(
            session, moment, town, town.office("centro").desk(desk), "ana"
        ),
    )


def ticket(villa: Database, ticket_id: str) -> Ticket:
    with villa.read() as session:
        return session.get_one(Ticket, ticket_id)


def test_plain_values_are_judged_as_the_file_that_says_the_same() -> None:
    parsed = configuration.parse(VILLA, "villa.yaml")
    assert judge(trees.of(parsed)) == parsed


@pytest.mark.parametrize(
    ("key", "value", "field", "said"),
    [
        ("duration_minutes", "twelve", "duration_minutes", "Write a whole number from 1 to 600."),
        ("duration_minutes", 0, "duration_minutes", "Write a whole number from 1 to 600."),
        ("fee", "15,5", "fee", "Write an amount such as 15.00."),
        ("prefix", "R1", "prefix", "Write one to three letters from A to Z."),
        ("name", {"en": "Rates"}, "name", "Write it in the municipality's own language at least."),
        ("name", {"es": "x" * 81}, "name.es", "Write at most 80 characters."),
        ("name", None, "name", "This is needed."),
        ("requirements", [{"es": "DNI"}, {"en": "Id"}], "requirements[1]", "Write it in the"),
        ("category", "tributo", "category", "did you mean tributos?"),
    ],
)
def test_what_is_wrong_is_said_of_the_field_and_changes_nothing(
    villa: Database, key: str, value: Any, field: str, said: str
) -> None:
    before = tree_of(villa)
    with pytest.raises(Invalid) as caught:
        change(villa, setting((*RENTAS, key), value), at=RENTAS)
    errors = caught.value.extra["errors"]
    assert list(errors) == [field]
    assert said in errors[field][0]
    assert tree_of(villa) == before


def test_the_second_of_two_who_edit_one_thing_is_told_what_is_saved(villa: Database) -> None:
    entry = Entry(RENTAS, ("name", "duration_minutes"))
    opened = trees.fingerprint(entry.of(tree_of(villa)))
    first = {"name": {"es": "Rentas"}, "duration_minutes": 12}
    change(villa, editing.saving(entry, first, opened))
    with pytest.raises(Overtaken) as caught:
        change(villa, editing.saving(entry, {**first, "duration_minutes": 30}, opened))
    assert caught.value.stored == first
    assert trees.find(tree_of(villa), RENTAS)["duration_minutes"] == 12
    # Who edits something else of it is nobody's rival.
    other = Entry(RENTAS, ("daily_limit",))
    change(villa, editing.saving(other, {"daily_limit": 9}, trees.fingerprint({})))
    assert trees.find(tree_of(villa), RENTAS)["daily_limit"] == 9


def test_two_who_save_at_once_do_not_overwrite_each_other(either: Database) -> None:
    entry = Entry(RENTAS, ("duration_minutes",))
    opened = trees.fingerprint(entry.of(tree_of(either)))
    outcomes: list[str] = []
    both = threading.Barrier(2)

    def save(minutes: int) -> None:
        both.wait()
        try:
            change(either, editing.saving(entry, {"duration_minutes": minutes}, opened))
            outcomes.append("saved")
        except Overtaken:
            outcomes.append("overtaken")

    threads = [threading.Thread(target=save, args=(minutes,)) for minutes in (11, 12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["overtaken", "saved"]


def test_undoing_puts_back_exactly_what_was_before(either: Database) -> None:
    with either.read() as session:
        before = stored(session)
    change(either, lambda tree: retiring.remove(tree, RENTAS))
    after = tree_of(either)
    assert trees.codes(after["services"]) == ["catastro", "bodas"]
    assert after["offices"][0]["availability"] == []
    undo(either, latest(either))
    with either.read() as session:
        assert stored(session) == before


def test_undoing_leaves_later_changes_of_other_things_alone(villa: Database) -> None:
    change(villa, setting((*RENTAS, "duration_minutes"), 25))
    past = latest(villa)
    change(villa, setting(("services", "bodas", "duration_minutes"), 45))
    undo(villa, past)
    services = tree_of(villa)["services"]
    assert [service["duration_minutes"] for service in services] == [10, 10, 45]
    assert latest(villa).undoes_id == past.id


def test_what_was_changed_again_is_not_undone(villa: Database) -> None:
    change(villa, setting((*RENTAS, "duration_minutes"), 25))
    past = latest(villa)
    change(villa, setting((*RENTAS, "duration_minutes"), 30))
    with pytest.raises(Conflict) as caught:
        undo(villa, past)
    assert caught.value.slug == "changed-since"
    assert trees.find(tree_of(villa), RENTAS)["duration_minutes"] == 30


def test_an_undone_change_can_be_done_again_but_not_undone_twice(villa: Database) -> None:
    change(villa, setting((*RENTAS, "duration_minutes"), 25))
    past = latest(villa)
    undo(villa, past)
    with pytest.raises(Conflict):
        undo(villa, past)
    undo(villa, latest(villa))
    assert trees.find(tree_of(villa), RENTAS)["duration_minutes"] == 25


def test_the_history_says_which_office_a_change_was_about(villa: Database) -> None:
    change(villa, setting(("offices", "centro", "address"), "Plaza 1"))
    assert latest(villa).office == "centro"
    change(villa, setting((*RENTAS, "duration_minutes"), 25))
    assert latest(villa).office == ""
    change(villa, lambda tree: retiring.remove(tree, ("offices", "norte")))
    assert latest(villa).office == ""
    with villa.read() as session:
        assert [found.office for found in history.changes(session, office="centro")] == ["centro"]


def test_an_order_is_changed_and_undone(villa: Database) -> None:
    def turned(tree: Tree) -> None:
        trees.arrange(tree["services"], ["bodas", "rentas", "catastro"])

    change(villa, turned)
    assert trees.codes(tree_of(villa)["services"]) == ["bodas", "rentas", "catastro"]
    undo(villa, latest(villa))
    assert trees.codes(tree_of(villa)["services"]) == ["rentas", "catastro", "bodas"]


def test_a_service_that_goes_takes_nobody_from_the_desk_that_called_them(villa: Database) -> None:
    called, waits = take_turn(villa, "rentas"), take_turn(villa, "rentas")
    call(villa)
    done = change(villa, lambda tree: retiring.remove(tree, RENTAS))
    (hurt,) = done.hurt
    assert hurt.staying == 1
    assert list(hurt.waiting.values()) == [1]
    at_desk(
        villa,
        lambda session, moment, town: attending.start(
            session, moment, session.get_one(Ticket, called), "ana"
        ),
    )
    at_desk(
        villa,
        lambda session, moment, town: attending.finish(
            session, moment, town, session.get_one(Ticket, called), "ana"
        ),
    )
    assert ticket(villa, called).state == "done"
    assert ticket(villa, waits).state == "waiting"


def test_who_waited_for_it_can_be_moved_and_keeps_number_and_place(either: Database) -> None:
    waits, other = take_turn(either, "rentas"), take_turn(either, "catastro")
    before = ticket(either, waits)

    def move(session: Session, done: Done) -> None:
        (hurt,) = done.hurt
        hurting.settle(session, done.after, hurt, "staff:rosa", clock.now())
        to = done.after.service("catastro")
        assert hurting.move_waiting(session, done.after, hurt, to, "staff:rosa", clock.now()) == 1

    change(either, lambda tree: retiring.remove(tree, RENTAS), then=move)
    after = ticket(either, waits)
    assert (after.prefix, after.number, after.due_at) == (
        before.prefix,
        before.number,
        before.due_at,
    )
    call(either)
    assert ticket(either, waits).state == "called"
    assert ticket(either, other).state == "waiting"


def test_a_change_that_is_not_agreed_to_changes_nothing(either: Database) -> None:
    take_turn(either, "rentas")
    before = tree_of(either)

    def refuse(session: Session, done: Done) -> None:
        raise Conflict("not agreed")

    with pytest.raises(Conflict):
        change(either, lambda tree: retiring.remove(tree, RENTAS), then=refuse)
    assert tree_of(either) == before
    with either.read() as session:
        assert history.changes(session) == []


def test_a_desk_with_somebody_at_it_stays_whoever_would_take_it(villa: Database) -> None:
    number = ticket(villa, take_turn(villa, "rentas")).number
    call(villa)
    path = ("offices", "centro", "desks", "1")
    before = tree_of(villa)
    for gone in (path, path[:2]):
        with pytest.raises(Conflict) as edited:
            change(villa, lambda tree, gone=gone: retiring.remove(tree, gone))  # type: ignore[misc]
        retiring.remove(wanted := tree_of(villa), gone)
        with pytest.raises(Conflict) as loaded, villa.write() as session:
            loading.apply(session, judge(wanted), actor="tests")
        for refused in (edited.value, loaded.value):
            assert refused.slug == "desk-busy"
            assert f"centro/1: R{number:03d} (called)" in str(refused)
    assert tree_of(villa) == before
    with villa.read() as session:
        assert history.changes(session) == []


def test_a_desk_that_goes_is_closed_and_who_waited_for_it_waits_for_any(villa: Database) -> None:
    with villa.read() as session:
        office = catalogue.current(session).office("centro")
    first = office.desk("1")
    at_desk(
        villa, lambda session, moment, town: desks.set_status(session, moment, first, "open", "ana")
    )
    waits = take_turn(villa, "catastro", for_desk_id=first.id)

    def settle(session: Session, done: Done) -> None:
        (hurt,) = done.hurt
        assert [desk.code for desk in hurt.closing] == ["1"]
        assert hurt.for_desks == 1
        hurting.settle(session, done.after, hurt, "staff:rosa", clock.now())

    change(
        villa, lambda tree: retiring.remove(tree, ("offices", "centro", "desks", "1")), then=settle
    )
    assert ticket(villa, waits).for_desk_id is None
    with villa.read() as session:
        query = select(models.Desk.status).where(models.Desk.id == first.id)
        assert session.scalar(query) == "closed"
    call(villa, desk="2")
    assert ticket(villa, waits).state == "called"


def test_hours_saved_on_the_day_the_clocks_change_hold_through_it(villa: Database) -> None:
    """In Santiago Saturday, 4 April 2026, has 25 hours: 23:00 to 24:00 comes twice."""
    change(villa, setting(("offices", "centro", "timezone"), "America/Santiago"))
    change(villa, setting(("offices", "centro", "hours"), {"sat": ["00:00-24:00"]}))
    with villa.read() as session:
        office = catalogue.current(session).office("centro")
    midnight = datetime.fromisoformat("2026-04-04T00:00:00-03:00")
    half_hours = [midnight + timedelta(minutes=30 * step) for step in range(-2, 54)]
    found = [opening.open_span(office, at) is not None for at in half_hours]
    assert found == [False] * 2 + [True] * 50 + [False] * 4
