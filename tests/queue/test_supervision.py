"""What a supervisor does to an office at once: pauses, messages, desks lent, another class."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from tests.queue.town import Town

from turnero_core import clock as now_of
from turnero_core.errors import Conflict, Invalid
from turnero_queue import catalogue, issuing, models
from turnero_queue.issuing import Visit
from turnero_queue.models import AuditEntry, Ticket
from turnero_queue.supervision import (
    hall_messages,
    lending,
    office_now,
    pauses,
    reclassing,
    troubles,
)

ANA = "staff:ana"
HOUR = timedelta(hours=1)


def pause(town: Town, service: str = "rentas", until: timedelta | None = None) -> None:
    with town.holding() as (session, moment, configured):
        office = configured.office("centro")
        ends = moment.at + until if until else None
        wanted = office.service(service)
        pauses.pause(session, moment, office, wanted, ANA, "The system is down", ends)


def actions(town: Town) -> list[str]:
    with town.database.read() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))


def lend(town: Town, wanted: dict[str, int], desk: str = "1", **how: bool) -> None:
    with town.database.write() as session:
        office = catalogue.current(session).office("centro")
        lending.change(
            session,
            office,
            office.desk(desk),
            wanted,
            ANA,
            "Many people",
            now_of.now(),
            **{"today_only": False, **how},
        )


def attended(town: Town, desk: str = "1") -> dict[str, int]:
    office = town.office()
    return lending.attended(office, office.desk(desk))


def look(town: Town) -> office_now.OfficeNow:
    with town.database.read() as session:
        configured = catalogue.current(session)
        return office_now.of(session, configured, configured.office("centro"), now_of.now())


def test_a_paused_service_gives_no_turns_and_keeps_those_who_wait(town: Town) -> None:
    before = town.take()
    pause(town)
    refused = town.post("/offices/centro/tickets", {"service": "rentas"})
    assert (refused.status_code, refused.json["type"].split("/")[-1]) == (409, "service-paused")
    assert refused.json["resumes_at"] is None
    with town.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 1
    # Elsewhere, for other services, and for whoever has an appointment, nothing has changed.
    town.take("rentas", "norte")
    town.take("licencias")
    with town.holding() as (session, moment, configured):
        office = configured.office("centro")
        visit = Visit(
            office.service("rentas"), configured.priority(None), "es", appointment_at=moment.at
        )
        issuing.issue(session, moment, office, visit, "kiosk:centro")
    assert before["code"] in [entry["code"] for entry in town.queue()]
    assert town.called("1")["state"] == "called"
    assert town.services()["rentas"]["paused"] is True
    assert town.services("norte")["rentas"]["paused"] is False
    assert "service.pause" in actions(town)


def test_a_pause_ends_at_its_hour_or_by_hand_and_can_begin_again(
    town: Town, clock: time_machine.Traveller
) -> None:
    pause(town, until=HOUR)
    assert town.services()["rentas"]["resumes_at"] == now_of.rfc3339(now_of.now() + HOUR)
    clock.shift(HOUR)
    town.take()
    # The row is still open when somebody pauses anew, before any job has noted its end.
    pause(town)
    with town.holding() as (session, moment, configured):
        office = configured.office("centro")
        pauses.resume(session, moment, office, office.service("rentas"), ANA)
    town.take()
    with town.holding() as (session, moment, configured):
        office = configured.office("centro")
        with pytest.raises(Conflict, match="not paused"):
            pauses.resume(session, moment, office, office.service("rentas"), ANA)
    with town.database.read() as session:
        rows = session.scalars(select(models.ServicePause).order_by(models.ServicePause.began_at))
        assert [row.ended_by for row in rows] == [pauses.ACTOR, ANA]


def test_the_end_of_a_pause_and_of_a_message_is_told_to_the_screens(
    small_town: Town, clock: time_machine.Traveller
) -> None:
    town = small_town
    with town.holding() as (session, moment, _):
        hall_messages.send(session, moment, {"es": "Hola"}, moment.at + HOUR, ANA)
    pause(town, until=HOUR)
    heard = town.hub.subscribe(f"office/{town.office().id}")
    clock.shift(HOUR)
    for job in (pauses.end_due, hall_messages.end_due):
        with town.database.write() as session:
            assert job(session, now_of.now()) == 1
        with town.database.write() as session:
            assert job(session, now_of.now()) == 0
    messages = [heard.get(5) for _ in range(2)]
    town.hub.unsubscribe(heard)
    assert [(m.event, m.data["kind"]) for m in messages if m] == [
        ("service", "service_resumed"),
        ("hall", "message_over"),
    ]


def test_a_message_is_plain_stands_alone_and_ends(
    town: Town, clock: time_machine.Traveller
) -> None:
    with town.holding() as (session, moment, _):
        for texts, until in (
            ({"es": "  "}, HOUR),
            ({"es": "x" * 161}, HOUR),
            ({"es": "Hola"}, timedelta(0)),
            ({"es": "Hola"}, timedelta(days=2)),
        ):
            with pytest.raises(Invalid):
                hall_messages.send(session, moment, texts, moment.at + until, ANA)
        said = {"es": "<b>Hola</b>\n a\ttodos", "en": ""}
        hall_messages.send(session, moment, said, moment.at + HOUR, ANA)
        second = hall_messages.send(session, moment, {"es": "Otra"}, moment.at + HOUR, ANA)
        first = session.scalars(
            select(models.HallMessage).where(models.HallMessage.id != second.id)
        ).one()
        assert first.texts == {"es": "<b>Hola</b> a todos"}
        assert first.ended_by == ANA
    with town.database.read() as session:
        office = town.office()
        shown = hall_messages.current(session, office.id, now_of.now())
        assert shown is not None
        assert shown.texts == {"es": "Otra"}
        clock.shift(HOUR)
        assert hall_messages.current(session, office.id, now_of.now()) is None
        assert hall_messages.current(session, town.office("norte").id, now_of.now()) is None


def test_a_desk_that_attends_less_keeps_whoever_is_there_and_leaves_nobody_in_silence(
    small_town: Town,
) -> None:
    town = small_town
    town.desk("open", "1")
    town.take("catastro")
    here = town.called("1")
    left = town.take("catastro")
    with pytest.raises(Conflict) as refused:
        lend(town, {"rentas": 0})
    assert refused.value.slug == "left-behind"
    assert attended(town) == {"rentas": 0, "catastro": 0}
    lend(town, {"rentas": 0}, confirmed=True)
    assert attended(town) == {"rentas": 0}
    # The person at the desk is attended to the end, and nobody was moved.
    town.do("start", here, desk="1")
    assert town.ticket(here)["desk"] == "1"
    town.do("finish", here, desk="1")
    assert town.ticket(left)["state"] == "waiting"
    assert town.call_next("1").status_code == 204
    [alarm] = troubles.of(look(town))
    assert (alarm.level, alarm.about) == ("danger", ("service", "catastro"))
    assert actions(town)[-2:] == ["configuration.change", "desk.attends"]


def test_a_desk_lent_for_today_goes_back_unless_somebody_changed_it_since(
    town: Town, clock: time_machine.Traveller
) -> None:
    lend(town, {"caja": 5}, "2", today_only=True)
    lend(town, {"caja": 0, "rentas": 0}, "1", today_only=True)
    lend(town, {"caja": 0}, "1")
    assert attended(town, "2") == {"caja": 5}
    clock.shift(timedelta(days=1))
    with town.database.write() as session:
        assert lending.end_due(session, now_of.now()) == 1
    assert attended(town, "2") == {"licencias": 0, "rentas": 15}
    assert attended(town, "1") == {"caja": 0}


def test_another_class_keeps_the_arrival_and_gives_its_reason(small_town: Town) -> None:
    town = small_town
    first, second = town.take(), town.take()
    with town.holding() as (session, moment, configured):
        ticket = session.get_one(Ticket, second["id"])
        wanted = configured.priority("preferential")
        with pytest.raises(Invalid):
            reclassing.reclass(session, moment, configured, ticket, wanted, ANA, " ")
        reclassing.reclass(session, moment, configured, ticket, wanted, ANA, "Is pregnant")
    assert [entry["code"] for entry in town.queue()] == [second["code"], first["code"]]
    assert town.row(second).issued_at == town.row(first).issued_at
    assert town.kinds(second) == ["issued", "reclassed"]
    assert "ticket.priority" in actions(town)


def test_what_is_wrong_comes_first_and_in_words(
    small_town: Town, clock: time_machine.Traveller
) -> None:
    town = small_town
    [quiet] = troubles.of(look(town))
    assert "none of its desks" in quiet.text
    town.take("licencias")
    town.desk("open", "1")
    town.take()
    busy = town.called("1")
    town.take()
    clock.shift(timedelta(minutes=21))
    found = look(town)
    assert [person.level for person in found.people] == ["over", "over"]
    assert found.longest_s == 21 * 60
    assert {at.desk.code: at.doing for at in found.desks} == {
        "1": "called",
        "2": "closed",
        "3": "closed",
    }
    told = troubles.of(found)
    assert [trouble.level for trouble in told] == ["danger", "danger", "warn"]
    assert [at.desk.code for at in told[0].helping] == ["2"]
    assert busy["code"] in told[2].text
