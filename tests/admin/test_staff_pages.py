"""The staff's accounts in the panel: who makes them, who may not, and the second factor."""

import re
from collections.abc import Callable

import pyotp
import pytest
import time_machine
from sqlalchemy import select
from tests.admin.cityhall import PASSWORD, Browser, CityHall
from werkzeug.test import TestResponse

from turnero_core import clock as time
from turnero_queue import audit, staff
from turnero_queue.models import AuditEntry, Municipality, Office, Staff

OWN = "cuatro palabras azules"


@pytest.fixture
def hire(hall: CityHall) -> Callable[..., None]:
    def hire(login: str, role: str, office: str | None = None) -> None:
        with hall.database.write() as session:
            place = session.scalar(select(Office).where(Office.code == office))
            staff.create(
                session,
                login,
                PASSWORD,
                time.now(),
                name=login.capitalize(),
                role=role,
                office_id=place.id if place else None,
                must_change_password=False,
            )

    return hire


@pytest.fixture
def rosa(hall: CityHall, hire: Callable[..., None]) -> Browser:
    hire("rosa", "administrator")
    return hall.clerk("rosa")


def person(hall: CityHall, login: str) -> Staff:
    with hall.database.read() as session:
        return staff.by_login(session, login)


def roles(hall: CityHall, login: str) -> set[tuple[str, bool]]:
    """(role, whether it is for all offices)."""
    return {(row.role, row.office_id is None) for row in person(hall, login).roles}


def noted(hall: CityHall) -> list[tuple[str, str, str]]:
    with hall.database.read() as session:
        assert audit.verify(session).whole
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.seq))
        return [(row.actor, row.action, row.subject) for row in rows]


def send(browser: Browser, path: str, **data: object) -> TestResponse:
    return browser.post(path, data, token=browser.token("/admin/account"))


def test_each_lands_where_their_work_is(hall: CityHall, hire: Callable[..., None]) -> None:
    assert hall.browser().sign_in("ana").location == "/console"
    for role in ("cashier", "receptionist", "supervisor", "administrator", "auditor"):
        hire(role, role, "centro")
        assert hall.browser().sign_in(role).location == "/admin"


def test_a_section_is_shown_to_whoever_may_enter_it(
    hall: CityHall, hire: Callable[..., None], rosa: Browser
) -> None:
    hire("elena", "auditor")
    seen = rosa.get("/admin").get_data(as_text=True)
    assert 'href="/admin/staff"' in seen
    assert 'href="/admin/audit"' in seen
    seen = hall.clerk("elena").get("/admin").get_data(as_text=True)
    assert 'href="/admin/staff"' not in seen
    assert 'href="/admin/audit"' in seen
    assert 'href="/console"' not in seen


def test_roles_are_given_and_taken_and_both_are_in_the_log(hall: CityHall, rosa: Browser) -> None:
    answer = send(rosa, "/admin/staff/ana/roles", grant=["cashier@centro", "auditor@*"])
    assert answer.location == "/admin/staff/ana"
    assert roles(hall, "ana") == {("cashier", False), ("auditor", True)}
    assert noted(hall)[-1] == ("staff:rosa", "staff.roles", "staff:ana")


def test_nobody_takes_the_last_administrator_away(hall: CityHall, rosa: Browser) -> None:
    send(rosa, "/admin/staff/rosa/roles", grant=["auditor@*"])
    assert "Somebody must be left" in rosa.get("/admin").get_data(as_text=True)
    send(rosa, "/admin/staff/rosa/deactivate")
    assert roles(hall, "rosa") == {("administrator", True)}
    assert person(hall, "rosa").active


def test_an_offices_administrator_gives_nothing_beyond_the_office(
    hall: CityHall, hire: Callable[..., None]
) -> None:
    hire("olga", "administrator", "norte")
    olga = hall.clerk("olga")
    page = olga.get("/admin/staff").get_data(as_text=True)
    assert "Nora Paredes" in page
    assert "Ana Flores" not in page
    for grant in ("attendant@centro", "administrator@*"):
        assert send(olga, "/admin/staff/nora/roles", grant=[grant]).status_code == 403
        new = {"login": "spy", "name": "Spy", "grant": [grant]}
        assert send(olga, "/admin/staff/new", **new).status_code == 403
    for verb in ("reset", "deactivate", "roles", "unlock", "second-factor/remove"):
        assert send(olga, f"/admin/staff/ana/{verb}").status_code == 403
    assert olga.get("/admin/staff?office=centro").status_code == 403
    with hall.database.read() as session:
        assert staff.find(session, "spy") is None
    assert roles(hall, "nora") == {("attendant", False)}
    assert send(olga, "/admin/staff/nora/roles", grant=["cashier@norte"]).status_code == 303
    assert roles(hall, "nora") == {("cashier", False)}


