"""Receipt numbers have no gaps, whatever happens to those who take them."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from tests.program import Program
from tests.queue.receipts import till
from tests.queue.town import Town

from turnero_core import clock
from turnero_queue import points_of_sale, receipts
from turnero_queue.models import Municipality, Payment, Receipt, ReceiptCounter
from turnero_queue.payments import moves, refunds
from turnero_queue.receipts import numbers

PROCESSES = 2


def test_twenty_kiosks_at_once_leave_no_gap_though_one_in_five_rolls_back(town: Town) -> None:
    url = town.database.url.render_as_string(hide_password=False)
    script = Path(__file__).with_name("kiosks.py")
    office = town.office().id
    running = [Program(script, url, office, str(number * 10)) for number in range(PROCESSES)]
    answers = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0] * PROCESSES
    told = sorted(int(number) for answer in answers for number in answer.split())
    with town.database.read() as session:
        stored = list(session.scalars(select(Receipt.number).order_by(Receipt.number)))
        approved = session.scalars(select(Payment.state)).all()
        assert numbers.gaps(session) == []
    assert stored == told == list(range(1, 33))
    assert approved == ["approved"] * 32


def test_a_transaction_that_fails_gives_its_number_back(small_town: Town) -> None:
    with small_town.database.write() as session:
        till.pay(small_town, session)
    with pytest.raises(ZeroDivisionError), small_town.database.write() as session:
        till.pay(small_town, session)
        raise ZeroDivisionError
    with small_town.database.write() as session:
        second = till.pay(small_town, session)
        receipt = receipts.of_payment(session, second.id)
        assert receipt is not None
        assert receipts.number_of(receipt) == "centro-00000002"


def test_each_point_of_sale_counts_for_itself_and_each_kind_of_paper(town: Town) -> None:
    with town.database.write() as session:
        row = session.get_one(Municipality, 1)
        row.payments = {
            "points_of_sale": [
                {"code": "0001", "name": {"es": "Caja"}, "office": "centro"},
                {"code": "0002", "name": {"es": "Totem"}, "office": "centro", "printer": "hall"},
            ]
        }
    with town.database.write() as session:
        for place in ("0001", "0002", "0001", "gone", None):
            till.pay(town, session, point_of_sale=place)
        last = till.pay(town, session, office="norte")
        refund = refunds.ask(session, last, 550, "duplicado", "staff:ana", "r", clock.now())
        refunds.settle(session, moves.hold(session, last.id), refund.id, clock.now(), done=True)
        query = select(Receipt.point_of_sale, Receipt.kind, Receipt.number)
        assert sorted(map(tuple, session.execute(query))) == [
            ("0001", "receipt", 1),
            ("0001", "receipt", 2),
            ("0001", "receipt", 3),
            ("0001", "receipt", 4),
            ("0002", "receipt", 1),
            ("norte", "credit_note", 1),
            ("norte", "receipt", 1),
        ]
        assert numbers.gaps(session) == []
        known = points_of_sale.of_office(session, town.office())
        assert [(place.code, place.printer) for place in known] == [
            ("0001", None),
            ("0002", "hall"),
        ]


def test_the_database_refuses_a_number_twice_and_a_second_receipt(town: Town) -> None:
    with town.database.write() as session:
        payment = till.pay(town, session)
        assert receipts.issue(session, payment, clock.now()).number == 1
        first = receipts.of_payment(session, payment.id)
        assert first is not None
    values = {
        column.name: getattr(first, column.name)
        for column in Receipt.__table__.columns
        if column.name != "id"
    }
    for change in ({"code": "X"}, {"code": "Y", "number": 2}):
        with pytest.raises(IntegrityError), town.database.write() as session:
            session.add(Receipt(**(values | change)))
    with town.database.read() as session:
        counter = session.get_one(ReceiptCounter, ("centro", "receipt"))
        assert (counter.last, len(session.scalars(select(Receipt)).all())) == (1, 1)
