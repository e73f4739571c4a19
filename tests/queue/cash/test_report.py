"""The office's numbers: they add up whichever way they are looked at."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from tests.queue.receipts import till
from tests.queue.town import Town

from turnero_core import clock as now_source
from turnero_core.i18n import speaking
from turnero_queue import cash, payments_report, points_of_sale, receipts, staff
from turnero_queue.payments import moves, refunds
from turnero_queue.payments.starting import Item
from turnero_queue.payments_report import WAYS

TODAY = date(2026, 3, 2)


@pytest.fixture
def day(town: Town) -> Town:
    """Two payments by QR, one in cash, one by card at the desk, a refund; one more elsewhere."""
    now = now_source.now()
    rentas = town.office().service("rentas")
    with town.database.write() as session:
        ana = staff.create(session, "ana", "a long password", now, name="Ana", role="cashier")
        place = points_of_sale.choose(session, town.office(), None)
        drawer = cash.open_session(session, ana, place, 0, now).id
        fee = Item({"es": "Tasa"}, 1_500, service_id=rentas.id)
        qr = till.pay(town, session, fee, Item({"es": "=1+1"}, 250), payer=till.ROSA)
        till.pay(town, session, Item({"es": "Copia"}, 100))
        by_cash = till.start(town, session, fee, how=till.CASH)
        cash.take_cash(session, drawer, ana, by_cash, 2_000, now)
        by_card = till.start(town, session, Item({"es": "Plano"}, 900), how=till.CASH)
        cash.take_card(session, drawer, ana, by_card, "T-1", now)
        held = moves.hold(session, qr.id)
        refund = refunds.ask(session, held, 500, "error", "staff:ana", "r", now)
        refunds.settle(session, held, refund.id, now, done=True)
        till.pay(town, session, Item({"es": "Otra"}, 7_777), office="norte")
    return town


def report(town: Town, by: payments_report.figures.By, *codes: str) -> payments_report.Report:
    offices = [town.office(code) for code in codes or ("centro",)]
    with town.database.read() as session, speaking("en"):
        return payments_report.payments_report(session, offices, TODAY, TODAY, by=by)


def test_every_way_of_looking_adds_up_to_the_same(day: Town) -> None:
    for by in WAYS:
        found = report(day, by)
        assert (found.paid_minor, found.refunded_minor, found.net_minor) == (4_250, 500, 3_750)
        assert sum(entry.amount_minor for entry in found.entries) == 3_750
    assert report(day, "method", "centro", "norte").net_minor == 3_750 + 7_777


def test_the_sums_stand_where_they_belong(day: Town) -> None:
    def sums(by: payments_report.figures.By) -> dict[str, tuple[int, int]]:
        return {one.name: (one.paid_minor, one.refunded_minor) for one in report(day, by).totals}

    assert sums("method") == {
        "Card at the cash desk": (900, 0),
        "Cash desk": (1_500, 0),
        "QR payment": (1_850, 500),
    }
    assert sums("service") == {
        "rentas (en)": (3_000, 500),
        "Debts and other things": (1_250, 0),
    }
    assert sums("staff") == {"Ana": (2_400, 500), "Without staff": (1_850, 0)}
    assert sums("point_of_sale") == {"centro": (4_250, 500)}


def test_a_day_is_the_offices_own(day: Town) -> None:
    with day.database.read() as session:
        before = payments_report.payments_report(
            session, [day.office()], date(2026, 3, 1), date(2026, 3, 1), by="method"
        )
    assert (before.totals, before.entries) == ((), ())


def test_files_hold_numbers_and_no_formulas(day: Town) -> None:
    entries = report(day, "method").entries
    with speaking("en"):
        lines = payments_report.to_csv(entries).splitlines()
        book = load_workbook(BytesIO(payments_report.to_xlsx(entries)))
    assert lines[0].startswith("Date,Office,Point of sale,Number,Kind,Code,Method,Concepts,Amount")
    assert len(lines) == 1 + 5
    assert any(",-5.00,PEN," in line for line in lines)
    with speaking("en"):
        sly = [entry for entry in entries if "1+1" in entry.concepts]
        assert sly
        bad = [type(sly[0])(**{**vars(sly[0]), "concepts": "=cmd()"})]
        assert ",'=cmd()," in payments_report.to_csv(bad)
        cell = load_workbook(BytesIO(payments_report.to_xlsx(bad))).active
    assert cell is not None
    assert (cell["H2"].value, cell["H2"].data_type) == ("=cmd()", "s")
    sheet = book.active
    assert sheet is not None
    assert sum(row[8].value for row in sheet.iter_rows(min_row=2)) == 37.5


def test_a_receipt_is_found_by_number_code_voucher_or_document(day: Town) -> None:
    with day.database.read() as session:
        offices = [day.office()]
        entries = report(day, "method").entries
        first = receipts.of_payment(session, entries[0].payment_id)
        assert first is not None
        assert first in payments_report.search(session, entries[0].number, offices)
        for text in (entries[0].code, entries[0].code.lower(), "40.213.377"):
            assert first in payments_report.search(session, text, offices)
        voucher = next(entry.reference for entry in entries if entry.method == "cash")
        [found] = payments_report.search(session, voucher, offices)
        assert found.amount_minor == 1_500
        assert payments_report.search(session, "'; DROP TABLE receipt", offices) == []
        assert payments_report.search(session, entries[0].code, [day.office("norte")]) == []
