"""The bytes of receipts, vouchers, certificates and cash reports are exact on both widths.

After a wanted change: `UPDATE_GOLDEN=1 python -m pytest tests/queue/receipts/test_golden_paper.py`,
then look at the difference. They are in English, whose words stand in the code itself.
"""

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.queue.values import office

from turnero_hardware.escpos_read import read
from turnero_hardware.escpos_render import render
from turnero_hardware.profiles import PROFILES
from turnero_hardware.slip import Slip
from turnero_queue import cash, certificates, receipts
from turnero_queue.cash.arqueo import Line
from turnero_queue.catalogue import Catalogue
from turnero_queue.models import Certificate, Payment, Receipt
from turnero_queue.receipts import content

GOLDEN = Path(__file__).parents[2] / "hardware" / "golden"
BASE = "https://turnos.example"
AT = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
CITY, OFFICE = "Municipalidad de Ñuñoa de los Ángeles", "Oficina Central"


def receipt_slip() -> Slip:
    lines = (
        content.Line("Arbitrios, primer trimestre", 1, 12_050),
        content.Line("Copia certificada", 2, 3_000),
    )
    says = content.Content(
        municipality=CITY,
        office=OFFICE,
        address="Jirón Lima 1",
        point_of_sale="Caja 1",
        lines=lines,
        total_minor=15_050,
        words="One hundred and fifty and 50/100 Peruvian soles",
        method="qr",
        reference="ORD01J8",
        at="2026-03-02T14:05:00.000Z",
        zone="America/Lima",
    )
    paper = Receipt(
        kind="receipt",
        point_of_sale="caja-1",
        number=42,
        code="7KQ2M4XP9TDA",
        amount_minor=15_050,
        currency="PEN",
        language="en",
        simulated=True,
        content=says.to_plain(),
        payer_document="40213377",
    )
    return receipts.receipt_slip(paper, BASE)


def voucher_slip() -> Slip:
    payment = Payment(
        office_id="centro",
        amount_minor=15_050,
        currency="PEN",
        language="en",
        simulated=False,
        voucher="7KQ2M4XP",
        expires_at=AT,
    )
    place = office(name={"en": OFFICE})
    known = {"centro": place}
    city = Catalogue(
        1, CITY, "America/Lima", "en", ("en",), "PEN", None, None, (), (), (), (place,),
        {}, {}, known, {},
    )  # fmt: skip
    return receipts.voucher_slip(city, payment, ["Arbitrios, primer trimestre"])


def certificate_slip() -> Slip:
    document = {
        "code": "7KQ2M4XP9TDA",
        "issued_on": "2026-03-02",
        "municipality": CITY,
        "office": OFFICE,
        "subject": "40213377",
        "subject_kind": "document",
        "text": "The municipality certifies that document 40213377 owes nothing.",
        "title": "Certificate of no debt",
        "valid_until": "2026-04-01",
    }
    paper = Certificate(
        code="7KQ2M4XP9TDA",
        language="en",
        document=json.dumps(document),
        token="TC1." + "A" * 200 + "." + "B" * 86,
        valid_until=date(2026, 4, 1),
    )
    return certificates.certificate_slip(paper, BASE)


def arqueo_slip() -> Slip:
    report = cash.Arqueo(
        municipality=CITY,
        office=OFFICE,
        point_of_sale="Caja 1",
        cashier="Ana Ríos",
        opened="2 Mar 2026, 8:00",
        counted="2 Mar 2026, 16:10",
        currency="PEN",
        lines=(
            Line("float", 1, 10_000, 10_000),
            Line("cash", 16, 20_453, 20_480),
            Line("card", 10, 20_495, 0),
            Line("withdrawal", 2, 5_000, -5_000),
            Line("refund", 1, 500, -500),
        ),
        rounding_minor=27,
        expected_minor=24_980,
        counted_minor=24_880,
        difference_minor=-100,
        reason="A coin rolled away",
        approver="Carla Paz",
        state="closed",
    )
    return cash.arqueo_slip(report, "en")


PAPERS = {
    "receipt": receipt_slip,
    "voucher": voucher_slip,
    "certificate": certificate_slip,
    "arqueo": arqueo_slip,
}
CASES = [(name, profile) for name in PAPERS for profile in ("58mm", "80mm")]


@pytest.mark.parametrize(("name", "profile"), CASES)
def test_a_paper_is_exactly_the_bytes_on_record(name: str, profile: str) -> None:
    file = GOLDEN / f"{name}-en-{profile}.bin"

    data = render(PAPERS[name](), PROFILES[profile])

    if os.environ.get("UPDATE_GOLDEN"):
        file.write_bytes(data)
    assert data == file.read_bytes()


@pytest.mark.parametrize(("name", "profile"), CASES)
def test_the_bytes_on_record_read_back_as_what_people_need(name: str, profile: str) -> None:
    kind = PROFILES[profile]
    reading = read((GOLDEN / f"{name}-en-{profile}.bin").read_bytes(), kind.dots)
    flat = " ".join(reading.text.split())
    needed = {
        "receipt": ("SIMULATED", "caja-1-00000042", "TOTAL PEN150.50", "7KQ2-M4XP-9TDA"),
        "voucher": ("7KQ2 M4XP", "To pay PEN150.50", "This is not a receipt."),
        "certificate": ("40213377 owes nothing", "7KQ2-M4XP-9TDA", "Valid until 1 Apr 2026"),
        "arqueo": ("Ana Ríos", "Difference -PEN1.00", "A coin rolled away", "Carla Paz"),
    }
    assert reading.unknown == []
    for text in (CITY, *needed[name]):
        assert text in flat
    assert len(reading.cuts) == 1
    codes = [code.data for code in reading.codes]
    assert len(codes) == (0 if name == "arqueo" else 1)
    if name == "certificate":
        assert codes[0].startswith(f"{BASE}/v/7KQ2M4XP9TDA#TC1.")
        assert reading.codes[0].dots >= 3
