"""How messages leave, set up from the panel: saved, refused, overtaken, taken back, and tried."""

import re
import socket
from collections.abc import Iterator

import pytest
from tests.admin import machines
from tests.admin.cityhall import Browser, CityHall
from tests.admin.settings_forms import entry, hidden, save, text
from tests.queue.notices.mailbox import MailServer

from turnero_queue.models import AuditEntry, Municipality
from turnero_queue.notices.providers import inbox

MESSAGES = "/admin/configuration/messages"
EMAIL, SMS = f"{MESSAGES}/email", f"{MESSAGES}/sms"
PASSWORD = "never-to-be-seen"
SMTP = {
    "provider": "smtp",
    "sender": "turnos@jacaranda.example",
    "host": "smtp.jacaranda.example",
    "user": "turnos",
    "secret_file": "smtp_password",
}
HTTP = {
    "provider": "http",
    "url": "https://sms.example.com/v1/messages",
    "headers.name": ["Authorization", ""],
    "headers.value": ["Bearer {secret}", ""],
    "body": '{"to": "{to}",\n "message": "{text}"}',
}


@pytest.fixture
def elena(hall: CityHall) -> Browser:
    machines.hire(hall)
    set_up(hall, None)
    return hall.clerk("elena")


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer().start()
    yield server
    server.stop()


def set_up(hall: CityHall, email: dict[str, object] | None, **others: dict[str, object]) -> None:
    """As it is stored of the configuration."""
    with hall.database.write() as session:
        given = {"email": email} if email else {}
        session.get_one(Municipality, 1).notices = {**given, **others}


def notices(hall: CityHall) -> object:
    return entry(hall, "municipality", "notices")


def try_out(browser: Browser, channel: str, to: str) -> str:
    return text(browser.post(f"{MESSAGES}/{channel}/test", {"to": to}))


def test_a_mail_server_is_set_up_and_what_is_as_usual_is_not_written(
    hall: CityHall, elena: Browser
) -> None:
    assert save(elena, EMAIL, **SMTP).status_code == 303
    assert notices(hall) == {"email": SMTP}
    assert save(elena, EMAIL, port="465", security="tls").status_code == 303
    assert notices(hall) == {"email": {**SMTP, "port": 465, "security": "tls"}}
    listed = text(elena.get("/admin/configuration/history"))
    assert "E-mail · Mail server" in listed
    assert "Encrypted from the beginning (TLS)" in listed


def test_a_form_opened_and_saved_changes_nothing(hall: CityHall, elena: Browser) -> None:
    set_up(hall, {**SMTP, "port": 587}, whatsapp={"provider": "inbox"})
    before = notices(hall)
    for channel in ("email", "sms", "whatsapp"):
        answer = save(elena, f"{MESSAGES}/{channel}")
        assert "Nothing was changed." in text(elena.get(answer.location)), channel
    assert notices(hall) == before


def test_only_what_belongs_to_the_way_chosen_is_kept(hall: CityHall, elena: Browser) -> None:
    set_up(hall, SMTP)
    assert save(elena, EMAIL, provider="inbox").status_code == 303
    assert notices(hall) == {"email": {"provider": "inbox", "sender": SMTP["sender"]}}
    assert save(elena, EMAIL, provider="").status_code == 303
    assert notices(hall) is None


def test_a_provider_of_short_messages_is_described(hall: CityHall, elena: Browser) -> None:
    assert save(elena, SMS, **HTTP).status_code == 303
    assert notices(hall) == {
        "sms": {
            "provider": "http",
            "url": HTTP["url"],
            "headers": {"Authorization": "Bearer {secret}"},
            "body": '{"to": "{to}", "message": "{text}"}',
        }
    }
    assert "sms.example.com" in text(elena.get(MESSAGES))


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    hall: CityHall, elena: Browser
) -> None:
    wrong = {"sender": "nobody", "host": "", "port": "many", "secret_file": "../secret_key"}
    answer = save(elena, EMAIL, **{**SMTP, **wrong})
    assert answer.status_code == 422
    page = text(answer)
    for said in (
        "Must be an e-mail address such as turnos@example.com",
        "This is needed.",
        "Write a whole number from 1 to 65535.",
        "Write the name of a file alone, without a folder.",
    ):
        assert said in page
    assert 'value="many"' in page
    shown = {**HTTP, "headers.value": ["Bearer 12345", ""], "body": "{to}"}
    page = text(save(elena, SMS, **shown))
    assert "This looks like a secret. Write {secret} instead" in page
    assert "Must contain {to} and {text}" in page
    assert notices(hall) is None


def test_the_second_administrator_is_shown_what_the_first_saved(
    hall: CityHall, elena: Browser
) -> None:
    opened = elena.get(EMAIL)
    save(elena, EMAIL, **SMTP)
    answer = save(elena, EMAIL, opened, **{**SMTP, "host": "mail.other.example"})
    assert answer.status_code == 409
    line = re.search(r"Mail server</th>.*?</tr>", text(answer), re.S)
    assert line
    assert re.findall(r">([a-z.]+)<", line[0]) == ["smtp.jacaranda.example", "mail.other.example"]
    assert notices(hall) == {"email": SMTP}
    assert save(elena, EMAIL, answer).status_code == 303
    assert entry(hall, "municipality", "notices", "email", "host") == "mail.other.example"