def test_a_new_password_is_shown_once_and_ends_every_session(hall: CityHall, rosa: Browser) -> None:
    ana = hall.clerk("ana")
    page = send(rosa, "/admin/staff/ana/reset").get_data(as_text=True)
    found = re.search(r'id="new-password">([^<]+)<', page)
    assert found
    assert found[1] not in rosa.get("/admin/staff/ana").get_data(as_text=True)
    assert ana.get("/console").status_code == 303
    assert hall.browser().sign_in("ana").status_code == 401
    assert hall.browser().sign_in("ana", found[1]).status_code == 303
    assert found[1] not in repr(noted(hall))


def test_a_locked_account_is_unlocked_by_hand(hall: CityHall, rosa: Browser) -> None:
    for _ in range(staff.ATTEMPTS):
        hall.browser().sign_in("ana", "wrong-password")
    assert hall.browser().sign_in("ana").status_code == 401
    send(rosa, "/admin/staff/ana/unlock")
    assert hall.browser().sign_in("ana").status_code == 303
    actions = [action for _, action, subject in noted(hall) if subject == "staff:ana"]
    assert actions.count("sign-in.locked") == 1
    assert actions[-2:] == ["staff.unlock", "sign-in"]


def test_one_browser_is_signed_out_and_the_others_stay(hall: CityHall) -> None:
    here, there = hall.clerk("ana"), hall.clerk("ana")
    page = here.get("/admin/account").get_data(as_text=True)
    address = re.search(r'action="(/admin/account/sessions/[^"/]+/end)"', page)
    assert address
    assert send(here, address[1]).status_code == 303
    assert there.get("/console").status_code == 303
    assert here.get("/console").status_code == 200
    third = hall.clerk("bruno")
    assert send(third, address[1]).status_code == 404


def test_a_browser_left_alone_for_half_a_day_signs_in_again(
    hall: CityHall, clock: time_machine.Traveller
) -> None:
    ana = hall.clerk("ana")
    for _ in range(3):
        clock.shift(6 * 3600)
        assert ana.get("/console").status_code == 200
    clock.shift(12 * 3600 + 1)
    assert ana.get("/console").status_code == 303


def enrol(browser: Browser) -> tuple[pyotp.TOTP, list[str]]:
    page = browser.get("/admin/account/second-factor").get_data(as_text=True)
    secret = re.search(r'class="panel__secret">([^<]+)<', page)
    assert secret
    totp = pyotp.TOTP(secret[1].replace(" ", ""))
    code = totp.at(time.now())
    page = browser.post("/admin/account/second-factor", {"code": code}, token=csrf(page)).get_data(
        as_text=True
    )
    return totp, re.findall(r'class="panel__secret">([^<]+)<', page)


