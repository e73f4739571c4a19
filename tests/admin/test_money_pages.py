"""Payments, the report and certificates: found, added up, taken back, and only of one's offices."""

import csv
import io
import re

import openpyxl
import pytest
import time_machine
from sqlalchemy import select
from tests.admin import tills
from tests.admin.cityhall import Browser, CityHall
from tests.admin.machines import hire

from turnero_core import clock as now_source
from turnero_hardware.models import PrintJob
from turnero_queue import catalogue, certificates
from turnero_queue.connectors import DocumentOrAccount, connector
from turnero_queue.connectors.demo import NO_DEBTS
from turnero_queue.models import Certificate, Difference, Payment, Reconciliation
from turnero_queue.payments import moves
from turnero_queue.payments.starting import How

FORMULA = '=HYPERLINK("http://evil.example")'


@pytest.fixture(autouse=True)
def people(hall: CityHall) -> None:
    tills.employ(hall)


def words(browser: Browser, path: str) -> str:
    answer = browser.get(path, follow_redirects=True)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_a_payment_is_found_by_receipt_code_voucher_and_document(hall: CityHall) -> None:
    till, payment = tills.open_till(hall), tills.voucher(hall)
    till.post(f"/admin/cash/pay/{payment.id}/cash", tills.form(tendered="20"))
    other = tills.paid_by_qr(hall, office="norte")
    paper = tills.receipts(hall)[0]
    olga, mine = hall.clerk("olga"), f"/admin/payments/{payment.id}"
    for text in (f"caja-centro-{paper.number:08d}", paper.code, str(payment.voucher)):
        page = words(olga, f"/admin/payments?q={text}")
        assert mine in page, text
        assert other.id not in page, text
    assert mine in words(olga, "/admin/payments?q=4021-3377")
    assert "No payment is like that" in words(olga, "/admin/payments?q=nobody")
    assert other.id in words(olga, "/admin/payments?method=qr")
    assert mine not in words(olga, "/admin/payments?state=refunded&q=x%27--")
    page = words(olga, mine)
    assert "Rosa Quispe" in page
    assert "staff:carmen" in page


def test_nothing_of_another_office_is_seen_or_changed(hall: CityHall) -> None:
    north, here = tills.paid_by_qr(hall, office="norte"), tills.paid_by_qr(hall)
    saul, pilar = hall.clerk("saul"), hall.clerk("pilar")
    assert here.id in words(saul, "/admin/payments")
    for path in ("/admin/payments", "/admin/payments?q=40213377"):
        assert north.id not in words(saul, path)
    assert saul.get(f"/admin/payments/{north.id}").status_code == 403
    assert saul.get("/admin/payments?office=norte").status_code == 403
    assert saul.get("/admin/money.csv?office=norte").status_code == 403
    refund = tills.form(amount="1", reason="x")
    assert saul.post(f"/admin/payments/{north.id}/refund", refund).status_code == 403
    assert pilar.post(f"/admin/payments/{north.id}/refund", refund).status_code == 403
    paper = next(one for one in tills.receipts(hall) if one.payment_id == north.id)
    mixed = f"/admin/payments/{here.id}/papers/{paper.id}"
    assert saul.get(f"{mixed}.pdf").status_code == 404
    assert saul.post(f"{mixed}/print", tills.form(reason="x")).status_code == 404
    assert "norte" not in words(saul, "/admin/money.csv").replace("caja-norte", "norte")
    for login in ("ana", "carmen"):
        assert hall.clerk(login).get("/admin/certificates").status_code == 403
    assert hall.clerk("ana").get("/admin/payments").status_code == 403


def test_a_paper_is_printed_again_for_a_reason_and_marked(hall: CityHall) -> None:
    till, payment = tills.open_till(hall), tills.voucher(hall)
    till.post(f"/admin/cash/pay/{payment.id}/cash", tills.form(tendered="20"))
    papers = f"/admin/payments/{payment.id}/papers/{tills.receipts(hall)[0].id}"
    refused = till.post(f"{papers}/print", tills.form(reason=" "))
    assert (refused.status_code, "Say why" in refused.get_data(as_text=True)) == (422, True)
    form = tills.form(reason="it got wet")
    for _ in range(2):
        assert till.post(f"{papers}/print", form).status_code == 303
    with hall.database.read() as session:
        query = select(PrintJob.copy).where(PrintJob.kind == "receipt")
        assert sorted(session.scalars(query)) == [False, True]
    assert [entry.reason for entry in tills.noted(hall, "receipt.reprint")] == ["it got wet"]
    pdf = till.get(f"{papers}.pdf")
    assert (pdf.mimetype, pdf.data[:5]) == ("application/pdf", b"%PDF-")
    assert len(tills.noted(hall, "receipt.pdf")) == 1


