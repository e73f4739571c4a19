"""Paid debts are reported exactly once, though the system fails, is slow or the server dies."""

from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
import time_machine
from sqlalchemy import select
from tests.queue.connectors.tax_office import TaxOffice
from tests.queue.receipts import till
from tests.queue.town import Town

from turnero_core import clock as now_source
from turnero_core.live import Hub
from turnero_queue import receipts
from turnero_queue.connectors import Debt, connector, outstanding, reporting
from turnero_queue.connectors.errand import report_due
from turnero_queue.models import DebtReport, Municipality
from turnero_queue.payments.starting import Item
from turnero_server.debt_reporting import DebtReporting

OLD = Item({"es": "Arbitrios febrero"}, 9_000, debt_key="rentas:A-17-02")


@pytest.fixture
def home(tmp_path: Path, town: Town, office: TaxOffice) -> Path:
    with town.database.write() as session:
        session.get_one(Municipality, 1).payments = {"connectors": [office.options().to_plain()]}
    return tmp_path


def rows(town: Town) -> list[DebtReport]:
    with town.database.read() as session:
        return list(session.scalars(select(DebtReport).order_by(DebtReport.debt_key)))


def test_every_debt_of_a_payment_is_reported_once_with_its_receipt(
    town: Town, home: Path, office: TaxOffice
) -> None:
    with town.database.write() as session:
        payment = till.pay(town, session, till.LIGHT, OLD, till.PARKS)
    assert report_due(town.database, home) == 2
    assert report_due(town.database, home) == 0
    assert {body["debt"]: body["amount_minor"] for body in office.booked.values()} == {
        "A-17-02": 9_000,
        "A-17-03": 12_050,
    }
    with town.database.read() as session:
        receipt = receipts.of_payment(session, payment.id)
        assert receipt is not None
    assert {body["receipt"] for body in office.reports} == {receipts.number_of(receipt)}
    assert [row.state for row in rows(town)] == ["reported", "reported"]


def test_nothing_is_reported_of_what_was_rolled_back(
    town: Town, home: Path, office: TaxOffice
) -> None:
    with pytest.raises(ZeroDivisionError), town.database.write() as session:
        till.pay(town, session, till.LIGHT)
        raise ZeroDivisionError
    assert report_due(town.database, home) == 0
    assert office.reports == []


def test_a_system_that_fails_is_told_again_later_with_the_same_key(
    town: Town, home: Path, office: TaxOffice, clock: time_machine.Traveller
) -> None:
    office.report_status = 500
    with town.database.write() as session:
        till.pay(town, session, till.LIGHT)
    assert report_due(town.database, home) == 0
    [row] = rows(town)
    assert (row.state, row.attempts, row.last_error) == (
        "waiting",
        1,
        "the report was answered with status 500",
    )
    assert report_due(town.database, home) == 0
    assert len(office.reports) == 1
    clock.shift(timedelta(hours=2))
    with town.database.read() as session:
        assert [late.id for late in reporting.overdue(session, now_source.now())] == [row.id]
    office.report_status = 201
    assert report_due(town.database, home) == 1
    assert len(office.reports) == 2
    assert list(office.booked) == [row.key]


def test_one_that_died_after_telling_is_told_again_and_booked_once(
    town: Town, home: Path, office: TaxOffice, clock: time_machine.Traveller
) -> None:
    with town.database.write() as session:
        till.pay(town, session, till.LIGHT)
    with town.database.write() as session:
        report = reporting.claim(session, now_source.now())
        assert report is not None
    with town.database.read() as session:
        rentas = connector(session, "rentas", home)
    rentas.report_paid(*reporting.as_told(report))
    assert report_due(town.database, home) == 0
    clock.shift(reporting.LEASE + timedelta(seconds=1))
    assert report_due(town.database, home) == 1
    assert (len(office.reports), len(office.booked)) == (2, 1)
    with town.database.write() as session:
        assert not reporting.done(session, report, now_source.now())
        assert not reporting.failed(session, report, "late", now_source.now())
    assert rows(town)[0].state == "reported"


def test_a_connector_that_is_gone_keeps_its_reports(
    town: Town, home: Path, office: TaxOffice
) -> None:
    with town.database.write() as session:
        till.pay(town, session, till.LIGHT)
        session.get_one(Municipality, 1).payments = {}
    assert report_due(town.database, home) == 0
    assert rows(town)[0].last_error == "it is not configured any more"


def test_what_was_paid_is_not_owed_though_the_system_still_says_so(
    town: Town, home: Path, clock: time_machine.Traveller
) -> None:
    owed = [Debt(key, "x", "", None, 12_050, "PEN") for key in ("A-17-03", "A-17-04")]
    with town.database.write() as session:
        till.pay(town, session, till.LIGHT)

    def left() -> list[str]:
        with town.database.read() as session:
            now = now_source.now()
            return [debt.key for debt in outstanding(session, "rentas", owed, now)]

    assert left() == ["A-17-04"]
    assert report_due(town.database, home) == 1
    assert left() == ["A-17-04"]
    clock.shift(timedelta(days=2))
    assert left() == ["A-17-03", "A-17-04"]


def test_the_process_that_leads_reports_as_soon_as_a_payment_is_committed(
    small_town: Town, tmp_path: Path, office: TaxOffice
) -> None:
    with small_town.database.write() as session:
        session.get_one(Municipality, 1).payments = {"connectors": [office.options().to_plain()]}
    follows = DebtReporting(small_town.database, Hub(), tmp_path, lambda: False)
    leads = DebtReporting(small_town.database, small_town.hub, tmp_path, lambda: True)
    pause = Event()
    follows.start()
    leads.start()
    try:
        with small_town.database.write() as session:
            till.pay(small_town, session, till.LIGHT)
        for _ in range(600):
            if rows(small_town)[0].state == "reported":
                break
            pause.wait(0.05)
    finally:
        leads.stop()
        follows.stop()
    assert rows(small_town)[0].state == "reported"
    assert len(office.reports) == 1