def test_a_change_of_it_is_taken_back_by_who_could_make_it(hall: CityHall, elena: Browser) -> None:
    save(elena, EMAIL, **SMTP)
    save(elena, EMAIL, host="mail.other.example")
    version = re.search(r"/history/(\d+)", text(elena.get("/admin/configuration/history")))
    assert version
    past = f"/admin/configuration/history/{version[1]}"
    machines.hire(hall, "sofia", "supervisor")
    assert hall.clerk("sofia").post(past).status_code == 403
    assert entry(hall, "municipality", "notices", "email", "host") == "mail.other.example"
    assert elena.post(past).status_code == 303
    assert notices(hall) == {"email": SMTP}


def test_the_file_of_a_password_is_spoken_of_and_never_shown(
    hall: CityHall, elena: Browser
) -> None:
    set_up(hall, SMTP)
    folder = hall.file.parent / "secrets"
    folder.mkdir(exist_ok=True)
    file = folder / "smtp_password"
    file.unlink(missing_ok=True)
    seen = [text(elena.get(EMAIL))]
    assert "The file secrets/smtp_password is not there." in seen[-1]
    for content, mode, said in (
        ("", 0o600, "is there, but nothing is in it."),
        (PASSWORD, 0o644, "others who use this machine can read it, too."),
        (PASSWORD, 0o600, "is there and can be read."),
    ):
        file.write_text(content)
        file.chmod(mode)
        seen += [text(elena.get(EMAIL)), text(elena.get(MESSAGES))]
        assert said in seen[-1]
        assert said in seen[-2]
    assert not any(PASSWORD in page for page in seen)


def test_a_test_message_is_handed_over_and_the_log_keeps_no_address(
    hall: CityHall, elena: Browser, mail_server: MailServer
) -> None:
    here = {"host": "127.0.0.1", "port": mail_server.port, "security": "none"}
    set_up(hall, {"provider": "smtp", "sender": SMTP["sender"], **here})
    page = try_out(elena, "email", "rosa@example.com")
    assert "The test message was handed over." in page
    (mail,) = mail_server.inbox("rosa@example.com")
    assert mail["From"].endswith("<turnos@jacaranda.example>")
    assert "Test message of" in mail["Subject"]
    mail_server.refused.add("nobody@example.com")
    page = try_out(elena, "email", "nobody@example.com")
    assert "The test message was refused." in page
    assert "550" in page
    with hall.database.read() as session:
        entries = session.query(AuditEntry).filter_by(action="notice.test").all()
        assert [(one.actor, one.after) for one in entries] == [
            ("staff:elena", '{"outcome":"sent"}'),
            ("staff:elena", '{"outcome":"refused"}'),
        ]
        assert not any("example.com" in repr(vars(one)) for one in entries)


def test_a_server_that_does_not_answer_and_a_file_that_is_missing_are_told(
    hall: CityHall, elena: Browser
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    set_up(hall, {"provider": "smtp", "sender": SMTP["sender"], "host": "127.0.0.1", "port": port})
    page = try_out(elena, "email", "rosa@example.com")
    assert "The test message was not sent." in page
    assert "no connection" in page
    set_up(hall, {**SMTP, "secret_file": "nowhere"})
    page = try_out(elena, "email", "rosa@example.com")
    assert "secrets/nowhere of the instance cannot be read" in page


def test_a_channel_that_is_only_tried_out_keeps_its_messages_here(
    hall: CityHall, elena: Browser
) -> None:
    set_up(hall, None, sms={"provider": "inbox"})
    page = try_out(elena, "sms", "987 654 321")
    assert "Nobody receives it" in page
    (kept,) = inbox.newest(hall.file.parent)[:1]
    assert (kept.channel, kept.to) == ("sms", "+51987654321")
    assert "This is not a telephone number." in try_out(elena, "sms", "12")
    assert "Write to whom it is sent." in try_out(elena, "sms", "")
    assert "it has no way to send" in try_out(elena, "whatsapp", "987654321")


def test_only_administrators_of_all_offices_decide_where_messages_go(hall: CityHall) -> None:
    machines.hire(hall, "sofia", "supervisor")
    machines.hire(hall, "carla", "administrator", "centro")
    for login in ("sofia", "carla"):
        clerk = hall.clerk(login)
        for path in (MESSAGES, EMAIL):
            assert clerk.get(path).status_code == 403, (login, path)
        assert clerk.post(EMAIL, SMTP).status_code == 403
        assert clerk.post(f"{EMAIL}/test", {"to": "rosa@example.com"}).status_code == 403
        assert MESSAGES not in text(clerk.get("/admin/configuration"))


def test_a_file_of_a_supervisors_cannot_change_it_either(hall: CityHall) -> None:
    machines.hire(hall, "sofia", "supervisor")
    sofia = hall.clerk("sofia")
    file, before = "/admin/configuration/file", notices(hall)
    own = text(sofia.get(f"{file}/download"))
    sender = "  notices:\n    email: {provider: inbox, sender: me@example.com}\n"
    own = re.sub(r"  notices:\n(    .*\n)+", "", own)
    own = own.replace("municipality:\n", f"municipality:\n{sender}", 1)
    version = hidden(sofia.post(file, {"text": own}), "version")
    answer = sofia.post(f"{file}/apply", {"text": own, "version": version})
    assert answer.status_code == 403
    assert notices(hall) == before