def test_the_day_adds_up_four_ways_and_as_files(
    hall: CityHall, clock: time_machine.Traveller
) -> None:
    till = tills.open_till(hall)
    for minor, what in ((1_550, "Copia"), (2_000, FORMULA)):
        payment = tills.voucher(hall, minor, what)
        till.post(f"/admin/cash/pay/{payment.id}/cash", tills.form(tendered="50"))
    carded = tills.voucher(hall, 3_000)
    till.post(f"/admin/cash/pay/{carded.id}/card", tills.form(reason="1"))
    tills.paid_by_qr(hall, 4_000)
    tills.paid_by_qr(hall, 9_000, office="norte")
    saul = hall.clerk("saul")
    refund = saul.post(
        f"/admin/payments/{payment.id}/refund", tills.form(amount="5", reason="wrong")
    )
    assert refund.status_code == 303
    give = words(till, "/admin/cash").split("/admin/cash/refunds/")[1].split('"')[0]
    till.post(f"/admin/cash/refunds/{give}", tills.form())
    page = words(saul, "/admin/money")
    for text in ("105,50", "5,00", "100,50", "Card at the cash desk", "Carmen", "caja-centro"):
        assert text in page, text
    assert "90,00" not in page
    # The frame's own, for calls for help, and none besides.
    scripts = re.findall("<script[^>]*>", page.split("<main")[1])
    assert len(scripts) == 1
    assert 'src="/static/admin/js/help.js?' in scripts[0]
    assert words(hall.clerk("olga"), "/admin/money").count("190,50") >= 5
    rows = list(csv.reader(io.StringIO(saul.get("/admin/money.csv").data.decode("utf-8-sig"))))
    amount, concepts = rows[0].index("Amount"), rows[0].index("Concepts")
    assert sum(round(float(row[amount]) * 100) for row in rows[1:]) == 10_050
    assert f"'{FORMULA}" in [row[concepts] for row in rows]
    assert len(rows) == 6
    sheet = openpyxl.load_workbook(io.BytesIO(saul.get("/admin/money.xlsx").data)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert FORMULA in [cell.value for cell in cells]
    assert "f" not in {cell.data_type for cell in cells}
    assert len(tills.noted(hall, "export.payments")) == 2
    clock.shift(86_400)
    assert "Nothing was paid" in words(hall.clerk("saul"), "/admin/money")
    for strange in ("from=never&to=2026-13-40", "from=0001-01-01&to=9999-12-31", "from=2027-01-01"):
        assert hall.clerk("saul").get(f"/admin/money?{strange}").status_code == 200
    assert "100,50" in words(hall.clerk("saul"), "/admin/money?from=2026-03-01&to=2026-03-03")


def test_what_is_not_known_and_what_differs_is_listed(hall: CityHall) -> None:
    here, north = tills.paid_by_qr(hall), tills.paid_by_qr(hall, office="norte")
    with hall.database.write() as session:
        run = Reconciliation(
            provider="simulated",
            at=now_source.now(),
            since=now_source.now(),
            until=now_source.now(),
            compared=3,
            ours_minor=8_000,
            theirs_minor=7_777,
        )
        session.add(run)
        session.flush()
        for kind, payment in (("amount", here), ("amount", north), ("missing_here", None)):
            session.add(
                Difference(
                    reconciliation_id=run.id,
                    kind=kind,
                    payment_id=payment.id if payment else None,
                    provider_reference=f"ORD-{payment.office_id if payment else 'nobody'}",
                    theirs_minor=1_234,
                )
            )
    begun = tills.begin(
        hall, How("qr", provider="simulated", simulated=True), 500, "Copia", "centro"
    )
    with hall.database.write() as session:
        moves.note(session, session.get_one(Payment, begun.id), now_source.now(), unsure=True)
    saul, olga = hall.clerk("saul"), hall.clerk("olga")
    assert "Not known yet (1)" in words(saul, "/admin/payments")
    assert "Differences (1)" in words(saul, "/admin/payments")
    assert begun.id in words(saul, "/admin/payments/unknown")
    page = words(saul, "/admin/payments/differences")
    assert here.id in page
    assert north.id not in page
    assert "ORD-nobody" not in page
    assert "77,77" not in page
    page = words(olga, "/admin/payments/differences")
    assert north.id in page
    assert "ORD-nobody" in page
    assert "77,77" in page
    assert "SIMULATED" in words(olga, f"/admin/payments/{here.id}")


def certified(hall: CityHall) -> Certificate:
    """Somebody who owes nothing got it from a kiosk in the centre."""
    instance = hall.file.parent
    with hall.database.read() as session:
        kind = certificates.kind(session, "no_debt")
        rentas = connector(session, kind.connector, instance)
    asked = DocumentOrAccount("document", NO_DEBTS)
    checked = certificates.check(kind, asked, rentas, now_source.now())
    with hall.database.write() as session:
        return certificates.issue(
            session,
            kind,
            checked,
            catalogue.current(session).office("centro"),
            instance,
            language="es",
            actor="citizen",
            now=now_source.now(),
        )


def test_a_certificate_is_revoked_once_for_a_reason_and_for_ever(hall: CityHall) -> None:
    hire(hall, "elena", "administrator")
    hire(hall, "norma", "administrator", "norte")
    paper = certified(hall)
    elena, norma = hall.clerk("elena"), hall.clerk("norma")
    one = f"/admin/certificates/{paper.code}"
    spoken = "-".join(paper.code[place : place + 4].lower() for place in (0, 4, 8))
    assert elena.get(f"/admin/certificates?code={spoken}").location == one
    page = words(elena, one)
    assert "Genuine and valid" in page
    assert NO_DEBTS not in page
    assert norma.get(one).status_code == 403
    assert norma.post(f"{one}/revoke", tills.form(reason="x")).status_code == 403
    assert one not in words(norma, "/admin/certificates")
    assert "Genuine and valid" in words(norma, f"/admin/certificates?code={paper.code}")
    assert "issued no paper" in words(elena, "/admin/certificates?code=AAAA-BBBB-CCCC")
    assert elena.post(f"{one}/revoke", tills.form(reason="  ")).status_code == 422
    form = tills.form(reason="issued by mistake")
    for _ in range(2):
        assert elena.post(f"{one}/revoke", form).status_code == 303
    page = words(elena, one)
    assert "Revoked" in page
    assert "issued by mistake" in page
    assert "Revoke for ever" not in page
    again = elena.post(f"{one}/revoke", tills.form(reason="again"), follow_redirects=True)
    assert "revoked before" in again.get_data(as_text=True)
    assert [entry.reason for entry in tills.noted(hall, "certificate.revoke")] == [
        "issued by mistake"
    ]
