"""Whatever must be answered for later leaves an entry: who, what, when, from where, and why."""

import re
from collections.abc import Callable

import pyotp
import pytest
from sqlalchemy import select
from tests.admin import bookings, machines, tills
from tests.admin.cityhall import PASSWORD, Browser, CityHall

from turnero_core import clock as time
from turnero_core.db import Database
from turnero_queue import audit, configuration, devices, tokens
from turnero_queue.models import AuditEntry, CashSession, Staff
from turnero_server.checks.audit import LAST, audit_log
from turnero_server.checks.finding import Level

Act = Callable[[CityHall], object]
OWN = "cuatro palabras azules"


def entries(hall: CityHall) -> list[AuditEntry]:
    with hall.database.read() as session:
        assert audit.verify(session).whole
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.seq)))


def elena(hall: CityHall) -> Browser:
    """The administrator, hired when she is first needed."""
    with hall.database.read() as session:
        known = session.scalar(select(Staff.id).where(Staff.login == "elena"))
    if known is None:
        machines.hire(hall, "elena")
        tills.employ(hall)
    return hall.clerk("elena")


def guess(hall: CityHall, times: int) -> None:
    for _ in range(times):
        hall.browser().sign_in("ana", "wrong-password")


def second_factor(hall: CityHall, code: str | None) -> None:
    """Bruno signs in with a second factor; `code` None is the right one."""
    secret = pyotp.random_base32()
    with hall.database.write() as session:
        session.scalars(select(Staff).where(Staff.login == "bruno")).one().totp_secret = secret
    browser = hall.browser()
    browser.sign_in("bruno")
    given = code or pyotp.TOTP(secret).at(time.now())
    browser.post("/login/code", {"code": given}, token=browser.token("/login/code"))


def send(browser: Browser, path: str, **data: object) -> object:
    answer = browser.post(path, data, token=browser.token("/admin/account"))
    assert answer.status_code < 400, (path, answer.status_code)
    return answer


def change_password(hall: CityHall) -> None:
    send(hall.clerk(), "/password", current=PASSWORD, new=OWN, again=OWN)


def end_others(hall: CityHall) -> None:
    hall.clerk()
    send(hall.clerk(), "/admin/account/sessions/end-others")


def out_of_order(hall: CityHall) -> None:
    ana, ticket = hall.clerk(), hall.take_turn()
    ana.at_desk("take")
    ana.do("call", ticket, reason="Emergency")


def reprint_receipt(hall: CityHall) -> None:
    elena(hall)
    payment = tills.paid_by_qr(hall)
    path = f"/admin/payments/{payment.id}/papers/{tills.receipts(hall)[-1].id}"
    send(hall.clerk("saul"), f"{path}/print", **tills.form(reason="Jammed"))
    assert hall.clerk("saul").get(f"{path}.pdf").status_code == 200


def refund(hall: CityHall) -> None:
    elena(hall)
    payment = tills.paid_by_qr(hall)
    path = f"/admin/payments/{payment.id}/refund"
    send(hall.clerk("saul"), path, **tills.form(amount="10", reason="Charged twice"))


def close_with_a_difference(hall: CityHall) -> None:
    elena(hall)
    till = tills.open_till(hall)
    send(till, "/admin/cash/close", **tills.form(counted="90"))
    with hall.database.read() as session:
        closed = session.scalars(select(CashSession)).one().id
    path = f"/admin/cash/sessions/{closed}/explain"
    send(till, path, **tills.form(reason="A note is missing"))
    send(hall.clerk("saul"), f"/admin/cash/sessions/{closed}/approve", **tills.form())
    assert hall.clerk("saul").get(f"/admin/cash/sessions/{closed}.pdf").status_code == 200


def machine(hall: CityHall) -> None:
    machines.enrolled(hall)
    with hall.database.write() as session:
        row = devices.find(session, "entrada")
        devices.revoke(session, row, actor="test", now=time.now())


def token(hall: CityHall) -> None:
    with hall.database.write() as session:
        tokens.create(session, "kiosk", ["tickets"], time.now())
        tokens.revoke(session, "kiosk", time.now())


def configure(hall: CityHall) -> None:
    with hall.database.write() as session:
        text = configuration.dump(session).replace("Jacarandá", "Jacarandá Nueva", 1)
        configuration.apply(session, configuration.parse(text.encode(), "test"), actor="test")


