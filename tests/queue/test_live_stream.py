"""Live streams: what was missed comes first and in order, nothing twice, nothing of others."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from tests.queue.town import Town

from turnero_core.live import BACKLOG, Message
from turnero_queue import live_stream, sequence
from turnero_queue.live_stream import Listener
from turnero_server.configuration_watch import ConfigurationWatch


class Reader:
    """A screen that reads a stream event by event."""

    def __init__(
        self, town: Town, last_id: int | None = None, ticket_id: str | None = None
    ) -> None:
        self.listener = Listener(town.office("centro").id, ticket_id)
        self._stream = live_stream.stream(town.database, town.hub, self.listener, last_id)
        assert next(self._stream) == live_stream.RETRY

    def read(self) -> dict[str, Any]:
        """The next event: its id, name and data."""
        lines = next(self._stream).decode().strip().splitlines()
        fields = dict(line.split(": ", 1) for line in lines)
        return {"id": int(fields["id"]), "event": fields["event"], **json.loads(fields["data"])}

    def until_ready(self) -> list[dict[str, Any]]:
        """What it had missed."""
        found = []
        while (event := self.read())["event"] != "ready":
            found.append(event)
        return found

    def close(self) -> None:
        self._stream.close()


@pytest.fixture
def readers() -> Iterator[list[Reader]]:
    opened: list[Reader] = []
    yield opened
    for reader in opened:
        reader.close()


def last_id(town: Town) -> int:
    with town.database.read() as session:
        return sequence.last_seq(session, town.office("centro").id)


def listen(town: Town, readers: list[Reader], **kwargs: Any) -> Reader:
    readers.append(Reader(town, **kwargs))
    return readers[-1]


def test_a_new_screen_starts_from_now(small_town: Town, readers: list[Reader]) -> None:
    small_town.take()
    small_town.called("1")
    screen = listen(small_town, readers)

    assert screen.until_ready() == []


def test_a_screen_hears_a_call_with_number_and_desk_and_nothing_personal(
    small_town: Town, readers: list[Reader]
) -> None:
    screen = listen(small_town, readers)
    screen.until_ready()
    rosa = small_town.take(notes="DNI 40404040")
    small_town.called("1")

    issued, opened, call = screen.read(), screen.read(), screen.read()
    assert (issued["event"], opened["event"], call["event"]) == ("queue", "queue", "call")
    assert [issued["id"], opened["id"], call["id"]] == [1, 2, 3]
    assert {key: call[key] for key in ("ticket", "desk", "desk_name", "service", "count")} == {
        "ticket": "R001",
        "desk": "1",
        "desk_name": "Ventanilla 1",
        "service": "rentas",
        "count": 1,
    }
    assert call["at"] == "2026-03-02T14:05:00.000Z"
    assert "40404040" not in json.dumps([issued, opened, call])
    assert rosa["status_url"] not in json.dumps(call)


def test_calls_missed_are_replayed_in_order_and_other_changes_are_not(
    town: Town, readers: list[Reader], clock: time_machine.Traveller
) -> None:
    for _ in range(3):
        town.take()
    seen = last_id(town)
    first = town.called("1")
    clock.shift(10)
    town.do("recall", first)
    clock.shift(10)
    town.called("1", finish_current=True)

    missed = listen(town, readers, last_id=seen).until_ready()

    assert [(event["ticket"], event["count"]) for event in missed] == [
        ("R001", 1),
        ("R001", 2),
        ("R002", 1),
    ]
    assert {event["event"] for event in missed} == {"call"}
    assert [event["id"] for event in missed] == sorted(event["id"] for event in missed)
    assert listen(town, readers, last_id=missed[-1]["id"]).until_ready() == []


def test_calls_older_than_ten_minutes_are_not_replayed(
    town: Town, readers: list[Reader], clock: time_machine.Traveller
) -> None:
    town.take()
    town.take()
    town.called("1")
    clock.shift(590)
    town.called("1", finish_current=True)
    clock.shift(11)

    assert [event["ticket"] for event in listen(town, readers, last_id=0).until_ready()] == ["R002"]


def test_an_id_from_the_future_is_taken_for_none(town: Town, readers: list[Reader]) -> None:
    town.take()
    town.called("1")

    assert listen(town, readers, last_id=999_999).until_ready() == []


def test_calls_of_another_office_are_not_heard(small_town: Town, readers: list[Reader]) -> None:
    screen = listen(small_town, readers)
    screen.until_ready()
    small_town.take(office="norte")
    small_town.call_next("1", office="norte")
    small_town.take()

    assert screen.read()["kind"] == "issued"
    assert listen(small_town, readers, last_id=0).until_ready() == []


def test_a_change_that_was_refused_is_never_announced(
    small_town: Town, readers: list[Reader]
) -> None:
    screen = listen(small_town, readers)
    screen.until_ready()
    small_town.post("/offices/centro/tickets", {"service": "rentas", "priority": "vip"})
    small_town.verb("start", small_town.take())
    small_town.take()

    assert [screen.read()["id"], screen.read()["id"]] == [1, 2]


def test_a_citizens_stream_tells_their_own_call_and_hides_the_others(
    small_town: Town, readers: list[Reader]
) -> None:
    small_town.take()
    julio = small_town.take()
    small_town.desk("open", "1")
    phone = listen(small_town, readers, ticket_id=julio["id"])
    phone.until_ready()
    small_town.called("1")
    other = phone.read()
    small_town.called("1", finish_current=True)
    own = [phone.read() for _ in range(3)][-1]

    assert (other["event"], other["kind"]) == ("queue", "called")
    assert "R001" not in json.dumps(other)
    assert (own["event"], own["ticket"]) == ("call", "R002")


def test_a_citizens_replay_hides_the_others_too(small_town: Town, readers: list[Reader]) -> None:
    small_town.take()
    julio = small_town.take()
    small_town.called("1")
    small_town.called("1", finish_current=True)

    missed = listen(small_town, readers, last_id=0, ticket_id=julio["id"]).until_ready()

    assert [event["event"] for event in missed] == ["queue", "call"]
    assert "R001" not in json.dumps(missed)


def test_a_gap_is_filled_from_the_database(small_town: Town, readers: list[Reader]) -> None:
    screen = listen(small_town, readers)
    screen.until_ready()
    topic = f"office/{screen.listener.office_id}"
    small_town.take()
    small_town.take()
    assert [screen.read()["id"], screen.read()["id"]] == [1, 2]
    lost = small_town.hub.publish
    small_town.hub.publish = lambda message: None
    small_town.called("1")
    small_town.hub.publish = lost
    small_town.take()

    call, caught_up = screen.read(), screen.read()

    assert (call["event"], call["ticket"]) == ("call", "R001")
    assert (caught_up["event"], caught_up["id"]) == ("queue", 5)
    small_town.hub.publish(Message(topic, 5, "queue", {"kind": "again"}))
    small_town.take()
    assert screen.read()["id"] == 6


def test_a_screen_too_slow_for_its_backlog_catches_up_with_every_call(
    small_town: Town, readers: list[Reader]
) -> None:
    screen = listen(small_town, readers)
    screen.until_ready()
    topic = f"office/{screen.listener.office_id}"
    small_town.take()
    small_town.called("1")
    for number in range(BACKLOG + 1):
        small_town.hub.publish(Message(topic, 4 + number, "queue", {"kind": "noise"}))

    events = [screen.read(), screen.read()]

    assert [event["event"] for event in events] == ["call", "queue"]
    assert (events[0]["ticket"], events[1]["kind"]) == ("R001", "caught_up")


def test_a_changed_configuration_is_heard_and_hides_no_event(
    small_town: Town, readers: list[Reader]
) -> None:
    watch = ConfigurationWatch(small_town.database, small_town.hub)
    watch.look()
    screen = listen(small_town, readers)
    citizen = listen(small_town, readers, ticket_id="somebody's")
    before = screen.read()["configuration"]
    citizen.until_ready()
    small_town.take()

    assert not watch.look()
    small_town.configure(Office__centro={"name": {"es": "Palacio"}})
    assert watch.look()
    assert not watch.look()
    small_town.take()

    heard = [screen.read() for _ in range(3)]
    assert [(event["event"], event["id"]) for event in heard] == [
        ("queue", 1),
        ("configuration", 1),
        ("queue", 2),
    ]
    assert heard[1]["configuration"] == before + 1
    assert [citizen.read()["event"] for _ in range(3)] == ["queue", "configuration", "queue"]
    assert listen(small_town, readers).read()["configuration"] == before + 1


def test_a_quiet_stream_says_that_it_is_still_there(
    small_town: Town, readers: list[Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_stream, "COMMENT_EVERY_S", 0.0)
    screen = listen(small_town, readers)
    screen.until_ready()

    assert next(screen._stream) == live_stream.COMMENT


def test_a_closed_stream_is_forgotten(small_town: Town) -> None:
    before = small_town.hub.streams
    screen = Reader(small_town)
    assert small_town.hub.streams == before + 1
    screen.close()

    assert small_town.hub.streams == before


def test_announcements_reach_other_processes_in_the_order_of_their_commits(
    big_town: Town,
) -> None:
    """What PostgreSQL carries between processes is what this process heard."""
    import psycopg

    from turnero_core.live import CHANNEL, decode

    dsn = big_town.database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn, autocommit=True) as elsewhere:
        elsewhere.execute(f"LISTEN {CHANNEL}")
        rosa = big_town.take()
        big_town.verb("start", rosa)  # refused
        big_town.called("1")
        heard = [decode(n.payload) for n in elsewhere.notifies(timeout=30, stop_after=3)]

    assert [(message.id, message.event) for message in heard] == [
        (1, "queue"),
        (2, "queue"),
        (3, "call"),
    ]
    assert heard[2].data["ticket"] == "R001"


# Over HTTP.


def opening_bytes(town: Town, path: str, count: int, **kwargs: Any) -> str:
    answer = town.ask("GET", path, buffered=False, **kwargs)
    assert answer.status_code == 200
    assert answer.mimetype == "text/event-stream"
    chunks = answer.iter_encoded()
    text = "".join(next(chunks).decode() for _ in range(count))
    answer.close()
    return text


@pytest.mark.parametrize("base", ["", "/api/v1"])
def test_a_hall_listens_without_a_token_and_resumes_by_header_or_address(
    small_town: Town, base: str
) -> None:
    before = small_town.hub.streams
    small_town.take()
    small_town.called("1")
    path = f"{base}/live/offices/centro"

    plain = opening_bytes(small_town, path, 2, token=None)
    header = opening_bytes(small_town, path, 2, token=None, headers={"Last-Event-ID": "0"})
    query = opening_bytes(small_town, f"{path}?last_event_id=0", 2, token=None)

    assert "event: ready" in plain
    assert "event: call" in header
    assert header == query
    assert small_town.hub.streams == before


@pytest.mark.parametrize("odd", ["abc", "-1", "1e3", "9" * 40, "٣", ""])
def test_an_odd_last_event_id_is_no_error(small_town: Town, odd: str) -> None:
    headers = {"Last-Event-ID": odd} if odd.isascii() else {}
    path = f"/live/offices/centro?last_event_id={odd}"

    assert "event: ready" in opening_bytes(small_town, path, 2, token=None, headers=headers)


def test_a_phone_listens_by_its_unguessable_token_and_by_nothing_else(small_town: Town) -> None:
    rosa = small_town.take()
    secret = rosa["status_url"].rsplit("/", 1)[1]

    assert "event: ready" in opening_bytes(small_town, f"/live/tickets/{secret}", 2, token=None)
    for wrong in (rosa["id"], "R001", secret[:-1], "%00"):
        assert small_town.get(f"/live/tickets/{wrong}", token=None).status_code == 404


def test_a_null_byte_in_a_token_is_not_found_on_postgres_either(big_town: Town) -> None:
    assert big_town.get("/live/tickets/%00", token=None).status_code == 404
    assert big_town.get("/live/offices/%00", token=None).status_code == 404
    assert big_town.get("/offices/centro?lang=%00", token=None).status_code == 404


def test_a_desk_listens_with_a_token_that_may(small_town: Town) -> None:
    desks = small_town.create_token("desks")
    kiosk = small_town.create_token("tickets")
    elsewhere = small_town.create_token("desks", office="norte")

    assert "event: ready" in opening_bytes(small_town, "/live/desks/centro/1", 2, token=desks)
    assert small_town.get("/live/desks/centro/1", token=None).status_code == 401
    assert small_town.get("/live/desks/centro/1", token=kiosk).status_code == 403
    assert small_town.get("/live/desks/centro/1", token=elsewhere).status_code == 403
    assert small_town.get("/live/desks/centro/99", token=desks).status_code == 404
