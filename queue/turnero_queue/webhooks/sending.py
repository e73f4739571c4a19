"""The posts themselves. Each is made outside of any transaction and noted in one afterwards: a
process that dies in between sends the same delivery again, under the same id."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version

import httpx

from turnero_core import clock
from turnero_core.db import Database
from turnero_queue import signatures
from turnero_queue.models.webhooks import WebhookDelivery
from turnero_queue.webhooks import deliveries, subscriptions
from turnero_queue.webhooks.deliveries import EXCERPT, Outcome

CONNECT_S, ANSWER_S, WHOLE_S = 5.0, 10.0, 15.0
_MOST_READ = 4096


@dataclass(frozen=True)
class Post:
    """What goes over the wire; `number` is the delivery it is of."""

    number: int
    url: str
    headers: dict[str, str]
    body: bytes


Send = Callable[[Post], Outcome]


def drain(database: Database, webhook_id: str, send: Send, go_on: Callable[[], bool]) -> int:
    """Send a subscription what it is to be sent now, in order, until something fails or nothing
    is left; how many were taken."""
    taken = 0
    while go_on():
        post = _next(database, webhook_id)
        if post is None:
            return taken
        outcome = deliver(database, post, send)
        if not outcome.taken and not outcome.refused:
            return taken
        taken += outcome.taken
    return taken


def deliver(database: Database, post: Post, send: Send) -> Outcome:
    outcome = send(post)
    with database.write() as session:
        deliveries.settle(session, post.number, outcome, clock.now())
    return outcome


def try_out(database: Database, webhook_id: str, send: Send) -> Outcome:
    """Send a ping now, also where the webhook is off, and tell what became of it."""
    now = clock.now()
    with database.write() as session:
        webhook = subscriptions.find(session, webhook_id)
        delivery = deliveries.ping(session, webhook, now)
        keys = subscriptions.keys_of(webhook, now)
        post = post_of(delivery, webhook.url, keys, int(now.timestamp()))
    return deliver(database, post, send)


def due(database: Database) -> list[str]:
    """The subscriptions that have something to be sent now."""
    with database.read() as session:
        return deliveries.waiting(session, clock.now())


def post_of(delivery: WebhookDelivery, url: str, keys: list[str], at: int) -> Post:
    body = delivery.body.encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"Turnero/{version('turnero')}",
        "Turnero-Event": delivery.event,
        "Turnero-Delivery": delivery.id,
        "Turnero-Signature": signatures.stamped(keys, body, at),
    }
    return Post(delivery.number, url, headers, body)


def send(post: Post) -> Outcome:
    """A POST that follows nobody elsewhere, waits for nobody long and reads little."""
    began = time.monotonic()
    try:
        limits = httpx.Timeout(ANSWER_S, connect=CONNECT_S)
        with httpx.Client(timeout=limits, follow_redirects=False, trust_env=False) as client:
            return _send(client, post, began)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        return Outcome(0, f"{type(error).__name__}: {error}", _since(began))


def _send(client: httpx.Client, post: Post, began: float) -> Outcome:
    with client.stream("POST", post.url, content=post.body, headers=post.headers) as answer:
        read = b""
        # A receiver that trickles is let go: its status is all that counts.
        for chunk in answer.iter_bytes():
            read += chunk
            if len(read) >= _MOST_READ or time.monotonic() - began > WHOLE_S:
                break
        text = read[:_MOST_READ].decode("utf-8", "replace").replace("\0", "")
        excerpt = " ".join(text.split())[:EXCERPT]
        after = _asked_for(answer.headers.get("Retry-After", ""))
        return Outcome(answer.status_code, excerpt, _since(began), after)


def _next(database: Database, webhook_id: str) -> Post | None:
    now = clock.now()
    with database.read() as session:
        delivery = deliveries.next_of(session, webhook_id, now)
        if delivery is None:
            return None
        webhook = subscriptions.find(session, webhook_id)
        keys = subscriptions.keys_of(webhook, now)
        return post_of(delivery, webhook.url, keys, int(now.timestamp()))


def _asked_for(text: str) -> timedelta | None:
    return timedelta(seconds=int(text)) if text.isdecimal() and len(text) < 7 else None


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
