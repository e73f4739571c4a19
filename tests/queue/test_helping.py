"""Calls for help: one for each kiosk, one who goes, and help on the screen only with a yes."""

import queue
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from tests.queue.town import Town

from turnero_core import clock as now
from turnero_core.errors import Conflict
from turnero_core.ids import new_id
from turnero_queue import announcements, helping, sequence
from turnero_queue.helping import Call, Kiosk
from turnero_queue.live_stream import Listener
from turnero_queue.models import Assistance, HelpCall, Staff

KIOSK = Kiosk("k1", None, "Screen 10.0.0.7", "choose", None, "es")
MINUTES = 10


def people(town: Town) -> dict[str, str]:
    """María and Luis, of the staff: login -> id."""
    both = {"maria": "María Quispe", "luis": "Luis Poma"}
    with town.database.write() as session:
        rows = [
            Staff(login=login, name=name, password_hash="", created_at=now.now())
            for login, name in both.items()
        ]
        session.add_all(rows)
        session.flush()
        return {row.login: row.id for row in rows}


def ask(town: Town, kiosk: Kiosk = KIOSK) -> Call:
    with town.holding() as (session, moment, _):
        return helping.ask(session, moment, kiosk)


def take(town: Town, call: Call, who: str) -> None:
    with town.holding() as (session, moment, _):
        helping.take(session, moment, call, who)


def taken(town: Town) -> tuple[Call, dict[str, str]]:
    """A call that María has taken."""
    staff_ids = people(town)
    call = ask(town)
    take(town, call, staff_ids["maria"])
    return found(town, call), staff_ids


def found(town: Town, call: Call) -> Call:
    with town.database.read() as session:
        return helping.find(session, call.id)


def open_now(town: Town) -> list[Call]:
    with town.database.read() as session:
        return helping.open_calls(session, [town.office().id], now.now())


def wants_to_assist(town: Town, call: Call, who: str) -> Assistance:
    with town.holding() as (session, moment, _):
        return helping.ask_to_assist(session, moment, call, who, "staff:maria", MINUTES)


def allowed(town: Town, path: str | None = "/kiosk/centro/choose") -> tuple[Call, Assistance]:
    call, staff_ids = taken(town)
    wants_to_assist(town, call, staff_ids["maria"])
    with town.holding() as (session, moment, _):
        helping.allow(session, moment, call, "choose" if path else "paying", path)
    return call, assistance(town)


def assistance(town: Town) -> Assistance:
    with town.database.read() as session:
        return session.scalars(select(Assistance)).one()


def test_a_kiosk_has_one_open_call_however_often_it_is_pressed(town: Town) -> None:
    def press(_: int) -> str:
        return ask(town).id

    with ThreadPoolExecutor(4) as pool:
        ids = set(pool.map(press, range(4)))

    assert len(ids) == 1
    assert [call.id for call in open_now(town)] == list(ids)


def test_of_two_who_take_a_call_at_once_one_goes_and_the_other_is_told_who(town: Town) -> None:
    staff_ids = people(town)
    call = ask(town)
    both = threading.Barrier(2)

    def press(login: str) -> str:
        both.wait()
        try:
            take(town, call, staff_ids[login])
        except Conflict as problem:
            return str(problem.params.get("name"))
        return "goes"

    with ThreadPoolExecutor(2) as pool:
        said = dict(zip(("maria", "luis"), pool.map(press, ("maria", "luis")), strict=True))

    winner = found(town, call)
    assert sorted(said.values()).count("goes") == 1
    assert said["luis" if said["maria"] == "goes" else "maria"] == winner.helper
    assert winner.taken_by == staff_ids["maria" if said["maria"] == "goes" else "luis"]


def test_who_cannot_go_lets_somebody_else(town: Town) -> None:
    call, staff_ids = taken(town)
    with town.holding() as (session, moment, _), pytest.raises(Conflict):
        helping.release(session, moment, call, staff_ids["luis"])
    with town.holding() as (session, moment, _):
        helping.release(session, moment, call, staff_ids["maria"])
    take(town, call, staff_ids["luis"])

    assert found(town, call).helper == "Luis Poma"