def print_list(hall: CityHall) -> None:
    machines.add_printer(hall, "hall", "memory:")
    day = bookings.working_day()
    booked = bookings.book(hall, bookings.lima(day, 10))
    send(elena(hall), "/admin/appointments/list/print?office=centro", day=day.isoformat())
    for act in ("print", "resend"):
        send(elena(hall), f"/admin/appointments/one/{booked.id}/{act}")


def download(path: str) -> Act:
    return lambda hall: elena(hall).get(path)


def member(verb: str, **data: object) -> Act:
    return lambda hall: send(elena(hall), f"/admin/staff/ana/{verb}", **data)


MUST: list[tuple[Act, set[str]]] = [
    (lambda hall: hall.clerk(), {"sign-in"}),
    (lambda hall: send(hall.clerk(), "/logout"), {"sign-out"}),
    (lambda hall: guess(hall, 5), {"sign-in.refused", "sign-in.locked"}),
    (lambda hall: second_factor(hall, "000000"), {"sign-in.refused"}),
    (lambda hall: second_factor(hall, None), {"sign-in"}),
    (change_password, {"password.change"}),
    (end_others, {"session.end"}),
    (member("reset"), {"password.reset"}),
    (member("unlock"), {"staff.unlock"}),
    (member("roles", grant="cashier@centro"), {"staff.roles"}),
    (member("deactivate"), {"staff.deactivate"}),
    (configure, {"configuration.change"}),
    (out_of_order, {"ticket.call-out-of-order"}),
    (reprint_receipt, {"receipt.reprint", "receipt.pdf"}),
    (refund, {"payment.refund-asked"}),
    (close_with_a_difference, {"cash.open", "cash.count", "cash.approve", "export.cash"}),
    (machine, {"device.invite", "device.enrol", "device.revoke"}),
    (token, {"token.create", "token.revoke"}),
    (print_list, {"export.appointments", "appointment.print", "appointment.resend"}),
    (download("/admin/audit.csv"), {"export.audit"}),
    (download("/admin/money.csv"), {"export.payments"}),
]


@pytest.mark.parametrize(
    ("act", "left"),
    MUST,
    ids=lambda value: str(sorted(value))[2:40] if isinstance(value, set) else "",
)
def test_an_act_that_must_be_answered_for_leaves_its_entry(
    hall: CityHall, act: Act, left: set[str]
) -> None:
    before = len(entries(hall))
    act(hall)
    found = entries(hall)[before:]
    assert left <= {entry.action for entry in found}
    for entry in found:
        assert entry.actor
        assert entry.at == time.now()
        assert re.fullmatch(r"[a-z][a-z-]*([.][a-z-]+)?", entry.action)


def test_an_entry_says_from_where_and_why(hall: CityHall) -> None:
    guess(hall, 1)
    second_factor(hall, "000000")
    out_of_order(hall)
    hall.browser().sign_in("somebody", PASSWORD)
    said = [(entry.reason, entry.address) for entry in entries(hall) if entry.reason]
    assert said == [
        ("wrong password", "127.0.0.1"),
        ("wrong second factor", "127.0.0.1"),
        ("Emergency", "127.0.0.1"),
        ("unknown login", "127.0.0.1"),
    ]
    ways = [entry.after for entry in entries(hall) if entry.action == "sign-in"]
    assert ways == ['{"by":"password"}']


def test_the_doctor_looks_at_the_end_of_the_log_and_says_so(
    hall: CityHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(database: Database) -> tuple[Level, str]:
        with database.read() as session:
            (found,) = audit_log(session, None)  # type: ignore[arg-type]
            return found.level, found.said

    guess(hall, 3)
    level, said = look(hall.database)
    assert (level, said[:4]) == (Level.OK, "all ")
    monkeypatch.setattr("turnero_server.checks.audit.LAST", 2)
    level, said = look(hall.database)
    assert level is Level.OK
    assert said.startswith("the last 2 entries of")
    with hall.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_entry_update")
        connection.exec_driver_sql(
            "UPDATE audit_entry SET reason = 'wrong passwore' "
            "WHERE seq = (SELECT max(seq) FROM audit_entry)"
        )
    level, said = look(hall.database)
    assert level is Level.FAIL
    assert "was changed" in said
    assert LAST >= 1000
