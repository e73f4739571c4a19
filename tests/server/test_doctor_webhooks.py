"""What the doctor says of webhooks that are paused or failing, and how to mend them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session
from tests.queue import factories

from turnero_core import clock as time
from turnero_core.db import Database
from turnero_core.i18n import speaking
from turnero_core.settings import Settings
from turnero_queue.models.webhooks import Webhook
from turnero_queue.webhooks import deliveries, noting, subscriptions
from turnero_queue.webhooks.deliveries import PAUSE_AFTER, Outcome
from turnero_queue.webhooks.subscriptions import Wanted
from turnero_server.checks.finding import Finding, Level
from turnero_server.checks.webhooks import webhooks

URL = "https://citizens.example/hook/key-in-the-path"


@pytest.fixture
def session(sqlite_url: str) -> Iterator[Session]:
    database = Database(sqlite_url)
    with database.write() as session, speaking("en"):
        factories.create_san_martin(session)
        yield session
    database.dispose()


def subscribe(session: Session, description: str = "") -> Webhook:
    wanted = Wanted(URL, ("ticket.issued",), None, description)
    return subscriptions.create(session, wanted, time.now(), actor="tests")[0]


def try_to_send(session: Session, webhook: Webhook, outcome: Outcome, later: timedelta) -> None:
    now = time.now() + later
    body = noting.body_of("ticket.issued", None, now, {})
    delivery = noting.put(session, webhook.id, "ticket.issued", body, now)
    session.flush()
    deliveries.settle(session, delivery.number, outcome, now)


def look(session: Session) -> list[Finding]:
    return list(webhooks(session, Settings.__new__(Settings)))


def test_without_webhooks_there_is_nothing_to_say(session: Session) -> None:
    assert look(session) == []


def test_webhooks_that_work_or_are_off_by_hand_are_well(session: Session) -> None:
    subscribe(session)
    subscriptions.switch(session, subscribe(session), False, time.now(), actor="tests")
    (found,) = look(session)
    assert (found.level, found.said) == (Level.OK, "1 switched on, none fails")


@pytest.mark.parametrize(
    ("outcome", "answer"), [(Outcome(503, "busy"), "503"), (Outcome(0, "refused"), "nobody")]
)
def test_one_that_fails_is_named_with_its_last_answer(
    session: Session, outcome: Outcome, answer: str
) -> None:
    webhook = subscribe(session)
    try_to_send(session, webhook, outcome, timedelta(0))
    (found,) = look(session)
    assert (found.level, found.about) == (Level.WARN, "webhook citizens.example")
    assert answer in found.said
    assert "waiting: 1" in found.said
    assert f"turnero webhook test {webhook.id}" in found.mend
    assert "key-in-the-path" not in repr(found)


def test_one_that_was_paused_is_named_until_it_is_switched_on(session: Session) -> None:
    webhook = subscribe(session, "Citizens' folder")
    for later in (timedelta(0), PAUSE_AFTER + timedelta(minutes=1)):
        try_to_send(session, webhook, Outcome(0, "refused"), later)
    (found,) = look(session)
    assert (found.level, found.about) == (Level.WARN, "webhook Citizens' folder")
    assert found.said.startswith("paused since")
    assert "switch it on" in found.mend
    subscriptions.switch(session, webhook, True, time.now(), actor="tests")
    assert [one.level for one in look(session)] == [Level.OK]