def test_a_call_ends_once_and_the_kiosk_can_call_again(town: Town) -> None:
    call, _ = taken(town)
    with town.holding() as (session, moment, _):
        helping.finish(session, moment, call)
    with pytest.raises(Conflict), town.holding() as (session, moment, _):
        helping.cancel(session, moment, call)

    assert found(town, call).ended_how == "done"
    assert open_now(town) == []
    assert ask(town).id != call.id


def test_a_call_that_nobody_took_cannot_be_done_only_cancelled(town: Town) -> None:
    call = ask(town)
    with pytest.raises(Conflict), town.holding() as (session, moment, _):
        helping.finish(session, moment, call)
    with town.holding() as (session, moment, _):
        helping.cancel(session, moment, call)

    assert found(town, call).ended_how == "cancelled"


def test_the_address_of_a_browser_is_forgotten_with_its_call(town: Town) -> None:
    call = ask(town)
    assert found(town, call).label == "Screen 10.0.0.7"
    with town.holding() as (session, moment, _):
        helping.cancel(session, moment, call)

    assert found(town, call).label == ""


def test_nobody_waits_for_ever_the_call_is_over_when_read_and_noted_later(
    town: Town, clock: time_machine.Traveller
) -> None:
    call = ask(town)
    clock.shift(timedelta(minutes=31))
    assert open_now(town) == []
    again = ask(town)

    assert found(town, call).ended_how == "unanswered"
    take(town, again, people(town)["maria"])
    clock.shift(timedelta(minutes=61))
    with town.database.write() as session:
        assert helping.tidy(session, now.now()) == 1
        assert helping.tidy(session, now.now()) == 0
    assert found(town, again).ended_how == "forgotten"


def test_a_call_is_urgent_once_nobody_took_it_for_some_minutes(
    small_town: Town, clock: time_machine.Traveller
) -> None:
    call = ask(small_town)
    clock.shift(timedelta(minutes=2, seconds=59))
    assert not call.is_urgent(3, now.now())
    clock.shift(timedelta(seconds=1))
    assert call.is_urgent(3, now.now())
    assert not call.is_urgent(0, now.now())
    take(small_town, call, people(small_town)["luis"])
    assert not found(small_town, call).is_urgent(3, now.now())


def test_another_office_sees_nothing_of_it(small_town: Town) -> None:
    ask(small_town)
    norte = [small_town.office("norte").id]
    with small_town.database.read() as session:
        assert helping.open_calls(session, norte, now.now()) == []
        hour = timedelta(hours=1)
        assert helping.listed(session, norte, now.now() - hour, now.now() + hour) == []


def test_the_median_is_of_those_that_somebody_took(
    small_town: Town, clock: time_machine.Traveller
) -> None:
    maria = people(small_town)["maria"]
    for place, seconds in (("a", 20), ("b", 40), ("c", 300)):
        call = ask(small_town, Kiosk(place, None, "", "start", None, "es"))
        clock.shift(timedelta(seconds=seconds))
        take(small_town, call, maria)
    ask(small_town, Kiosk("d", None, "", "start", None, "es"))
    with small_town.database.read() as session:
        hour = timedelta(hours=1)
        calls = helping.listed(
            session, [small_town.office().id], now.now() - hour, now.now() + hour
        )

    assert helping.figures(calls) == helping.Figures(4, 3, 40, 300)
    assert helping.figures([]) == helping.Figures(0, 0, None, None)


def test_only_the_staff_hear_that_it_is_about_help(town: Town) -> None:
    office = town.office()
    heard = town.hub.subscribe(announcements.topic(office.id))
    ask(town)
    message = heard.get(5) if town.database.sqlite else None
    town.hub.unsubscribe(heard)
    if message is None:
        return
    assert Listener(office.id, staff=True).translate(message).event == "help"
    hall = Listener(office.id).translate(message)
    phone = Listener(office.id, "a ticket").translate(message)
    assert (hall.event, phone.event) == ("queue", "queue")
    assert "help" not in repr(hall.data)
    with pytest.raises(queue.Empty):
        heard.get(0)


def test_an_announcement_leaves_no_gap_in_the_offices_numbers(town: Town) -> None:
    with town.database.read() as session:
        before = sequence.last_seq(session, town.office().id)
    ask(town)
    ask(town)
    with town.database.read() as session:
        assert sequence.last_seq(session, town.office().id) == before + 1


