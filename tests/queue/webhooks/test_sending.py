"""Webhooks are delivered signed, in order, at least once, and given up honestly."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest
import time_machine
from sqlalchemy import select
from tests.queue.town import Town
from tests.queue.webhooks.receiver import Receiver, receiving
from tests.queue.webhooks.test_noting import noted, subscribe

from turnero_core import clock as time
from turnero_core.errors import Conflict
from turnero_core.live import Hub
from turnero_queue.models import AuditEntry
from turnero_queue.models.webhooks import Webhook, WebhookDelivery
from turnero_queue.webhooks import deliveries, sending, subscriptions
from turnero_queue.webhooks.deliveries import Outcome
from turnero_server.webhooks import Webhooks

DOCS = Path(__file__).parents[3] / "docs" / "webhooks.md"
Genuine = Callable[..., bool]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def is_genuine() -> Genuine:
    """The example of the documentation, as an integrator would paste it."""
    [code] = re.findall(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL)
    names: dict[str, Genuine] = {}
    exec(code, names)  # type: ignore[arg-type]  # noqa: S102
    return names["is_genuine"]


def send_all(town: Town) -> None:
    for webhook_id in sending.due(town.database):
        sending.drain(town.database, webhook_id, sending.send, lambda: True)


def log(town: Town) -> list[WebhookDelivery]:
    with town.database.read() as session:
        return list(session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.number)))


def states(town: Town) -> list[str]:
    return [row.state for row in log(town)]


def webhook(town: Town, webhook_id: str) -> Webhook:
    with town.database.read() as session:
        return subscriptions.find(session, webhook_id)


def test_a_delivery_is_signed_as_the_documentation_says(
    town: Town, receiver: Receiver, is_genuine: Genuine, clock: time_machine.Traveller
) -> None:
    with town.database.write() as session:
        wanted = subscriptions.Wanted(receiver.url, ("ticket.issued",))
        made, secret = subscriptions.create(session, wanted, time.now(), actor="rosa")
    town.take()
    send_all(town)

    [(headers, body)] = receiver.got
    signature = headers["Turnero-Signature"]
    assert headers["Turnero-Event"] == "ticket.issued"
    assert headers["Turnero-Delivery"] == log(town)[0].id
    assert is_genuine(secret, signature, body)
    assert not is_genuine(secret, signature, body + b" ")
    assert not is_genuine("whsec_another", signature, body)
    assert not is_genuine(secret, signature.replace("t=1", "t=2"), body)

    with town.database.write() as session:
        found = subscriptions.find(session, made.id)
        newer = subscriptions.rotate(session, found, time.now(), actor="rosa")
    town.take()
    send_all(town)
    both = receiver.got[1]
    assert is_genuine(secret, both[0]["Turnero-Signature"], both[1])
    assert is_genuine(newer, both[0]["Turnero-Signature"], both[1])
    clock.shift(timedelta(hours=25))
    assert not is_genuine(newer, both[0]["Turnero-Signature"], both[1])
    town.take()
    send_all(town)
    assert [len(re.findall("v1=", got[0]["Turnero-Signature"])) for got in receiver.got] == [
        1,
        2,
        1,
    ]


def test_a_broken_receiver_gets_everything_later_in_order(
    town: Town, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    subscribe(town, url=receiver.url)
    receiver.answers = [503, 302, 429]
    town.take()
    town.called("1")
    for _ in range(3):
        send_all(town)
        clock.shift(timedelta(seconds=3))
        send_all(town)  # too early
        clock.shift(timedelta(minutes=1))
    assert receiver.types == ["ticket.issued"] * 3
    assert log(town)[0].answer == "answer 429"

    send_all(town)
    assert receiver.types[3:] == ["ticket.issued", "ticket.called"]
    assert len(set(receiver.ids[:4])) == 1
    assert states(town) == ["delivered", "delivered"]
    assert log(town)[0].attempts == 4


def test_a_delivery_that_is_refused_holds_up_no_other(
    small_town: Town, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    subscribe(small_town, url=receiver.url)
    receiver.answers = [400]
    small_town.take()
    small_town.called("1")
    send_all(small_town)
    assert receiver.types == ["ticket.issued", "ticket.called"]
    assert states(small_town) == ["pending", "delivered"]

    clock.shift(timedelta(seconds=30))
    send_all(small_town)
    assert (receiver.types[2], receiver.ids[2]) == ("ticket.issued", receiver.ids[0])
    assert states(small_town) == ["delivered", "delivered"]


def test_a_receiver_says_how_long_it_wants_to_rest(
    small_town: Town, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    subscribe(small_town, url=receiver.url)
    receiver.answers, receiver.headers = [503], {"Retry-After": "600"}
    small_town.take()
    send_all(small_town)
    clock.shift(timedelta(minutes=9))
    send_all(small_town)
    assert len(receiver.got) == 1
    clock.shift(timedelta(minutes=2))
    send_all(small_town)
    assert states(small_town) == ["delivered"]


def test_a_server_that_dies_before_it_noted_the_answer_sends_the_same_again(
    town: Town, receiver: Receiver
) -> None:
    subscribe(town, url=receiver.url)
    town.take()
    [due] = sending.due(town.database)
    post = sending._next(town.database, due)
    assert post is not None
    assert sending.send(post).taken  # and here the power fails

    send_all(town)
    assert receiver.ids[0] == receiver.ids[1]
    assert receiver.bodies[0] == receiver.bodies[1]
    with town.database.write() as session:
        deliveries.settle(session, post.number, Outcome(500), time.now())
    assert states(town) == ["delivered"]


def test_a_slow_or_absent_receiver_is_not_waited_for(
    small_town: Town, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "ANSWER_S", 0.1)
    subscribe(small_town, url=receiver.url)
    subscribe(small_town, url="http://127.0.0.1:9/nobody")
    receiver.slow_s = 0.5
    small_town.take()
    send_all(small_town)

    assert states(small_town) == ["pending", "pending"]
    assert {row.status for row in log(small_town)} == {None}
    assert sorted(row.answer.partition(":")[0] for row in log(small_town)) == [
        "ConnectError",
        "ReadTimeout",
    ]


def test_what_is_never_taken_is_given_up_and_its_webhook_paused(
    town: Town, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    broken = subscribe(town, url=receiver.url)
    receiver.answers = [500] * 2
    town.take()
    send_all(town)
    clock.shift(timedelta(hours=49))
    send_all(town)

    found = webhook(town, broken)
    assert states(town) == ["given_up"]
    assert not found.active
    assert found.paused_at == time.now()
    with town.database.read() as session:
        assert [one.id for one in subscriptions.paused(session)] == [broken]
        actions = session.scalars(select(AuditEntry.action)).all()
    assert "webhook.pause" in actions
    town.take()
    assert len(noted(town)) == 1

    with town.database.write() as session:
        with pytest.raises(Conflict):
            deliveries.replay(session, log(town)[0].id, time.now(), actor="rosa")
        subscriptions.switch(
            session, subscriptions.find(session, broken), True, time.now(), actor="rosa"
        )
        deliveries.replay(session, log(town)[0].id, time.now(), actor="rosa")
    send_all(town)
    assert states(town) == ["delivered"]
    assert len(set(receiver.ids)) == 1


def test_trying_a_webhook_tells_what_was_answered_and_pauses_nothing(
    small_town: Town, receiver: Receiver
) -> None:
    mine = subscribe(small_town, url=receiver.url)
    receiver.answers = [500]

    refused = sending.try_out(small_town.database, mine, sending.send)
    assert (refused.status, refused.answer) == (500, "answer 500")
    assert webhook(small_town, mine).failing_since is None
    assert sending.try_out(small_town.database, mine, sending.send).taken
    assert receiver.types == ["ping", "ping"]
    assert states(small_town) == ["given_up", "delivered"]


def test_old_deliveries_are_forgotten(
    small_town: Town, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    subscribe(small_town, url=receiver.url)
    small_town.take()
    send_all(small_town)
    for days, left in ((13, 1), (2, 0)):
        clock.shift(timedelta(days=days))
        with small_town.database.write() as session:
            deliveries.forget_old(session, time.now())
        assert len(log(small_town)) == left


def test_the_server_sends_at_once_and_a_slow_receiver_holds_up_nobody(
    small_town: Town, receiver: Receiver
) -> None:
    with receiving() as slow:
        slow.slow_s = 1.5
        subscribe(small_town, url=slow.url)
        subscribe(small_town, url=receiver.url)
        hub: Hub = small_town.hub
        server = Webhooks(small_town.database, hub, lambda: True)
        server.start()
        small_town.take()
        small_town.called("1")
        end = monotonic() + 20
        while len(receiver.got) < 2 and monotonic() < end:
            sleep(0.02)
        slow_by_then = len(slow.got)
        server.stop()
    assert receiver.types == ["ticket.issued", "ticket.called"]
    assert slow_by_then <= 1
