"""One event, one message in the mailbox, whatever happens to whoever sends it."""

import signal
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from tests.program import Program
from tests.queue.notices.letters import ANN, ROSA, Post, appointment
from tests.queue.notices.mailbox import MailServer

from turnero_queue import notices
from turnero_queue.models import Notice
from turnero_queue.notices import Contact

SCRIPT = Path(__file__).with_name("sending_process.py")


def process(post: Post, lease: float) -> Program:
    """A sender that is ready, and waits for a line to begin."""
    url = post.database.url.render_as_string(hide_password=False)
    started = Program(SCRIPT, url, str(post.instance), str(lease))
    assert started.stdout is not None
    assert started.stdout.readline() == "ready\n"
    return started


def let_go(started: Program) -> None:
    assert started.stdin is not None
    with suppress(BrokenPipeError):
        started.stdin.write("go\n")
        started.stdin.flush()


def ended(started: Program) -> int:
    started.communicate(timeout=300)
    return started.wait()


def test_a_mailbox_has_one_confirmation_and_one_reminder_though_the_sender_is_killed_twice(
    post: Post, mail_server: MailServer
) -> None:
    post.enqueue("appointment-confirmed")
    post.enqueue("appointment-reminder")
    post.set_rules(notices_quiet_hours="none")
    mail_server.kills = 2
    ends: list[int] = []
    while len(ends) < 20:
        started = process(post, lease=0)
        mail_server.victim = started.pid
        let_go(started)
        ends.append(ended(started))
        if ends[-1] == 0:
            break
    # Twice for each of the two mails it died between the mail's acceptance and its note.
    assert ends == [-signal.SIGKILL] * 4 + [0]
    assert len(mail_server.delivered) == 6
    assert len(mail_server.inbox("rosa@example.com")) == 2
    assert post.states() == {
        "appointment-confirmed:7": "sent",
        "appointment-reminder:7": "sent",
    }
    assert all(one.doubtful and one.attempts == 3 for one in post.notices().values())


def test_two_processes_at_once_send_nothing_twice(post: Post, mail_server: MailServer) -> None:
    for number in range(40):
        contact = Contact(f"neighbour{number}@example.com", None, "es")
        post.enqueue(to=contact, key=f"confirmed:{number}")
    both = [process(post, lease=300) for _ in range(2)]
    for one in both:
        let_go(one)
    assert [ended(one) for one in both] == [0, 0]
    received = Counter(str(mail["To"]) for mail in mail_server.delivered)
    assert len(received) == 40
    assert set(received.values()) == {1}
    assert set(post.states().values()) == {"sent"}


def test_an_event_is_told_once_however_often_it_is_enqueued(
    post: Post, mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    assert post.enqueue(key="confirmed:7") is not None
    assert post.enqueue(key="confirmed:7") is None
    assert post.enqueue(key="confirmed:7", to=ANN) is None
    assert post.send() == 1
    assert post.enqueue(key="confirmed:7") is None
    assert post.send() == 0
    assert len(mail_server.inbox("rosa@example.com")) == 1
    assert not mail_server.inbox("ann@example.com")


def test_the_database_itself_refuses_a_second_message_for_an_event(
    post: Post, clock: time_machine.Traveller
) -> None:
    assert post.enqueue(key="confirmed:7") is not None
    with post.database.read() as session:
        row = session.execute(select(Notice.__table__)).mappings().one()
    columns = {column.key: row[column] for column in Notice.__table__.columns}
    with pytest.raises(IntegrityError), post.database.write() as session:
        session.execute(insert(Notice).values({**columns, "id": "another", "message_id": "<x@y>"}))


def test_a_message_that_is_rolled_back_with_its_event_is_never_sent(
    post: Post, mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    with suppress(ZeroDivisionError), post.database.write() as session:
        notices.enqueue(
            session,
            "appointment-confirmed",
            key="confirmed:7",
            to=ROSA,
            data=appointment(),
            now=datetime.now(UTC),
        )
        raise ZeroDivisionError
    assert post.send() == 0
    assert not mail_server.delivered


def test_every_try_of_a_message_has_the_same_message_id_of_the_municipalitys_domain(
    small_post: Post, mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    first = small_post.enqueue(key="confirmed:7")
    second = small_post.enqueue(key="confirmed:8")
    assert first is not None
    assert second is not None
    assert first.message_id != second.message_id
    assert first.message_id.endswith("@sanmartin.example>")
    assert "confirmed" not in first.message_id
    small_post.send()
    assert {str(mail["Message-ID"]) for mail in mail_server.delivered} == {
        first.message_id,
        second.message_id,
    }


def test_what_is_withdrawn_is_not_sent_and_what_is_on_its_way_is_noted_as_sent(
    post: Post, mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    post.enqueue(key="booking-7:reminder:1")
    post.enqueue(key="booking-7:reminder:2")
    post.enqueue(key="booking-77:reminder:1", to=ANN, subject_id="booking-77")
    post.enqueue(key="booking_7:reminder:1", to=ANN, subject_id="booking-8")
    assert post.withdraw(key_prefix="booking-7:") == 2
    assert post.withdraw(key_prefix="booking-7:") == 0
    assert post.send() == 2
    assert not mail_server.inbox("rosa@example.com")
    assert len(mail_server.inbox("ann@example.com")) == 2
    assert post.withdraw(subject_id="booking-77") == 0
    with pytest.raises(ValueError, match="key_prefix or a subject_id"):
        post.withdraw()
    sender = post.sender()
    post.enqueue(key="late")
    claimed = sender._claim()
    assert claimed is not None
    assert post.withdraw(key_prefix="late") == 1
    sender._send(claimed)
    assert post.states()["late"] == "sent"