def csrf(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def show_code(browser: Browser, code: str) -> TestResponse:
    return browser.post("/login/code", {"code": code}, token=browser.token("/login/code"))


def test_with_a_second_factor_the_password_alone_opens_nothing(
    hall: CityHall, clock: time_machine.Traveller
) -> None:
    totp, codes = enrol(hall.clerk("ana"))
    assert len(set(codes)) == 8
    clock.shift(60)
    thief = hall.browser()
    assert thief.sign_in("ana").location == "/login/code"
    assert thief.get("/console").location == "/login?next=/console"
    assert show_code(thief, "000000").status_code == 401
    assert thief.get("/console").status_code == 303
    ana = hall.browser()
    ana.sign_in("ana")
    assert show_code(ana, totp.at(time.now())).location == "/console"
    assert ana.get("/console").status_code == 200


def test_a_code_works_once_whether_shown_or_on_paper(
    hall: CityHall, clock: time_machine.Traveller
) -> None:
    totp, codes = enrol(hall.clerk("ana"))
    first = hall.browser()
    first.sign_in("ana")
    assert show_code(first, totp.at(time.now())).status_code == 401, "used to enrol"
    clock.shift(60)
    code = totp.at(time.now())
    assert show_code(first, code).status_code == 303
    second = hall.browser()
    second.sign_in("ana")
    assert show_code(second, code).status_code == 401
    assert show_code(second, codes[0]).status_code == 303
    third = hall.browser()
    third.sign_in("ana")
    assert show_code(third, codes[0]).status_code == 401
    assert show_code(third, codes[1].replace("-", " ").upper()).status_code == 303


def test_guessing_codes_locks_the_account_like_guessing_passwords(
    hall: CityHall, clock: time_machine.Traveller
) -> None:
    totp, _ = enrol(hall.clerk("ana"))
    clock.shift(60)
    thief = hall.browser()
    for _ in range(staff.ATTEMPTS):
        thief.sign_in("ana")
        assert show_code(thief, "000000").status_code == 401
    assert show_code(thief, totp.at(time.now())).status_code == 401, "right, but too late"
    assert thief.sign_in("ana").status_code == 401
    clock.shift(staff.LOCKED_FOR)
    ana = hall.browser()
    ana.sign_in("ana")
    assert show_code(ana, totp.at(time.now())).status_code == 303


def test_a_role_that_needs_a_second_factor_gets_no_further_without_it(
    hall: CityHall, rosa: Browser
) -> None:
    with hall.database.write() as session:
        session.get_one(Municipality, 1).rules = {"second_factor_required": 1}
        hall.database.cache.clear()
        session.get_one(Municipality, 1).config_version += 1
    assert rosa.get("/admin/staff").location.startswith("/admin/account/second-factor")
    assert rosa.get("/admin").status_code == 303
    assert hall.clerk("ana").get("/console").status_code == 200
    enrol(rosa)
    assert rosa.get("/admin/staff").status_code == 200


def test_the_secret_of_a_second_factor_is_sealed_and_in_no_log(hall: CityHall) -> None:
    totp, codes = enrol(hall.clerk("ana"))
    kept = b"".join(file.read_bytes() for file in hall.file.parent.glob("turnero.db*"))
    for secret in (totp.secret, *codes):
        assert secret.encode() not in kept


def test_the_auditor_finds_by_who_what_when_and_where(
    hall: CityHall, hire: Callable[..., None], rosa: Browser
) -> None:
    hire("elena", "auditor")
    hire("igor", "auditor", "norte")
    send(rosa, "/admin/staff/new", login="caja", name="=SUM(A1)", grant=["cashier@centro"])
    elena = hall.clerk("elena")

    def found(query: str, browser: Browser = elena) -> str:
        return browser.get(f"/admin/audit?{query}").get_data(as_text=True).split("<tbody>")[-1]

    assert "staff.create" in found("actor=staff:rosa&action=staff.create&q=caja")
    assert "staff:caja" not in found("actor=staff:elena")
    assert "staff:caja" not in found("from=2027-01-01")
    assert "staff:caja" in found("from=2026-03-02&to=2026-03-02&q=caja")
    assert "staff:caja" in found("from=nonsense&to=9999-12-31&q=caja")
    assert "sign-in" not in found("", hall.clerk("igor"))
    assert "staff:nora" in found("", hall.clerk("igor"))
    assert "staff:caja" in found("q=account+created")
    page = elena.get("/admin/audit?lang=es").get_data(as_text=True)
    assert '<option value="staff.create">Cuenta creada</option>' in page
    assert 'Cuenta creada<br><code class="soft small">staff.create</code>' in page
    assert elena.get("/admin/audit?check=all").status_code == 200
    assert elena.get("/admin/audit?endpoint=x&_external=1&before=z").status_code == 200
    answer = elena.get("/admin/audit.csv?action=staff.create")
    assert answer.mimetype == "text/csv"
    assert "staff:caja" in answer.get_data(as_text=True)
    assert noted(hall)[-1] == ("staff:elena", "export.audit", "8 entries")


def test_a_cell_that_would_be_a_formula_is_text_in_the_file() -> None:
    from turnero_core import spreadsheet

    text = spreadsheet.csv_text(["a"], [[cell] for cell in ("=1", "+1", "-1", "@x", "ok", -1)])
    assert text.removeprefix(spreadsheet.BOM).split() == [
        "a",
        "'=1",
        "'+1",
        "'-1",
        "'@x",
        "ok",
        "-1",
    ]
