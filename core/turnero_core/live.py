"""Live events: announced in a transaction, published after its commit, heard by open streams.

With SQLite the hub is in the process. With PostgreSQL announcements travel by NOTIFY, which
delivers them to every process in commit order; see `turnero_core.live_postgres`.
"""

import json
import queue
import threading
from collections import defaultdict
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from turnero_core.db import Database

CHANNEL = "turnero"
BACKLOG = 1000


@dataclass(frozen=True)
class Message:
    """One event of a topic; `id` grows by one with each, so that a gap can be seen."""

    topic: str
    id: int
    event: str
    data: dict[str, Any]

    @cached_property
    def encoded(self) -> bytes:
        """The event as text/event-stream, made once however many streams it goes to."""
        data = json.dumps(self.data, ensure_ascii=False, separators=(",", ":"))
        return f"id: {self.id}\nevent: {self.event}\ndata: {data}\n\n".encode()


class Subscription:
    """What one stream has yet to send. `None` from `get` asks it to catch up from the database."""

    def __init__(self, *topics: str) -> None:
        self.topics = topics
        self._messages: queue.Queue[Message | None] = queue.Queue(BACKLOG)

    def get(self, timeout: float) -> Message | None:
        """The next message; raises queue.Empty after `timeout` seconds without one."""
        return self._messages.get(timeout=timeout)

    def forget(self) -> None:
        """Drop what waits, for a listener that looks at everything anew anyway."""
        # One by one: the queue of a server of greenlets has no mutex to hold.
        with suppress(queue.Empty):
            while True:
                self._messages.get_nowait()

    def put(self, message: Message | None) -> None:
        try:
            self._messages.put_nowait(message)
        except queue.Full:
            # A stream that slow is told to start again from what the database has.
            self.forget()
            self.put(None)


class Hub:
    """The streams of this process, by topic."""

    def __init__(self) -> None:
        self._subscriptions: dict[str, set[Subscription]] = defaultdict(set)
        self._lock = threading.Lock()

    def subscribe(self, *topics: str) -> Subscription:
        """Hear what is said of one topic, or of several."""
        subscription = Subscription(*topics)
        with self._lock:
            for topic in topics:
                self._subscriptions[topic].add(subscription)
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        with self._lock:
            for topic in subscription.topics:
                listeners = self._subscriptions[topic]
                listeners.discard(subscription)
                if not listeners:
                    del self._subscriptions[topic]

    def publish(self, message: Message) -> None:
        for subscription in list(self._subscriptions.get(message.topic, ())):
            subscription.put(message)

    def catch_up(self) -> None:
        """Ask every stream to read what it may have missed."""
        for subscription in self._all():
            subscription.put(None)

    def listening(self, topic: str) -> int:
        """How many hear of a topic."""
        with self._lock:
            return len(self._subscriptions.get(topic, ()))

    @property
    def streams(self) -> int:
        return len(self._all())

    def _all(self) -> set[Subscription]:
        with self._lock:
            return set().union(*self._subscriptions.values())


def announce(session: Session, topic: str, id: int, event: str, data: dict[str, Any]) -> None:
    """Publish an event when, and only if, this transaction commits."""
    session.info.setdefault("announcements", []).append(Message(topic, id, event, data))


def connect(database: Database, hub: Hub) -> None:
    """Send what the database's transactions announce to `hub`, or through PostgreSQL to all."""
    if database.sqlite:
        database.after_commit.append(lambda session: _publish(session, hub))
    else:
        database.before_commit.append(_notify)


def decode(payload: str) -> Message:
    return Message(**json.loads(payload))


def _publish(session: Session, hub: Hub) -> None:
    for message in session.info.pop("announcements", ()):
        hub.publish(message)


def _notify(session: Session) -> None:
    for message in session.info.pop("announcements", ()):
        payload = json.dumps(asdict(message), ensure_ascii=False, separators=(",", ":"))
        session.execute(
            text("SELECT pg_notify(:channel, :payload)"),
            {"channel": CHANNEL, "payload": payload},
        )
