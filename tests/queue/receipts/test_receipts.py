"""What a receipt says, where it goes, and what may be done with it later."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from tests.queue.receipts import till
from tests.queue.town import Town

from turnero_core import clock
from turnero_core.errors import Invalid
from turnero_core.i18n import speaking
from turnero_hardware.models import Printer, PrintJob
from turnero_hardware.slip import Pair, Qr, Text
from turnero_queue import audit, receipts, surroundings
from turnero_queue.models import AuditEntry, Device, Notice, Payment, Receipt
from turnero_queue.notices.message import Message, mime
from turnero_queue.notices.sender import Sender
from turnero_queue.notices.settings import from_stored
from turnero_queue.payments import moves, refunds
from turnero_queue.receipts.words import in_words
from turnero_queue.verification import verify_online


@pytest.fixture(autouse=True)
def at_home(small_town: Town) -> None:
    settings = small_town.app.extensions["turnero"].settings
    surroundings.use("https://turnos.example", settings.instance)


def receipt_of(town: Town, *items: Any, **kwargs: Any) -> Receipt:
    with town.database.write() as session:
        payment = till.pay(town, session, *items, **kwargs)
        found = receipts.of_payment(session, payment.id)
        assert found is not None
        return found


def printer(town: Town) -> None:
    with town.database.write() as session:
        session.add(
            Printer(code="hall", name="Hall", uri="virtual://tray", office_id=town.office().id)
        )


def lines(receipt: Receipt) -> str:
    blocks = receipts.receipt_slip(receipt, "https://turnos.example").blocks
    said = []
    for block in blocks:
        if isinstance(block, Pair):
            said.append(f"{block.label}: {block.value}")
        elif isinstance(block, Text):
            said.append(block.text)
        elif isinstance(block, Qr):
            said.append(block.data)
    return "\n".join(said).replace("\xa0", " ")


def test_a_receipt_says_what_was_paid_and_marks_what_was_only_simulated(
    small_town: Town,
) -> None:
    receipt = receipt_of(small_town, till.LIGHT, till.PARKS, payer=till.ROSA, language="en")
    said = lines(receipt)
    for part in (
        "Municipalidad de San Martín",
        "centro-00000001",
        "Rates of March: PEN120.50",
        "2 x Parks: PEN30.00",
        "TOTAL: PEN150.50",
        "One hundred and fifty and 50/100 Peruvian soles",
        "Date: 2 Mar 2026, 9:05",
        "Document: •••••377",
        f"https://turnos.example/v/{receipt.code}",
        "SIMULATED",
    ):
        assert part in said
    assert "Rosa" not in said
    assert "40213377" not in said


def test_what_is_real_is_not_marked(small_town: Town) -> None:
    with small_town.database.write() as session:
        payment = till.start(small_town, session, how=till.CASH, language="en")
        from turnero_queue.payments import paying

        paying.approve_in_cash(session, payment, "staff:ana", clock.now())
        receipt = receipts.of_payment(session, payment.id)
    assert receipt is not None
    assert "SIMULATED" not in lines(receipt)
    assert "Paid by: Cash desk" in lines(receipt)


def test_a_receipt_stays_as_it_was_when_names_change(small_town: Town) -> None:
    receipt = receipt_of(small_town, language="en")
    before = lines(receipt)
    small_town.configure(Municipality={"name": "Otra ciudad"})
    with small_town.database.read() as session:
        again = session.get_one(Receipt, receipt.id)
    assert lines(again) == before


def test_personal_data_is_sealed_in_the_database(small_town: Town) -> None:
    receipt_of(small_town, payer=till.ROSA)
    with small_town.database.read() as session:
        raw = json.dumps([list(row) for row in session.execute(text("SELECT * FROM receipt"))])
        slips = json.dumps(session.scalars(select(PrintJob.slip)).all())
    for secret in ("Rosa", "40213377", "correo.example"):
        assert secret not in raw + slips


def test_what_is_paid_at_a_kiosk_prints_there_once_with_the_approval(small_town: Town) -> None:
    printer(small_town)
    receipt = receipt_of(small_town)
    on_the_web = receipt_of(small_town, origin="web")
    with small_town.database.write() as session:
        jobs = session.scalars(select(PrintJob)).all()
        assert [(job.kind, job.subject_id, job.copy) for job in jobs] == [
            ("receipt", receipt.id, False)
        ]
        place = session.scalars(select(Printer)).one()
        assert receipts.print_receipt(session, receipt, place, clock.now()).id == jobs[0].id
        first = receipts.print_receipt(session, on_the_web, place, clock.now())
        assert first.subject_id == on_the_web.id


def test_a_kiosk_with_a_printer_of_its_own_prints_there(small_town: Town) -> None:
    printer(small_town)
    with small_town.database.write() as session:
        office = small_town.office().id
        session.add(Printer(code="zz", name="Z", uri="virtual://z", office_id=office))
        session.add(
            Device(
                code="kiosk-9",
                kind="kiosk",
                name="K",
                office_id=office,
                settings={"printer": "zz"},
                created_at=clock.now(),
            )
        )
    receipt_of(small_town, device="kiosk-9")
    with small_town.database.read() as session:
        job = session.scalars(select(PrintJob)).one()
        assert session.get_one(Printer, job.printer_id).code == "zz"


def test_a_reprint_is_a_copy_with_a_reason_in_the_audit_log(small_town: Town) -> None:
    printer(small_town)
    receipt = receipt_of(small_town)
    now = clock.now()
    with small_town.database.write() as session:
        with pytest.raises(Invalid):
            receipts.reprint(session, receipt, None, "staff:ana", now, reason="  ")
        job = receipts.reprint(session, receipt, None, "staff:ana", now, reason="se  perdió")
        assert job.copy
    with small_town.database.read() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "receipt.reprint")
        ).one()
        assert (entry.subject, entry.reason) == ("receipt:centro-00000001", "se perdió")
        assert audit.verify(session).whole


def test_a_receipt_is_mailed_once_to_whoever_left_an_address(small_town: Town) -> None:
    receipt = receipt_of(small_town, payer=till.ROSA, language="en")
    receipt_of(small_town)
    with small_town.database.write() as session:
        notice = session.scalars(select(Notice)).one()
        assert (notice.kind, notice.address, notice.subject_id) == (
            "receipt",
            "rosa@correo.example",
            receipt.id,
        )
        data = json.loads(notice.data or "")
        assert data["receipt_url"] == f"https://turnos.example/v/{receipt.code}"
        key = f"receipt:{receipt.id}"
        assert not receipts.mail(session, receipt, "otra@correo.example", clock.now(), key=key)


def test_the_mail_brings_the_receipt_as_pdf(small_town: Town, tmp_path: Path) -> None:
    receipt_of(small_town, payer=till.ROSA)
    sent: list[Message] = []

    class Postbox:
        def send(self, message: Message) -> str:
            sent.append(message)
            return "1"

    chosen = from_stored({"email": {"provider": "console"}})
    sender = Sender(small_town.database, tmp_path, provider_for=lambda *_: Postbox(), always=chosen)
    assert sender.run_once() == 1
    [attachment] = sent[0].attachments
    assert attachment.name == "centro-00000001.pdf"
    assert attachment.content.startswith(b"%PDF-")
    assert mime(sent[0]).as_bytes()


def test_a_refund_leaves_a_credit_note_that_names_its_receipt(small_town: Town) -> None:
    with small_town.database.write() as session:
        payment = till.pay(small_town, session, language="en")
        for amount, key in ((550, "a"), (1_000, "b")):
            held = moves.hold(session, payment.id)
            refund = refunds.ask(session, held, amount, "wrong fee", "staff:ana", key, clock.now())
            refunds.settle(session, held, refund.id, clock.now(), done=True)
            refunds.settle(session, held, refund.id, clock.now(), done=True)
        receipt = receipts.of_payment(session, payment.id)
        assert receipt is not None
        notes = receipts.credit_notes(session, receipt)
        assert [(note.number, note.amount_minor) for note in notes] == [(1, 550), (2, 1_000)]
        said = lines(notes[0])
        assert "Refund of receipt centro-00000001: PEN5.50" in said
        assert "Reason: wrong fee" in said
        with speaking("en"):
            verdict = verify_online(session, receipt.code, clock.now())
            note = verify_online(session, notes[0].code, clock.now())
        assert verdict.state == "revoked"
        assert ("Given back", "PEN15.50") in verdict.facts
        assert (note.state, note.title) == ("valid", "CREDIT NOTE")


def test_the_public_page_tells_no_more_than_the_paper(small_town: Town) -> None:
    receipt = receipt_of(small_town, till.LIGHT, payer=till.ROSA)
    with small_town.database.read() as session, speaking("en"):
        verdict = verify_online(session, receipt.code.lower(), clock.now())
        assert verdict.state == "valid"
        assert verdict.simulated
        assert "Rosa" not in repr(verdict)
        assert "377" not in repr(verdict)
        swapped = ("A" if receipt.code[0] != "A" else "B") + receipt.code[1:]
        assert verify_online(session, swapped, clock.now()).state == "unknown"
        assert verify_online(session, "'; --", clock.now()).state == "unknown"


def test_the_pdf_has_the_whole_receipt_and_always_the_same_bytes(small_town: Town) -> None:
    receipt = receipt_of(small_town, till.LIGHT, payer=till.ROSA)
    first = receipts.receipt_pdf(receipt, "https://turnos.example")
    assert first.startswith(b"%PDF-")
    assert first == receipts.receipt_pdf(receipt, "https://turnos.example")
    copy = receipts.receipt_pdf(receipt, "https://turnos.example", copy=True)
    assert copy != first
    assert len(first) < 120_000


@pytest.mark.parametrize(
    ("minor", "currency", "language", "words"),
    [
        (1_550, "PEN", "en", "Fifteen and 50/100 Peruvian soles"),
        (100, "PEN", "en", "One and 00/100 Peruvian sol"),
        (50, "USD", "en", "Zero and 50/100 US dollars"),
        (21_000_000, "PYG", "en", "Twenty-one million Paraguayan guaranis"),
        (1_500, "KWD", "en", "One and 500/1000 Kuwaiti dinar"),
    ],
)
def test_amounts_in_words(minor: int, currency: str, language: str, words: str) -> None:
    assert in_words(minor, currency, language) == words


@pytest.mark.parametrize(
    ("minor", "currency", "language", "part"),
    [
        (121_050, "PEN", "es", "Mil doscientos diez"),
        (21, "PYG", "es", "Veintiún guaraníes"),
        (31, "PYG", "es", "Treinta y un guaraníes"),
        (2_000_000, "PYG", "es", "Dos millones de guaraníes"),
        (2_001_000, "PYG", "es", "Dos millones mil guaraníes"),
        (12_345, "BRL", "pt", "Cento e vinte e três"),
        (1_000_000, "CLP", "pt", "Um milhão de pesos chilenos"),
    ],
)
def test_amounts_are_said_as_people_say_them(
    minor: int, currency: str, language: str, part: str
) -> None:
    assert in_words(minor, currency, language).startswith(part)


def test_a_voucher_is_printed_once_and_is_no_receipt(small_town: Town) -> None:
    printer(small_town)
    with small_town.database.write() as session:
        payment = till.start(small_town, session, till.LIGHT, how=till.CASH, language="en")
        place = session.scalars(select(Printer)).one()
        job = receipts.print_voucher(session, payment, place, clock.now())
        assert receipts.print_voucher(session, payment, place, clock.now()).id == job.id
        assert session.scalars(select(Receipt)).all() == []
        assert session.get_one(Payment, payment.id).voucher in repr(job.slip)
        assert "This is not a receipt." in repr(job.slip)
