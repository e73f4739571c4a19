"""What happens is noted for whoever subscribed, with it or not at all, and nothing personal."""

import json
from typing import Any

import pytest
from sqlalchemy import event, select
from tests.queue.appointments.agenda import TUESDAY, Agenda, lima
from tests.queue.town import Town

from turnero_core import clock as time
from turnero_core.errors import Invalid
from turnero_queue.models.device_alerts import DeviceAlert
from turnero_queue.models.webhooks import WebhookDelivery
from turnero_queue.webhooks import noting, subscriptions
from turnero_queue.webhooks.events import EVENTS
from turnero_queue.webhooks.subscriptions import Wanted

URL = "https://procedures.city.example/turnero"


def subscribe(town: Town, *events: str, office: str | None = None, url: str = URL) -> str:
    """A webhook's id; of every event unless some are named."""
    with town.database.write() as session:
        office_id = town.office(office).id if office else None
        wanted = Wanted(url, events or tuple(EVENTS), office_id)
        webhook, _secret = subscriptions.create(session, wanted, time.now(), actor="rosa")
        return webhook.id


def noted(town: Town, webhook_id: str | None = None) -> list[dict[str, Any]]:
    with town.database.read() as session:
        query = select(WebhookDelivery).order_by(WebhookDelivery.number)
        if webhook_id:
            query = query.where(WebhookDelivery.webhook_id == webhook_id)
        return [json.loads(row.body) for row in session.scalars(query)]


def test_a_turn_is_told_from_its_number_to_its_end(town: Town) -> None:
    subscribe(town)
    rosa = town.take(notes="DNI 40404040")
    called = town.called("1")
    town.do("recall", called)
    town.do("start", called)
    town.do("finish", called)
    luis = town.take()
    town.do("cancel", luis, reason="Luis Mamani se fue")

    told = noted(town)
    assert [one["type"].partition(".")[2] for one in told] == [
        "issued", "called", "recalled", "started", "served", "issued", "cancelled",
    ]  # fmt: skip
    assert {one["office"] for one in told} == {"centro"}
    assert [one["data"]["seq"] for one in told] == sorted(one["data"]["seq"] for one in told)
    assert told[1]["data"] == {
        "ticket": rosa["id"],
        "seq": told[1]["data"]["seq"],
        "code": "R001",
        "business_day": "2026-03-02",
        "service": "rentas",
        "priority": "standard",
        "origin": "api",
        "state": "called",
        "desk": "1",
        "calls": 1,
        "served_s": 0,
        "outcome": None,
    }
    assert told[4]["data"]["desk"] == "1"
    assert told[4]["data"]["outcome"] == "resolved"
    everything = json.dumps(told)
    assert not any(word in everything for word in ("40404040", "Mamani", rosa["status_url"]))


def test_what_is_refused_or_rolled_back_is_not_told(town: Town) -> None:
    subscribe(town)
    rosa = town.take()

    assert town.verb("start", rosa).status_code == 409
    with pytest.raises(Invalid), town.holding() as (session, moment, _):
        noting.note(session, "ticket.called", moment.office_id, moment.at, lambda _: {})
        raise Invalid(errors={})

    assert [one["type"] for one in noted(town)] == ["ticket.issued"]


def test_each_webhook_hears_of_its_events_and_its_office_only(small_town: Town) -> None:
    called = subscribe(small_town, "ticket.called")
    north = subscribe(small_town, office="norte")
    small_town.take()
    small_town.called("1")
    small_town.take("rentas", "norte")

    assert [one["type"] for one in noted(small_town, called)] == ["ticket.called"]
    assert [one["office"] for one in noted(small_town, north)] == ["norte"]


def test_without_a_webhook_a_turn_costs_the_same_statements(small_town: Town) -> None:
    statements: list[str] = []

    def counted(act: Any) -> int:
        statements.clear()
        act()
        return len(statements)

    engine = small_town.database.engine
    listen = (engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    small_town.take()
    event.listen(*listen)
    without = counted(small_town.take)
    webhook = subscribe(small_town, "ticket.called")
    small_town.take()
    unwanted = counted(small_town.take)
    event.remove(*listen)

    assert without == unwanted
    assert noted(small_town, webhook) == []


def test_an_appointment_is_told_without_its_person(small_town: Town) -> None:
    agenda = Agenda(small_town)
    agenda.prepare()
    subscribe(small_town)
    held = agenda.hold(lima(TUESDAY, 9))
    agenda.cancel(held)
    booked = agenda.book(lima(TUESDAY, 10))
    agenda.reschedule(booked, lima(TUESDAY, 11))
    agenda.cancel(agenda.reread(booked))

    told = noted(small_town)
    assert [one["type"].partition(".")[2] for one in told] == ["booked", "rescheduled", "cancelled"]
    assert told[0]["data"]["start"] == time.rfc3339(lima(TUESDAY, 10))
    assert told[1]["data"]["start"] == time.rfc3339(lima(TUESDAY, 11))
    assert told[0]["data"]["services"] == [{"service": "rentas", "quantity": 1}]
    everything = json.dumps(told)
    assert not any(word in everything for word in (booked.token, booked.code, "Eva", "example.com"))


def test_an_alert_of_a_machine_is_told_when_it_begins(small_town: Town) -> None:
    subscribe(small_town, "device.alert")
    with small_town.database.write() as session:
        alert = DeviceAlert(
            subject_id="x", kind="printer", code="centro", name="Kiosco", slug="paper-out",
            office_id=small_town.office().id, message="", params={}, raised_at=time.now(),
        )  # fmt: skip
        session.add(alert)
        session.flush()
        noting.alert_changed(session, alert, time.now())

    [told] = noted(small_town)
    assert (told["data"]["problem"], told["data"]["state"]) == ("paper-out", "raised")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://city.example",
        "https://",
        "http://ana:x@city.example",
        "https://a b.example",
        "https://city.example:x",
    ],
)
def test_an_address_that_cannot_be_posted_to_is_refused(small_town: Town, url: str) -> None:
    with pytest.raises(Invalid) as refused:
        subscribe(small_town, url=url)
    assert list(refused.value.extra["errors"]) == ["url"]