def test_help_on_the_screen_needs_the_call_and_a_yes(town: Town) -> None:
    call, staff_ids = taken(town)
    with pytest.raises(Conflict):
        wants_to_assist(town, call, staff_ids["luis"])
    first = wants_to_assist(town, call, staff_ids["maria"])
    assert wants_to_assist(town, call, staff_ids["maria"]).id == first.id
    with pytest.raises(Conflict), town.holding() as (session, moment, _):
        helping.lead(session, moment, first, "/kiosk/centro/service/rentas")
    with town.holding() as (session, moment, _):
        helping.refuse(session, moment, call)

    refused = assistance(town)
    assert (refused.allowed, refused.ended_how, refused.path) == (False, "refused", None)


def test_a_question_without_an_answer_is_no_consent(
    town: Town, clock: time_machine.Traveller
) -> None:
    call, staff_ids = taken(town)
    wants_to_assist(town, call, staff_ids["maria"])
    clock.shift(timedelta(seconds=91))
    with pytest.raises(Conflict), town.holding() as (session, moment, _):
        helping.allow(session, moment, call, "choose", "/kiosk/centro/choose")
    with town.database.read() as session:
        assert helping.of_call(session, call.id, MINUTES, now.now()) is None

    again = wants_to_assist(town, call, staff_ids["maria"])
    assert again.answered_at is None


def test_staff_lead_and_the_citizens_next_page_ends_the_leading(town: Town) -> None:
    call, given = allowed(town)
    with town.holding() as (session, moment, _):
        helping.lead(session, moment, given, "/kiosk/centro/service/rentas")
    assert assistance(town).lead == "/kiosk/centro/service/rentas"
    with town.holding() as (session, moment, _):
        helping.shows(session, moment, call, "turn", None, "es")

    at = assistance(town)
    assert (at.screen, at.path, at.lead) == ("turn", None, None)


def test_nobody_is_led_away_from_a_page_of_their_own(town: Town) -> None:
    _, given = allowed(town, path=None)
    with pytest.raises(Conflict) as refused, town.holding() as (session, moment, _):
        helping.lead(session, moment, given, "/kiosk/centro/choose")

    assert refused.value.slug == "assist-not-now"
    assert assistance(town).lead is None


@pytest.mark.parametrize("how", ["staff", "citizen", "start"])
def test_whoever_ends_it_nothing_is_seen_any_more_and_it_is_audited(town: Town, how: str) -> None:
    call, _ = allowed(town)
    with town.holding() as (session, moment, _):
        assert helping.end_assistance(session, moment, call, how, "somebody")
        assert not helping.end_assistance(session, moment, call, how, "somebody")

    over = assistance(town)
    assert (over.ended_how, over.path, over.lead) == (how, None, None)
    actions = [row["action"] for row in town.everything()["audit_entry"]]
    assert actions.count("help.assist.end") >= 1
    assert {"help.assist.ask", "help.assist.allow"} <= set(actions)


def test_it_runs_out(town: Town, clock: time_machine.Traveller) -> None:
    call, _ = allowed(town)
    clock.shift(timedelta(minutes=MINUTES, seconds=1))
    with town.database.read() as session:
        assert helping.of_call(session, call.id, MINUTES, now.now()) is None


def test_with_the_call_ends_what_is_seen(town: Town) -> None:
    call, _ = allowed(town)
    with town.holding() as (session, moment, _):
        helping.finish(session, moment, call)
    assert assistance(town).ended_how == "call"


def test_the_database_refuses_what_cannot_be(town: Town) -> None:
    call, given = allowed(town)
    open_call = {
        "id": new_id(), "office_id": call.office_id, "kiosk": KIOSK.key, "label": "",
        "screen": "start", "language": "es", "asked_at": now.now(),
    }  # fmt: skip
    wrong = [
        insert(HelpCall).values(open_call),
        update(HelpCall).values(taken_at=None),
        update(HelpCall).values(ended_at=now.now()),
        update(HelpCall).values(taken_at=call.asked_at - timedelta(hours=1)),
        update(Assistance).values(ended_at=now.now(), ended_how="staff"),
        update(Assistance).values(answered_at=None, allowed=None),
    ]
    for statement in wrong:
        with pytest.raises(IntegrityError), town.database.write() as session:
            session.execute(statement)
    assert assistance(town).id == given.id
