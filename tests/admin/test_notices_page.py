"""Messages in the administration: what became of them, one more try, how they look."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from tests.admin import machines
from tests.admin.cityhall import PASSWORD, Browser, CityHall

from turnero_core import clock as present
from turnero_queue import notices, staff
from turnero_queue.models import AuditEntry, Notice
from turnero_queue.notices import Contact, samples
from turnero_queue.notices.sender import Sender
from turnero_queue.notices.settings import Inbox, Settings

INBOX = Settings(providers={"email": Inbox(), "sms": Inbox()})  # type: ignore[dict-item]


@pytest.fixture
def administrator(hall: CityHall) -> Browser:
    with hall.database.write() as session:
        staff.create(
            session,
            "eva",
            PASSWORD,
            present.now(),
            name="Eva Ríos",
            role="administrator",
            must_change_password=False,
        )
    return hall.clerk("eva")


def enqueue(hall: CityHall, key: str, email: str = "rosa@example.com", **values: Any) -> str:
    with hall.database.write() as session:
        made = notices.enqueue(
            session,
            "receipt",
            key=key,
            to=Contact(email, None, "es"),
            data=samples.sample("receipt", "es"),
            now=present.now(),
        )
        assert made is not None
        for name, value in values.items():
            setattr(made, name, value)
        return made.id


def stored(hall: CityHall, notice_id: str) -> Notice:
    with hall.database.read() as session:
        return session.get_one(Notice, notice_id)


def test_messages_are_listed_found_and_never_shown_with_their_whole_address(
    hall: CityHall, administrator: Browser
) -> None:
    enqueue(hall, "1", state="bounced", last_error="550 No <b>such</b> mailbox")
    enqueue(hall, "2", "juan@example.com")
    page = administrator.get("/admin/notices").text
    assert "r…@example.com" in page
    assert "rosa@example.com" not in page
    assert "550 No &lt;b&gt;such&lt;/b&gt; mailbox" in page
    bounced = administrator.get("/admin/notices?state=bounced").text
    assert "r…@example.com" in bounced
    assert "j…@example.com" not in bounced
    found = administrator.get("/admin/notices?address=JUAN@example.com").text
    assert "j…@example.com" in found
    assert "r…@example.com" not in found


def test_a_refused_message_is_sent_again_on_demand_and_the_log_says_who_wanted_it(
    hall: CityHall, administrator: Browser, clock: time_machine.Traveller
) -> None:
    refused = enqueue(hall, "1", state="bounced", attempts=1)
    other = enqueue(hall, "2", state="bounced", attempts=1)
    later = enqueue(hall, "3", next_try=present.now() + timedelta(days=1))
    page = administrator.get("/admin/notices").text
    assert f"/admin/notices/{refused}/retry" in page
    assert f"/admin/notices/{later}/retry" not in page
    answer = administrator.post(f"/admin/notices/{refused}/retry")
    assert answer.status_code == 303
    assert stored(hall, refused).state == "queued"
    assert stored(hall, other).state == "bounced"
    sender = Sender(hall.database, hall.file.parent, always=INBOX)
    assert sender.run_once() == 1
    assert stored(hall, refused).state == "sent"
    administrator.post(f"/admin/notices/{refused}/retry")
    assert stored(hall, refused).state == "sent"
    with hall.database.read() as session:
        entries = session.query(AuditEntry).filter_by(action="notice.retry").all()
        assert [(entry.actor, entry.subject) for entry in entries] == [("staff:eva", "1")]


def test_who_may_not_configure_sees_no_messages_and_sends_none_again(hall: CityHall) -> None:
    refused = enqueue(hall, "1", state="bounced", attempts=1)
    clerk = hall.clerk("ana")
    for path in (
        "/admin/notices",
        "/admin/notices/preview",
        "/admin/notices/preview/receipt/es.html",
    ):
        assert clerk.get(path).status_code == 403, path
    assert clerk.post(f"/admin/notices/{refused}/retry").status_code == 403
    assert stored(hall, refused).state == "bounced"
    assert hall.browser().get("/admin/notices").status_code in (302, 303, 401)


def test_every_kind_is_previewed_in_a_frame_that_can_do_nothing(administrator: Browser) -> None:
    for kind in samples.kinds.KINDS:
        for language in ("es", "en", "pt"):
            page = administrator.get(f"/admin/notices/preview?kind={kind}&lang={language}")
            source = f"/admin/notices/preview/{kind}/{language}.html"
            assert source in page.text
            assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
            assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    mail = administrator.get("/admin/notices/preview/appointment-confirmed/en.html")
    policy = mail.headers["Content-Security-Policy"]
    assert "sandbox allow-popups;" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "data:image/png;base64," in mail.text
    assert "cid:" not in mail.text
    for path in ("nothing/en.html", "receipt/fr.html"):
        assert administrator.get(f"/admin/notices/preview/{path}").status_code == 404


def test_who_administers_one_office_neither_sees_nor_sends_the_messages_of_another(
    hall: CityHall,
) -> None:
    machines.hire(hall, "elena", "administrator", "centro")
    theirs = enqueue(hall, "1", office_id=machines.office_id(hall, "norte"), state="failed")
    nobodys = enqueue(hall, "2", state="failed")
    ours = enqueue(hall, "3", office_id=machines.office_id(hall, "centro"), state="failed")
    elena = hall.clerk("elena")
    page = elena.get("/admin/notices").get_data(as_text=True)
    assert ours in page
    assert theirs not in page
    assert nobodys not in page
    for other in (theirs, nobodys):
        assert elena.post(f"/admin/notices/{other}/retry").status_code in (303, 403)
        assert stored(hall, other).state == "failed"
    elena.post(f"/admin/notices/{ours}/retry")
    assert stored(hall, ours).state == "queued"
