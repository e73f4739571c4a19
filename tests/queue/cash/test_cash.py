"""The cash desk: a drawer that closes to the cent, counted blind, approved by somebody else."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from tests.queue.receipts import till
from tests.queue.town import Town

from turnero_core import clock as now_source
from turnero_core.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from turnero_core.i18n import speaking
from turnero_hardware.models import Printer, PrintJob
from turnero_hardware.slip import Pair
from turnero_queue import cash, points_of_sale, receipts, staff
from turnero_queue.models import (
    AuditEntry,
    CashMovement,
    CashSession,
    Municipality,
    Payment,
    Receipt,
    Staff,
)
from turnero_queue.payments import moves, refunds
from turnero_queue.payments.starting import Item


@pytest.fixture(autouse=True)
def people(request: pytest.FixtureRequest) -> None:
    """Ana and Beto are cashiers, Carla supervises, in the town that the test uses."""
    names = [name for name in ("town", "small_town") if name in request.fixturenames]
    for name in names:
        found: Town = request.getfixturevalue(name)
        with found.database.write() as session:
            for login, role in (("ana", "cashier"), ("beto", "cashier"), ("carla", "supervisor")):
                staff.create(
                    session,
                    login,
                    "a long password",
                    now_source.now(),
                    name=login.title(),
                    role=role,
                    office_id=found.office().id,
                )
            session.add(Printer(code="c", name="C", uri="virtual://t", office_id=found.office().id))


def person(session: Session, login: str) -> Staff:
    found = staff.find(session, login)
    assert found is not None
    return found


def begin(town: Town, session: Session, login: str = "ana", float_minor: int = 10_000) -> str:
    place = points_of_sale.choose(session, town.office(), None)
    opened = cash.open_session(
        session, person(session, login), place, float_minor, now_source.now()
    )
    return opened.id


def voucher(town: Town, session: Session, minor: int, **kwargs: Any) -> Payment:
    return till.start(town, session, Item({"es": "Tasa"}, minor), how=till.CASH, **kwargs)


def refused(kind: type[Problem], slug: str, act: Callable[[], object]) -> None:
    with pytest.raises(kind) as found:
        act()
    assert found.value.slug == slug


def test_forty_mixed_operations_close_to_the_cent(town: Town) -> None:
    with town.database.write() as session:
        session.get_one(Municipality, 1).payments = {"cash": {"round_to_minor": 10}}
        ana, drawer = person(session, "ana"), begin(town, session)
        now, in_drawer, paid = now_source.now(), 10_000, []
        for number in range(16):
            amount = 1_001 + number * 37
            due = (amount + 5) // 10 * 10
            taken = cash.take_cash(
                session, drawer, ana, voucher(town, session, amount), due + 130, now
            )
            assert taken.change_minor == 130
            in_drawer += due
            paid.append(taken.movement.payment_id)
        for number in range(10):
            amount = 2_000 + number * 11
            cash.take_card(session, drawer, ana, voucher(town, session, amount), f"T{number}", now)
        for number in range(5):
            cash.withdraw(session, drawer, ana, 1_003 + number, "to the safe", now)
            cash.deposit(session, drawer, ana, 307, "coins", now)
            in_drawer += 307 - 1_003 - number
        for number in range(3):
            payment = moves.hold(session, str(paid[number]))
            refund = refunds.ask(session, payment, 500, "wrong", "staff:carla", f"r{number}", now)
            cash.pay_refund(session, drawer, ana, refund.id, now)
            cash.pay_refund(session, drawer, ana, refund.id, now)
            in_drawer -= 500
    with town.database.write() as session:
        assert len(cash.movements(session, drawer)) == 1 + 16 + 10 + 10 + 3
        closed = cash.count(session, drawer, person(session, "ana"), in_drawer, now)
        assert (closed.state, closed.difference_minor) == ("closed", 0)
        report = cash.arqueo(session, closed, "en")
        total = sum(line.drawer_minor for line in report.lines)
        assert total == report.expected_minor == report.counted_minor == in_drawer
        by_kind = {line.kind: line for line in report.lines}
        assert (by_kind["card"].count, by_kind["card"].drawer_minor) == (10, 0)
        assert by_kind["cash"].amount_minor + report.rounding_minor == by_kind["cash"].drawer_minor
        assert len(session.scalars(select(Receipt).where(Receipt.kind == "receipt")).all()) == 26
        assert [note.number for note in notes(session)] == [1, 2, 3]
        kicks = session.scalars(select(PrintJob).where(PrintJob.kind == "drawer")).all()
        assert len(kicks) == 16 + 10 + 3


def notes(session: Session) -> list[Receipt]:
    query = select(Receipt).where(Receipt.kind == "credit_note").order_by(Receipt.number)
    return list(session.scalars(query))


def test_a_difference_needs_a_reason_and_a_second_person(town: Town) -> None:
    now = now_source.now()
    with town.database.write() as session:
        drawer = begin(town, session)
        ana, beto, carla = (person(session, name) for name in ("ana", "beto", "carla"))
        refused(Conflict, "cash-not-counted", lambda: cash.approve(session, drawer, carla, now))
        row = cash.count(session, drawer, ana, 9_500, now, pieces={"500": 19})
        assert (row.state, row.difference_minor) == ("counted", -500)
        refused(Forbidden, "not-yourself", lambda: cash.approve(session, drawer, ana, now))
        refused(Forbidden, "forbidden", lambda: cash.approve(session, drawer, beto, now))
        refused(Conflict, "reason-missing", lambda: cash.approve(session, drawer, carla, now))
        refused(Invalid, "invalid", lambda: cash.explain(session, drawer, ana, " ", now))
        refused(
            Forbidden, "not-your-session", lambda: cash.explain(session, drawer, beto, "x", now)
        )
        cash.explain(session, drawer, ana, "gave too much change", now)
        assert [one.id for one in cash.to_approve(session)] == [drawer]
        done = cash.approve(session, drawer, carla, now)
        assert (done.state, done.approver_id) == ("closed", carla.id)
        refused(Conflict, "cash-not-counted", lambda: cash.approve(session, drawer, carla, now))
    with town.database.read() as session:
        actions = session.scalars(
            select(AuditEntry.action).where(AuditEntry.subject == f"cash:{drawer}")
        ).all()
        assert sorted(actions) == ["cash.approve", "cash.count", "cash.explain", "cash.open"]


def test_the_database_itself_refuses_what_must_not_be(town: Town) -> None:
    with town.database.write() as session:
        drawer = begin(town, session)
        cash.count(session, drawer, person(session, "ana"), 1, now_source.now(), reason="lost")
        mine = person(session, "ana").id
    closing = {"state": "closed", "closed_at": now_source.now()}
    for values in (closing, closing | {"approver_id": mine}, closing | {"reason": ""}):
        with pytest.raises(IntegrityError), town.database.write() as session:
            session.execute(update(CashSession).values(**values))
    with pytest.raises(IntegrityError), town.database.write() as session:
        session.execute(update(CashMovement).values(drawer_minor=-1))


def test_one_open_session_per_cashier_and_per_point_of_sale(town: Town) -> None:
    with town.database.write() as session:
        drawer = begin(town, session)
        refused(Conflict, "cash-open", lambda: begin(town, session, "beto"))
        refused(Conflict, "cash-open", lambda: begin(town, session, "ana"))
        ana = person(session, "ana")
        found = cash.current(session, ana.id)
        assert found is not None
        assert found.id == drawer
        cash.count(session, drawer, ana, 9_000, now_source.now())
        assert cash.current(session, ana.id) is None
        assert begin(town, session, "beto")


def test_two_who_open_at_once_get_one_session(town: Town) -> None:
    gate, outcomes = Barrier(2), []

    def open_as(login: str) -> None:
        gate.wait()
        try:
            with town.database.write() as session:
                begin(town, session, login)
            outcomes.append("open")
        except Conflict as conflict:
            outcomes.append(conflict.slug)

    threads = [Thread(target=open_as, args=(login,)) for login in ("ana", "beto")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["cash-open", "open"]


def test_nobody_touches_anothers_drawer(small_town: Town) -> None:
    now = now_source.now()
    with small_town.database.write() as session:
        drawer, beto = begin(small_town, session), person(session, "beto")
        payment = voucher(small_town, session, 500)
        for act in (
            lambda: cash.count(session, drawer, beto, 10_000, now),
            lambda: cash.take_cash(session, drawer, beto, payment, 500, now),
            lambda: cash.take_card(session, drawer, beto, payment, "T1", now),
            lambda: cash.withdraw(session, drawer, beto, 1, "x", now),
            lambda: cash.deposit(session, drawer, beto, 1, "x", now),
        ):
            refused(Forbidden, "not-your-session", act)
        assert len(cash.movements(session, drawer)) == 1
        assert session.get_one(Payment, payment.id).state == "pending"


def test_a_voucher_is_paid_once_however_often_the_key_is_hit(small_town: Town) -> None:
    now = now_source.now()
    with small_town.database.write() as session:
        drawer, ana = begin(small_town, session), person(session, "ana")
        payment = voucher(small_town, session, 1_550)
        spoken = f"{(payment.voucher or '')[:4]}-{(payment.voucher or '')[4:]}".lower()
        assert cash.find(session, spoken).id == payment.id
        refused(NotFound, "no-voucher", lambda: cash.find(session, "nothing"))
        first = cash.take_cash(session, drawer, ana, payment, 2_000, now)
        again = cash.take_cash(session, drawer, ana, payment, 2_000, now)
        assert first.movement.id == again.movement.id
        assert (again.change_minor, again.receipt.id) == (450, first.receipt.id)
        assert len(cash.movements(session, drawer)) == 2
        assert first.receipt.issued_by == "staff:ana"
        said = repr(receipts.receipt_slip(first.receipt, "").blocks)
        assert "20,00" in said
        assert "4,50" in said
        kinds = session.scalars(select(PrintJob.kind).order_by(PrintJob.kind)).all()
        assert kinds == ["drawer", "receipt"]


def test_too_little_money_an_expired_voucher_and_another_office_change_nothing(
    small_town: Town, clock: Any
) -> None:
    with small_town.database.write() as session:
        drawer, ana = begin(small_town, session), person(session, "ana")
        payment = voucher(small_town, session, 1_550)
        elsewhere = voucher(small_town, session, 1_550, office="norte")
        paid = till.start(small_town, session)
    before = small_town.everything("idempotency_key")

    def take(which: Payment, tendered: int) -> None:
        with small_town.database.write() as session:
            cash.take_cash(session, drawer, ana, which, tendered, now_source.now())

    for tendered in (1_549, 0, -5, 10**15):
        refused(Invalid, "invalid", lambda tendered=tendered: take(payment, tendered))
    refused(Conflict, "other-office", lambda: take(elsewhere, 2_000))
    refused(Conflict, "not-cash", lambda: take(paid, 2_000))
    clock.shift(25 * 3600)
    refused(Conflict, "voucher-expired", lambda: take(payment, 2_000))
    assert small_town.everything("idempotency_key") == before


def test_a_refund_needs_its_permission_and_money_in_the_drawer(small_town: Town) -> None:
    now = now_source.now()
    with small_town.database.write() as session:
        drawer, ana = begin(small_town, session, float_minor=0), person(session, "ana")
        by_card = voucher(small_town, session, 3_000)
        cash.take_card(session, drawer, ana, by_card, "T1", now)
        in_cash = voucher(small_town, session, 700)
        cash.take_cash(session, drawer, ana, in_cash, 700, now)
        refused(
            Forbidden,
            "forbidden",
            lambda: cash.refund_now(session, drawer, ana, in_cash, 700, "error", "k0", now),
        )
        cash.withdraw(session, drawer, ana, 600, "safe", now)
        refund = refunds.ask(
            session, moves.hold(session, in_cash.id), 700, "error", "staff:carla", "k1", now
        )
        refused(Invalid, "invalid", lambda: cash.pay_refund(session, drawer, ana, refund.id, now))
        refused(Invalid, "invalid", lambda: cash.withdraw(session, drawer, ana, 101, "safe", now))
        refused(Invalid, "invalid", lambda: cash.withdraw(session, drawer, ana, 100, "", now))
        card = refunds.ask(
            session, moves.hold(session, by_card.id), 3_000, "error", "staff:carla", "k2", now
        )
        back = cash.pay_refund(session, drawer, ana, card.id, now)
        assert (back.drawer_minor, back.amount_minor) == (0, 3_000)
        assert moves.hold(session, by_card.id).state == "refunded"
        assert cash.count(session, drawer, ana, 100, now).state == "closed"


def test_the_report_is_not_given_before_the_count_and_says_all_after_it(small_town: Town) -> None:
    now = now_source.now()
    with small_town.database.write() as session:
        drawer, ana = begin(small_town, session), person(session, "ana")
        open_row = cash.hold(session, drawer)
        refused(Conflict, "cash-not-counted", lambda: cash.arqueo(session, open_row, "en"))
        refused(
            Invalid, "invalid", lambda: cash.count(session, drawer, ana, 900, now, pieces={"50": 2})
        )
        row = cash.count(session, drawer, ana, 9_900, now, reason="a coin rolled away")
        report = cash.arqueo(session, row, "en")
        slip = cash.arqueo_slip(report, "en")
        facts = {block.label: block.value for block in slip.blocks if isinstance(block, Pair)}
        assert facts["Difference"] == "-PEN1.00"
        assert (facts["Cashier"], facts["Opening float"]) == ("Ana", "PEN100.00")
        assert cash.arqueo_pdf(report, "en", now).startswith(b"%PDF-")
        place = session.scalars(select(Printer)).one()
        with speaking("en"):
            assert cash.print_arqueo(session, row, place, "en", now).kind == "arqueo"
        assert receipts.of_payment(session, "none") is None
