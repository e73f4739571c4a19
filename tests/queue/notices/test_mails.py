"""What a mail says, in each language, and what cannot be smuggled into it."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
import time_machine
from icalendar import Calendar
from tests.queue.notices.letters import ANN, JOAO, LUZ, ROSA, Post, appointment
from tests.queue.notices.mailbox import MailServer

from turnero_core.errors import Invalid
from turnero_core.i18n import speaking
from turnero_queue.models.notices import Channel
from turnero_queue.notices import AppointmentData, Contact, contact, kinds
from turnero_queue.notices.calendar import ics
from turnero_queue.notices.message import mime
from turnero_queue.notices.rendering import House, message
from turnero_queue.notices.samples import sample
from turnero_queue.notices.sender import Sender

HOUSE = House("Municipalidad de San Martín", "#5b3a8c", "turnos@sanmartin.example")
TUESDAY = datetime(2026, 3, 3, 15, 30, tzinfo=UTC)


def part(mail: EmailMessage, kind: str) -> str:
    found = [one for one in mail.walk() if one.get_content_type() == kind]
    assert len(found) == 1, kind
    text = found[0].get_content()
    return text if isinstance(text, str) else bytes(text).decode()


def sent(post: Post, server: MailServer) -> EmailMessage:
    post.send()
    return server.delivered[-1]


def test_a_confirmation_arrives_with_text_page_and_calendar(
    small_post: Post, mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    data = appointment(TUESDAY, name="Ann", requirements=["Your identity card"], qr="K7MQ")
    small_post.enqueue(to=ANN, data=data)
    mail = sent(small_post, mail_server)
    assert mail["To"] == "ann@example.com"
    assert mail["From"] == "Municipalidad de San Martín <turnos@sanmartin.example>"
    assert mail["Subject"] == "Your appointment on Tuesday, 3 March 2026 at 10:30"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = part(mail, "text/plain")
    for words in ("Hello Ann,", "K7MQ", "Av. Grau 100", "- Your identity card", "/a/K7MQ"):
        assert words in text
    page = part(mail, "text/html")
    assert '<html lang="en">' in page
    assert "background:#0b4f5c" in page
    assert 'src="cid:qr"' in page
    assert "<script" not in page
    pictures = [one for one in mail.walk() if one.get_content_type() == "image/png"]
    assert [one["Content-ID"] for one in pictures] == ["<qr>"]
    calendar = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    assert calendar[0].get_param("method") == "REQUEST"
    assert calendar[0].get_filename() == "appointment.ics"


@pytest.mark.parametrize("kind", kinds.KINDS)
@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_every_kind_can_be_said_in_every_language(kind: str, language: str) -> None:
    for channel in Channel:
        said = message(
            kind,
            sample(kind, language),
            HOUSE,
            to="ann@example.com" if channel is Channel.EMAIL else "+51987654321",
            language=language,
            channel=channel,
            message_id="<1@sanmartin.example>",
        )
        assert said.subject
        assert "%(" not in said.subject + said.text + said.html
        if channel is Channel.EMAIL:
            assert f'<html lang="{language}">' in said.html
            assert mime(said)["Subject"] == said.subject
        else:
            assert not said.html
            assert len(said.text) < 300


def test_the_hour_is_that_of_the_office_in_the_readers_language() -> None:
    for language, words in (
        ("es", "martes, 3 de marzo de 2026"),
        ("en", "Tuesday, 3 March 2026"),
        ("pt", "terça-feira, 3 de março de 2026"),
    ):
        data = AppointmentData(**appointment(TUESDAY, zone="America/Bogota"))
        said = message(
            kinds.CONFIRMED,
            data,
            HOUSE,
            to="ann@example.com",
            language=language,
            channel=Channel.EMAIL,
            message_id="<1@x>",
        )
        assert words in said.text
        assert "10:30" in said.text


def test_links_begin_with_the_address_of_the_server_or_are_left_out(
    small_post: Post, mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    data = appointment(manage_url="/appointments/abc", qr="/appointments/abc")
    small_post.enqueue(key="known", to=ANN, data=data)
    Sender(small_post.database, small_post.instance, base_url="https://t.example/").run_once()
    small_post.enqueue(key="unknown", to=ANN, data=data)
    small_post.send()
    known, unknown = mail_server.delivered
    for kind in ("text/plain", "text/html", "text/calendar"):
        assert "https://t.example/appointments/abc" in part(known, kind)
        assert "appointments/abc" not in part(unknown, kind)
    assert "cid:qr" in part(known, "text/html")
    assert "cid:qr" not in part(unknown, "text/html")


def test_a_name_is_text_and_never_a_tag_or_a_template(
    small_post: Post, mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    name = '<script>alert("x")</script> {{ 7*7 }} %(url)s'
    small_post.enqueue(data=appointment(name=name, manage_url="javascript:alert(1)"))
    mail = sent(small_post, mail_server)
    page = part(mail, "text/html")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "49" not in page
    assert "javascript:" not in page
    assert name in part(mail, "text/plain")


def test_nobody_adds_headers_by_a_line_break(
    small_post: Post, mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    with pytest.raises(ValueError, match="one printable word"):
        small_post.enqueue(to=Contact("a@example.com\r\nBcc: all@example.com", None, "es"))
    with pytest.raises(ValueError, match="one printable word"):
        small_post.enqueue(to=Contact("a@example.com,b@example.com x", None, "es"))
    evil = "Rosa\r\nBcc: all@example.com\r\n\r\nFree money"
    small_post.enqueue(key="evil", data=appointment(name=evil, office=evil, services=[evil]))
    mail = sent(small_post, mail_server)
    assert mail["Bcc"] is None
    assert mail_server.mailboxes.keys() == {"rosa@example.com"}
    calendar = part(mail, "text/calendar")
    assert "\nBcc:" not in calendar.replace("\\n", "")
    event = Calendar.from_ical(calendar).walk("VEVENT")[0]
    assert "Bcc" not in event


def event_of(content: bytes | str) -> tuple[str, dict[str, object]]:
    calendar = Calendar.from_ical(content)
    events = calendar.walk("VEVENT")
    assert len(events) == 1
    return str(calendar["METHOD"]), dict(events[0])


def test_a_calendar_follows_the_booking_by_its_uid_and_sequence(
    small_post: Post, mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    later = TUESDAY + timedelta(days=1)
    small_post.enqueue("appointment-confirmed", key="1", data=appointment(TUESDAY))
    moved = appointment(later, sequence=1, previous_start=appointment(TUESDAY)["start"])
    small_post.enqueue("appointment-changed", key="2", data=moved)
    small_post.enqueue("appointment-cancelled", key="3", data=appointment(later, sequence=2))
    small_post.send()
    found = [event_of(part(mail, "text/calendar")) for mail in mail_server.delivered]
    assert [how for how, _ in found] == ["REQUEST", "REQUEST", "CANCEL"]
    events = [event for _, event in found]
    assert {str(event["UID"]) for event in events} == {"booking-7@sanmartin.example"}
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
    assert [str(event["STATUS"]) for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    first = events[0]
    assert getattr(first["DTSTART"], "dt") == TUESDAY  # noqa: B009 - the library's own type
    assert getattr(events[1]["DTSTART"], "dt") == later  # noqa: B009
    assert str(first["LOCATION"]) == "Oficina centro, Av. Grau 100"
    assert str(first["ATTENDEE"]) == "mailto:rosa@example.com"
    assert str(first["ORGANIZER"]) == "mailto:turnos@sanmartin.example"


def test_the_file_to_download_tells_and_warns_and_invites_nobody() -> None:
    data = AppointmentData(**appointment(TUESDAY, services=["Obra; grande, nueva"]))
    with speaking("en"):
        content = ics(data)
    how, event = event_of(content)
    assert how == "PUBLISH"
    assert "ATTENDEE" not in event
    assert str(event["SUMMARY"]) == "Obra; grande, nueva, Oficina centro"
    alarms = Calendar.from_ical(content).walk("VALARM")
    assert [alarm["TRIGGER"].dt for alarm in alarms] == [timedelta(hours=-2)]
    assert content.count(b"\r\n") == content.count(b"\n")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


def test_contacts_are_checked_and_kept_in_one_form() -> None:
    good = contact(email=" Rosa@EXAMPLE.com ", phone="987 654-321", language="xx", region="PE")
    assert good == Contact("Rosa@example.com", "+51987654321", "es")
    assert contact(phone="+54 11 4321-0000", language="pt", region="PE").phone == "+541143210000"
    assert contact(email="", phone=None, language="en", region="PE").reachable is False
    bad = ("rosa", "rosa@", "@example.com", "rosa@localhost", "a b@example.com", "a@b.c\nx@y.com")
    for text in (*bad, "Rosa <rosa@example.com>", "x" * 300 + "@example.com", "rosa@example.com\0"):
        with pytest.raises(Invalid) as refused:
            contact(email=text, language="es", region="PE")
        assert list(refused.value.extra["errors"]) == ["email"]
    for text in ("123", "not a number", "+00000000", "987654321;ext=5", "9" * 60):
        with pytest.raises(Invalid) as refused:
            contact(phone=text, email="rosa", language="es", region="PE")
        assert list(refused.value.extra["errors"]) == ["email", "phone"]


def test_who_gives_no_address_is_told_nothing_and_wrong_data_is_refused_at_once(
    small_post: Post, clock: time_machine.Traveller
) -> None:
    assert small_post.enqueue(to=Contact(None, None, "es")) is None
    with pytest.raises(ValueError, match="no kind of notice"):
        small_post.enqueue("appointment-confirmd")
    with pytest.raises(ValueError, match="missing"):
        small_post.enqueue(data={"uid": "x"})
    with pytest.raises(ValueError, match="appointment-confirmed"):
        small_post.enqueue(data=appointment(zone="America/Nowhere"))
    with pytest.raises(ValueError, match="no zone"):
        small_post.enqueue(data=appointment() | {"start": "2026-03-03T10:30:00"})
    assert small_post.notices() == {}
    both = Contact("ana@example.com", "+51987654321", "es")
    assert [small_post.enqueue(to=to, key=str(to)).channel for to in (both, JOAO, ROSA, LUZ)] == [  # type: ignore[union-attr]
        "email",
        "email",
        "email",
        "sms",
    ]
