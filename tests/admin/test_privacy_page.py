"""The page where what is held of one person is shown, given out and erased."""

import json
import re

from playwright.sync_api import Page
from sqlalchemy import select
from tests.admin import bookings, machines, tills
from tests.admin.cityhall import PASSWORD, Browser, CityHall
from tests.axe import objections

from turnero_queue import staff
from turnero_queue.models import Appointment, AuditEntry, Municipality, Payment

PROVIDER = {
    "name": {"en": "the municipal account"},
    "issuer": "https://login.example",
    "client_id": "turnero",
}


def ask(browser: Browser, kind: str, text: str, path: str = "", **data: str) -> tuple[int, str]:
    form = {"kind": kind, "text": text, **data}
    answer = browser.post(f"/admin/privacy{path}", form, token=browser.token("/admin/account"))
    return answer.status_code, answer.get_data(as_text=True)


def live(hall: CityHall, office: str = "centro") -> Payment:
    """Rosa has booked an hour and paid something."""
    bookings.book(hall, bookings.lima(bookings.working_day(), 10), office=office)
    return tills.paid_by_qr(hall, office=office)


def test_what_is_held_is_counted_given_out_and_erased(hall: CityHall, elena: Browser) -> None:
    payment = live(hall)
    status, page = ask(elena, "document", "40.213.377")
    assert status == 200
    assert "Payers and debts of payments" in page
    assert "Rosa Quispe" not in page
    assert '<td class="figure">1</td>' in page
    _, file = ask(elena, "document", "40213377", "/export")
    assert json.loads(file)["held"]["payments"][0]["payer_name"] == "Rosa Quispe"
    for missing, said in (
        ({"sure": "yes"}, "Say why it is erased"),
        ({"reason": "asked"}, "Confirm that it is to be erased"),
    ):
        status, page = ask(elena, "document", "40213377", "/erase", **missing)
        assert (status, said in page) == (422, True)
    form = {"reason": "asked by letter", "sure": "yes"}
    assert ask(elena, "document", "40213377", "/erase", **form)[0] == 303
    with hall.database.read() as session:
        kept = session.get_one(Payment, payment.id)
        assert (kept.payer_name, kept.payer_document, kept.amount_minor) == (None, None, 4_000)
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "personal-data.erase")
        ).one()
    assert (entry.actor, entry.subject) == ("staff:elena", "somebody, by document")
    assert entry.reason == "asked by letter"
    status, page = ask(elena, "document", "40213377", "/erase", **form)
    assert (status, "Nothing is held of this person" in page) == (404, True)
    status, page = ask(elena, "email", "no address")
    assert (status, "This is not an e-mail address" in page) == (422, True)


def test_who_administers_one_office_finds_and_erases_only_there(hall: CityHall) -> None:
    machines.hire(hall, "nuria", "administrator", "norte")
    live(hall, "centro")
    nuria = hall.clerk("nuria")
    assert "Nothing is held" in ask(nuria, "document", "40213377")[1]
    assert "Nothing is held" in ask(nuria, "email", "rosa@example.com")[1]
    form = {"reason": "asked", "sure": "yes"}
    assert ask(nuria, "email", "rosa@example.com", "/erase", **form)[0] == 404
    assert "Forgotten by itself" not in nuria.get("/admin/privacy").get_data(as_text=True)
    with hall.database.read() as session:
        assert session.scalars(select(Appointment.name)).all() == ["Rosa Quispe"]
    assert json.loads(ask(nuria, "email", "rosa@example.com", "/export")[1])["held"] == {}


def test_nobody_is_sought_in_an_address_and_no_page_is_kept(hall: CityHall, elena: Browser) -> None:
    page = elena.get("/admin/privacy?text=40213377&kind=document")
    assert "40213377" not in page.get_data(as_text=True)
    assert page.headers["Cache-Control"] == "no-store"
    assert "Forgotten by itself" in page.get_data(as_text=True)
    machines.hire(hall, "saul", "supervisor")
    assert hall.clerk("saul").get("/admin/privacy").status_code == 403


def test_the_doors_and_the_page_are_for_everybody(
    page: Page, open_hall: CityHall, address: str
) -> None:
    machines.hire(open_hall, "elena")
    live(open_hall)
    with open_hall.database.write() as session:
        session.get_one(Municipality, 1).sign_in = {"provider": PROVIDER}
        staff.by_login(session, "ana").external_id = "x" * 64

    def check() -> None:
        assert objections(page) == []
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0

    for width, height in ((1366, 768), (390, 844)):
        page.context.clear_cookies()
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{address}/login?lang=en&left=provider")
        check()
        page.get_by_text("With a password").press("Enter")
        page.get_by_label("User").fill("elena")
        page.get_by_label("Password").fill(PASSWORD)
        check()
        page.get_by_label("Password").press("Enter")
        page.wait_for_url(re.compile("/admin"))
        page.goto(f"{address}/admin/privacy")
        check()
        page.get_by_label("Number or address").fill("40213377")
        page.get_by_label("Number or address").press("Enter")
        page.get_by_role("heading", name="What is held").wait_for()
        check()
        page.goto(f"{address}/admin/staff/ana")
        check()
