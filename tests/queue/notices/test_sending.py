"""Retries, bounces, quiet hours, limits: what happens when a message cannot simply go."""

import socket
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from structlog.testing import capture_logs
from tests.queue.notices.letters import ANN, JOAO, ROSA, Post, appointment
from tests.queue.notices.mailbox import MailServer

from turnero_core import clock as present
from turnero_core.errors import Conflict
from turnero_queue.models import Municipality, Notice
from turnero_queue.notices import due
from turnero_queue.notices.policy import forget_old
from turnero_queue.rules import problems

# 23:30 in Lima.
LATE = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)
SEVEN = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


def test_a_bounce_does_not_stop_the_others(
    post: Post, mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    mail_server.refused.add("rosa@example.com")
    post.enqueue(key="rosa", to=ROSA)
    post.enqueue(key="ann", to=ANN)
    post.enqueue(key="joao", to=JOAO)
    assert post.send() == 3
    assert post.states() == {"rosa": "bounced", "ann": "sent", "joao": "sent"}
    bounced = post.notices()["rosa"]
    assert bounced.last_error == "550 5.1.1 No such mailbox here"
    assert bounced.sent_at is None
    clock.shift(timedelta(days=2))
    assert post.send() == 0


def test_a_server_that_says_later_is_asked_again_after_longer_and_longer_waits(
    small_post: Post, mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    mail_server.busy["rosa@example.com"] = 2
    small_post.enqueue(key="rosa")
    small_post.enqueue(key="ann", to=ANN)
    assert small_post.send() == 2
    assert small_post.states() == {"rosa": "queued", "ann": "sent"}
    clock.shift(timedelta(seconds=59))
    assert small_post.send() == 0
    clock.shift(timedelta(seconds=1))
    assert small_post.send() == 1
    clock.shift(timedelta(seconds=119))
    assert small_post.send() == 0
    clock.shift(timedelta(seconds=1))
    assert small_post.send() == 1
    notice = small_post.notices()["rosa"]
    assert (notice.state, notice.attempts, notice.doubtful) == ("sent", 3, False)
    assert len(mail_server.inbox("rosa@example.com")) == 1
    assert [due.backoff(attempt) for attempt in (1, 2, 9, 40)] == [
        timedelta(minutes=1),
        timedelta(minutes=2),
        timedelta(hours=4),
        timedelta(hours=4),
    ]


def test_it_is_given_up_after_its_last_try_and_a_person_can_have_it_tried_again(
    small_post: Post, mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        closed = nobody.getsockname()[1]
    email = {"provider": "smtp", "sender": "turnos@sanmartin.example", "host": "127.0.0.1"}
    small_post.set_notices(email={**email, "port": closed, "security": "none"})
    small_post.set_rules(notices_quiet_hours="none")
    notice = small_post.enqueue(key="rosa")
    for _ in range(due.MOST_ATTEMPTS):
        assert small_post.send() == 1
        clock.shift(due.LONGEST_WAIT)
    assert small_post.send() == 0
    failed = small_post.notices()["rosa"]
    assert (failed.state, failed.attempts) == ("failed", due.MOST_ATTEMPTS)
    assert str(failed.last_error).startswith("no connection")
    small_post.set_notices(email={**email, "port": mail_server.port, "security": "none"})
    assert notice is not None
    with small_post.database.write() as session:
        due.try_again(session, notice.id, present.now())
    assert small_post.send() == 1
    assert small_post.states() == {"rosa": "sent"}
    with pytest.raises(Conflict), small_post.database.write() as session:
        due.try_again(session, notice.id, present.now())
    assert len(mail_server.delivered) == 1


def test_nobody_is_disturbed_at_night_but_by_what_they_have_just_asked_for(
    small_post: Post, mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    clock.move_to(LATE)
    noon = LATE + timedelta(hours=12)
    small_post.enqueue("appointment-confirmed", key="confirmed")
    for kind in ("appointment-reminder", "appointment-changed", "appointment-cancelled"):
        small_post.enqueue(kind, key=kind, data=appointment(noon))
    assert small_post.send() == 1
    assert {key for key, state in small_post.states().items() if state == "sent"} == {"confirmed"}
    assert small_post.notices()["appointment-reminder"].next_try == SEVEN
    clock.move_to(SEVEN - timedelta(seconds=1))
    assert small_post.send() == 0
    clock.move_to(SEVEN)
    assert small_post.send() == 3
    assert set(small_post.states().values()) == {"sent"}


def test_news_of_an_hour_before_the_quiet_hours_end_does_not_wait(
    small_post: Post, mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    clock.move_to(LATE)
    early = SEVEN + timedelta(minutes=30)
    small_post.enqueue("appointment-cancelled", key="cancelled", data=appointment(early))
    small_post.enqueue("appointment-reminder", key="reminder", data=appointment(early))
    assert small_post.send() == 1
    assert small_post.states() == {"cancelled": "sent", "reminder": "queued"}


def test_quiet_hours_are_those_of_the_office_and_may_be_none(
    small_post: Post, mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    clock.move_to(LATE)
    small_post.set_rules(notices_quiet_hours="none")
    small_post.enqueue("appointment-reminder", key="reminder")
    assert small_post.send() == 1
    assert problems({"notices_quiet_hours": "22:00-07:00"}) == {}
    assert problems({"notices_quiet_hours": "none"}) == {}
    for wrong in ("", "22-7", "22:00", "25:00-07:00", "22:00-22:00", 22, True):
        assert "notices_quiet_hours" in problems({"notices_quiet_hours": wrong}), wrong


def test_a_reminder_of_an_hour_that_has_come_is_not_sent(
    small_post: Post, mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    small_post.enqueue(
        "appointment-reminder",
        data=appointment(present.now() + timedelta(hours=1)),
        send_at=present.now() + timedelta(minutes=30),
    )
    assert small_post.send() == 0
    clock.shift(timedelta(hours=1))
    assert small_post.send() == 0
    assert small_post.states() == {"appointment-reminder:7": "withdrawn"}
    assert not mail_server.delivered


def test_one_address_is_not_flooded(
    small_post: Post, mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    small_post.set_rules(notices_daily_limit=2)
    for number in range(4):
        small_post.enqueue(key=f"rosa:{number}")
        clock.shift(timedelta(seconds=1))
    small_post.enqueue(key="ann", to=ANN)
    small_post.send()
    assert len(mail_server.inbox("rosa@example.com")) == 2
    assert len(mail_server.inbox("ann@example.com")) == 1
    assert sorted(small_post.states().values()) == ["failed", "failed", "sent", "sent", "sent"]
    clock.shift(timedelta(days=1))
    small_post.enqueue(key="rosa:later")
    small_post.send()
    assert len(mail_server.inbox("rosa@example.com")) == 3


def test_addresses_and_contents_are_sealed_and_forgotten_in_time(
    small_post: Post, mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    small_post.enqueue(key="rosa", data=appointment(name="Rosa Quispe"))
    small_post.send()
    small_post.enqueue(key="waits", send_at=present.now() + timedelta(days=60))
    with small_post.database.glance() as connection:
        rows = str(connection.exec_driver_sql("SELECT * FROM notice").all())
    assert "rosa@example.com" not in rows
    assert "Quispe" not in rows
    assert "K7MQ" not in rows
    for days, forgotten in ((29, 0), (2, 1), (0, 0)):
        clock.shift(timedelta(days=days))
        with small_post.database.write() as session:
            assert forget_old(session, present.now()) == forgotten
    kept = small_post.notices()
    assert (kept["rosa"].address, kept["rosa"].data, kept["rosa"].state) == (None, None, "sent")
    assert kept["waits"].address == "rosa@example.com"


def test_a_message_that_cannot_be_read_or_made_does_not_stop_the_others(
    small_post: Post, mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    broken = small_post.enqueue(key="broken")
    assert broken is not None
    with small_post.database.write() as session:
        session.get_one(Notice, broken.id).data = '{"uid": "x"}'
    small_post.enqueue(key="ann", to=ANN)
    assert small_post.send() == 1
    assert small_post.states() == {"broken": "failed", "ann": "sent"}


def test_a_message_that_every_sender_dies_of_is_given_up(
    small_post: Post, mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    small_post.set_rules(notices_quiet_hours="none")
    small_post.enqueue(key="deadly")
    for _ in range(due.MOST_ATTEMPTS):
        assert small_post.sender()._claim() is not None
        assert small_post.send() == 0
        clock.shift(due.LEASE)
    small_post.enqueue(key="ann", to=ANN)
    assert small_post.send() == 1
    assert small_post.states() == {"deadly": "failed", "ann": "sent"}


def test_no_channel_no_message_until_there_is_one(
    small_post: Post, mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    with small_post.database.write() as session:
        municipality = session.get_one(Municipality, 1)
        email, municipality.notices = municipality.notices["email"], {}
    small_post.enqueue(key="rosa")
    assert small_post.send() == 0
    assert small_post.states() == {"rosa": "queued"}
    small_post.set_notices(email=email)
    assert small_post.send() == 1


def test_a_password_is_read_from_its_file_and_never_told(
    small_post: Post, mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    folder = small_post.instance / "secrets"
    folder.mkdir()
    (folder / "smtp_password").write_text("hunter2-of-san-martin\n")
    secured = {
        "provider": "smtp",
        "sender": "turnos@sanmartin.example",
        "host": "127.0.0.1",
        "port": mail_server.port,
        "security": "none",
        "user": "turnos",
        "secret_file": "smtp_password",
    }
    small_post.set_notices(email=secured)
    small_post.enqueue(key="rosa")
    small_post.set_notices(email={**secured, "secret_file": "no_such_file"})
    with capture_logs() as logs:
        small_post.send()
        missing = small_post.notices()["rosa"].last_error
        small_post.set_notices(email=secured)
        clock.shift(timedelta(hours=1))
        small_post.send()
    notice = small_post.notices()["rosa"]
    assert missing == "the file secrets/no_such_file of the instance cannot be read"
    # This server has no AUTH, so the login fails; what matters is what is said of it.
    assert notice.state == "queued"
    assert "no connection" in str(notice.last_error)
    assert "hunter2" not in f"{notice.last_error} {logs}"
