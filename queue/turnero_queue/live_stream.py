"""What a stream sends: first what it missed, then what happens, each event once and in order."""

import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.db import Database
from turnero_core.live import Hub, Message
from turnero_queue import announcements, catalogue, sequence
from turnero_queue.models import TicketEvent

REPLAY = timedelta(minutes=10)
COMMENT_EVERY_S = 15.0
COMMENT = b": still here\n\n"
# Browsers wait this long before they connect again.
RETRY = b"retry: 1500\n\n"


@dataclass(frozen=True)
class Listener:
    """Which office a stream follows, whether the staff's business is for it too, and for a
    citizen's page whose calls it may see."""

    office_id: str
    ticket_id: str | None = None
    staff: bool = False

    def translate(self, message: Message) -> Message:
        """What is not for this listener is only a change of the queue: other people's calls to a
        citizen's page, calls for help to everybody but the staff."""
        if message.event == "help" and not self.staff:
            data = {"kind": "other", "at": message.data["at"]}
            return Message(message.topic, message.id, "queue", data)
        if self.ticket_id is None or message.event != "call":
            return message
        if message.data.get("ticket_id") == self.ticket_id:
            return message
        data = {"kind": "called", "at": message.data["at"]}
        return Message(message.topic, message.id, "queue", data)


def stream(
    database: Database, hub: Hub, listener: Listener, last_id: int | None
) -> Iterator[bytes]:
    """text/event-stream without end; `last_id` is the last event that the client has."""
    subscription = hub.subscribe(
        announcements.topic(listener.office_id), announcements.CONFIGURATION
    )
    try:
        yield RETRY
        yield from _events(database, listener, last_id, subscription.get)
    finally:
        hub.unsubscribe(subscription)


def _events(
    database: Database,
    listener: Listener,
    last_id: int | None,
    get: Callable[[float], Message | None],
) -> Iterator[bytes]:
    # Subscribed already, so nothing falls between what the database has and what comes.
    sent, missed, version = _catch_up(database, listener, last_id)
    for message in missed:
        yield listener.translate(message).encoded
    yield _ready(listener, sent, version).encoded
    while True:
        try:
            received = get(COMMENT_EVERY_S)
        except queue.Empty:
            yield COMMENT
            continue
        if received is not None and received.topic == announcements.CONFIGURATION:
            # No event of the office: its id is that of the last one, to resume after.
            yield Message(received.topic, sent, received.event, received.data).encoded
        elif received is None or received.id > sent + 1:
            # Something was lost on the way here: the database has it.
            sent, missed, version = _catch_up(database, listener, sent)
            for message in missed:
                yield listener.translate(message).encoded
            yield _changed(listener, sent, version).encoded
        elif received.id == sent + 1:
            sent = received.id
            yield listener.translate(received).encoded


def _catch_up(
    database: Database, listener: Listener, last_id: int | None
) -> tuple[int, list[Message], int]:
    """The last event there is, the calls among those missed, the configuration's version."""
    with database.read() as session:
        version = catalogue.version_in_force(session)
        latest = sequence.last_seq(session, listener.office_id)
        if last_id is None or last_id > latest:
            return latest, [], version
        missed = missed_calls(session, listener.office_id, last_id, clock.now())
        return latest, missed, version


def missed_calls(session: Session, office_id: str, last_id: int, now: datetime) -> list[Message]:
    """The calls after event `last_id` of the last ten minutes, in order."""
    rows = session.execute(
        select(TicketEvent.seq, TicketEvent.data)
        .where(
            TicketEvent.office_id == office_id,
            TicketEvent.seq > last_id,
            TicketEvent.kind.in_(announcements.CALL_KINDS),
            TicketEvent.at > now - REPLAY,
        )
        .order_by(TicketEvent.seq)
    )
    topic = announcements.topic(office_id)
    return [Message(topic, row.seq, "call", row.data["call"]) for row in rows]


def _ready(listener: Listener, last_id: int, version: int) -> Message:
    data = {"at": clock.rfc3339(clock.now()), "configuration": version}
    return Message(announcements.topic(listener.office_id), last_id, "ready", data)


def _changed(listener: Listener, last_id: int, version: int) -> Message:
    at = clock.rfc3339(clock.now())
    data = {"kind": "caught_up", "at": at, "configuration": version}
    return Message(announcements.topic(listener.office_id), last_id, "queue", data)
