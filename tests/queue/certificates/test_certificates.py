"""Certificates: after a live check only, verified on- and offline, void with a letter changed."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, text
from tests.queue.connectors.tax_office import RATES, ROSA, TaxOffice, tax_office
from tests.queue.receipts import till
from tests.queue.town import Town

from turnero_core import clock as now_source
from turnero_core.errors import Conflict, Invalid, Unavailable
from turnero_core.i18n import speaking
from turnero_hardware.models import Printer, PrintJob
from turnero_hardware.slip import Qr
from turnero_queue import certificates, surroundings
from turnero_queue.certificates import Forged, keys, printing
from turnero_queue.certificates.paper import attachment
from turnero_queue.connectors import DebtsUnavailable, DocumentOrAccount, connector
from turnero_queue.models import AuditEntry, Certificate, Municipality, Payment
from turnero_queue.payments.starting import Item
from turnero_queue.verification import verify_online

OF_ROSA = DocumentOrAccount("document", ROSA)
NO_DEBT = {
    "code": "no_debt",
    "name": {"es": "Certificado de no adeudo", "en": "Certificate of no debt"},
    "text": {
        "es": "{municipality} certifica que {subject} no adeuda nada al {date}.",
        "en": "{municipality} certifies that {subject} owes nothing on {date}.",
    },
    "connector": "rentas",
    "validity_days": 30,
}
BASE = "https://turnos.example"


@pytest.fixture
def office() -> Iterator[TaxOffice]:
    with tax_office() as found:
        found.answer = {"debts": []}
        yield found


@pytest.fixture
def home(tmp_path: Path, small_town: Town, office: TaxOffice) -> Path:
    """The instance folder of a town whose certificates ask the tax office."""
    surroundings.use(BASE, tmp_path)
    configure(small_town, office)
    return tmp_path


def configure(town: Town, office: TaxOffice, **certificate: Any) -> None:
    with town.database.write() as session:
        session.get_one(Municipality, 1).payments = {
            "connectors": [office.options().to_plain()],
            "certificates": [NO_DEBT | certificate],
        }


def check(town: Town, home: Path) -> certificates.Check:
    with town.database.read() as session:
        kind = certificates.kind(session, "no_debt")
        rentas = connector(session, kind.connector, home)
    return certificates.check(kind, OF_ROSA, rentas, now_source.now())


def issue(
    town: Town,
    home: Path,
    checked: certificates.Check | None = None,
    payment: Payment | None = None,
) -> Certificate:
    checked = checked or check(town, home)
    with town.database.write() as session:
        return certificates.issue(
            session,
            certificates.kind(session, "no_debt"),
            checked,
            town.office(),
            home,
            language="en",
            actor="citizen",
            now=now_source.now(),
            payment=payment,
        )


def state(town: Town, code: str) -> str:
    with town.database.read() as session:
        return verify_online(session, code, now_source.now()).state


def test_nobody_in_debt_gets_a_certificate_that_says_so(small_town: Town, home: Path) -> None:
    issued = issue(small_town, home)
    says = certificates.document_of(issued)
    assert says["text"] == (
        "Municipalidad de San Martín certifies that 40213377 owes nothing on March 2, 2026."
    )
    assert (says["issued_on"], says["valid_until"]) == ("2026-03-02", "2026-04-01")
    with small_town.database.read() as session, speaking("en"):
        verdict = verify_online(session, f" {issued.code.lower()} ", now_source.now())
        query = select(AuditEntry).where(AuditEntry.subject == f"certificate:{issued.code}")
        entry = session.scalars(query).one()
    assert (verdict.state, verdict.title) == ("valid", "Certificate of no debt")
    assert "•••••377 owes nothing" in verdict.text
    assert ROSA not in repr(verdict)
    assert entry.action == "certificate.issue"


def test_the_check_is_live_even_when_the_answer_is_remembered(
    small_town: Town, home: Path, office: TaxOffice
) -> None:
    with small_town.database.read() as session:
        rentas = connector(session, "rentas", home)
    assert rentas.lookup(OF_ROSA) == []
    office.answer = {"debts": [RATES]}
    assert rentas.lookup(OF_ROSA) == []
    with pytest.raises(Conflict) as refused:
        issue(small_town, home)
    assert (refused.value.slug, refused.value.extra) == (
        "debts-outstanding",
        {"debts": ["A-17-03"]},
    )
    office.status = 500
    with pytest.raises(DebtsUnavailable):
        issue(small_town, home)
    with small_town.database.read() as session:
        assert session.scalars(select(Certificate)).all() == []


def test_a_debt_paid_here_a_moment_ago_counts_as_paid_until_it_goes_back(
    small_town: Town, home: Path, office: TaxOffice
) -> None:
    office.answer = {"debts": [RATES]}
    checked = check(small_town, home)
    with small_town.database.write() as session:
        till.pay(small_town, session, till.LIGHT)
    assert issue(small_town, home, checked).code
    office.answer = {"debts": [RATES, RATES | {"id": "A-17-04"}]}
    with pytest.raises(Conflict) as refused:
        issue_anew(small_town, home)
    assert refused.value.extra == {"debts": ["A-17-04"]}


def issue_anew(town: Town, home: Path) -> Certificate:
    """As somebody else's, so that the double tap's answer is not given."""
    with town.database.write() as session:
        for row in session.scalars(select(Certificate)):
            row.subject_digest = "0" * 64
    return issue(town, home)


def test_a_second_tap_gives_the_same_certificate_and_an_old_check_none(
    small_town: Town, home: Path, clock: time_machine.Traveller
) -> None:
    checked = check(small_town, home)
    first = issue(small_town, home, checked)
    assert issue(small_town, home, checked).code == first.code
    clock.shift(timedelta(minutes=3))
    with pytest.raises(Conflict) as refused:
        issue(small_town, home, checked)
    assert refused.value.slug == "check-too-old"
    assert issue(small_town, home).code != first.code


def test_a_fee_is_paid_first_and_for_one_certificate_only(
    small_town: Town, home: Path, office: TaxOffice
) -> None:
    configure(small_town, office, fee="5.00")
    with pytest.raises(Conflict) as refused:
        issue(small_town, home)
    assert refused.value.slug == "fee-not-paid"
    fee = Item({"es": "Certificado"}, 500)
    with small_town.database.write() as session:
        kind = certificates.kind(session, "no_debt")
        assert kind.fee_minor == 500
        mine = certificates.new_errand(kind, OF_ROSA)
        luis = certificates.new_errand(kind, DocumentOrAccount("document", "10457788"))
        of_luis = till.pay(small_town, session, fee, errand=luis)
        too_little = till.pay(small_town, session, Item({"es": "x"}, 499), errand=mine)
        waiting = till.start(
            small_town, session, fee, errand=certificates.new_errand(kind, OF_ROSA)
        )
        good = till.pay(small_town, session, fee, errand=certificates.new_errand(kind, OF_ROSA))
    for payment in (of_luis, too_little, waiting):
        with pytest.raises(Conflict) as refused:
            issue(small_town, home, payment=payment)
        assert refused.value.slug == "fee-not-paid"
    first = issue(small_town, home, payment=good)
    assert issue(small_town, home, payment=good).code == first.code
    assert ROSA not in mine.id


def test_a_revoked_or_expired_certificate_says_so(
    small_town: Town, home: Path, clock: time_machine.Traveller
) -> None:
    issued = issue(small_town, home)
    with small_town.database.write() as session:
        row = certificates.find(session, issued.code)
        with pytest.raises(Invalid):
            certificates.revoke(session, row, "staff:ana", " ", now_source.now())
        certificates.revoke(session, row, "staff:ana", "issued in error", now_source.now())
        with pytest.raises(Conflict):
            certificates.revoke(session, row, "staff:ana", "again", now_source.now())
    assert state(small_town, issued.code) == "revoked"
    with small_town.database.read() as session:
        entry = session.scalars(
            select(AuditEntry).where(
                AuditEntry.action == "certificate.revoke",
                AuditEntry.subject == f"certificate:{issued.code}",
            )
        ).one()
        assert (entry.reason, entry.actor) == ("issued in error", "staff:ana")
    other = issue(small_town, home)
    clock.shift(timedelta(days=30))
    assert state(small_town, other.code) == "valid"
    clock.shift(timedelta(days=1))
    assert state(small_town, other.code) == "expired"


def test_it_verifies_offline_from_the_paper_the_pdf_and_the_document(
    small_town: Town, home: Path
) -> None:
    issued = issue(small_town, home)
    public = certificates.read_public(json.dumps(certificates.published(home)))
    slip = certificates.certificate_slip(issued, BASE)
    [code] = [block.data for block in slip.blocks if isinstance(block, Qr)]
    assert code.startswith(f"{BASE}/v/{issued.code}#TC1.")
    pdf = certificates.certificate_pdf(issued, BASE, home)
    for given in (code.encode(), issued.token.encode(), pdf, attachment(issued).encode()):
        checked = certificates.verify_offline(given, public)
        assert (checked.summary.code, checked.summary.subject) == (issued.code, ROSA)
    whole = certificates.verify_offline(pdf, public).document
    assert whole == certificates.document_of(issued)


def test_one_changed_letter_makes_it_fail_everywhere(small_town: Town, home: Path) -> None:
    issued = issue(small_town, home)
    public = certificates.public_keys(home)
    pdf = certificates.certificate_pdf(issued, BASE, home)
    document = attachment(issued).encode()
    token = issued.token.encode()
    for given, step in ((token, 1), (document, 3), (pdf, max(1, len(pdf) // 200))):
        for place in range(4, len(given) - 1, step):
            changed = bytearray(given)
            changed[place] = ord("B") if changed[place] == ord("A") else ord("A")
            with pytest.raises(Forged):
                certificates.verify_offline(bytes(changed), public)
    elsewhere = f"{BASE}/v/{issued.code[::-1]}#{issued.token}".encode()
    bare = (b"x" + token, b"", b"hello", b"%PDF-1.3 " + token)
    for given in (elsewhere, pdf[:-2], pdf + b"x", *bare):
        with pytest.raises(Forged):
            certificates.verify_offline(given, public)


def test_another_citys_key_does_not_do(small_town: Town, home: Path, tmp_path: Path) -> None:
    issued = issue(small_town, home)
    other = tmp_path / "other"
    certificates.signing_key(other)
    with pytest.raises(Forged):
        certificates.verify_offline(issued.token.encode(), certificates.public_keys(other))


def test_the_key_is_private_made_once_and_old_ones_still_verify(
    small_town: Town, home: Path
) -> None:
    issued = issue(small_town, home)
    [file] = (home / "certificate_keys").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert (home / "certificate_keys").stat().st_mode & 0o777 == 0o700
    first, _ = certificates.signing_key(home)
    assert certificates.signing_key(home)[0] == first
    certificates.signing_key(home / "next")
    newer = home / "next" / "certificate_keys" / "0001.pem"
    newer.rename(home / "certificate_keys" / "0002.pem")
    assert certificates.signing_key(home)[0] != first
    both = certificates.published(home)
    assert len(both["keys"]) == 2
    assert "PRIVATE" not in json.dumps(both)
    certificates.verify_offline(issued.token.encode(), certificates.read_public(json.dumps(both)))
    (home / "certificate_keys" / "0003.pem").write_text("not a key")
    with pytest.raises(Unavailable):
        certificates.signing_key(home)


def test_a_public_key_is_read_in_every_form_it_is_given(home: Path) -> None:
    from cryptography.hazmat.primitives import serialization

    name, private = certificates.signing_key(home)
    public = private.public_key()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    for given in (pem.decode(), keys.to_text(keys.raw(public)) + "\n"):
        assert set(certificates.read_public(given)) == {name}
    for bad in ("", "{}", "abc", '{"keys": [{"x": 1}]}', "-----BEGIN PUBLIC KEY-----\nx"):
        with pytest.raises(Invalid):
            certificates.read_public(bad)


def test_whom_it_is_about_is_sealed_in_the_database_and_not_left_in_the_printers_queue(
    small_town: Town, home: Path
) -> None:
    issued = issue(small_town, home)
    now = now_source.now()
    with small_town.database.write() as session:
        hall = Printer(code="h", name="H", uri="virtual://tray", office_id=small_town.office().id)
        session.add(hall)
        session.flush()
        job = certificates.print_certificate(session, issued, hall, now)
        assert certificates.print_certificate(session, issued, hall, now).id == job.id
        assert ROSA in repr(job.slip)
        assert printing.forget_printed(session, now) == 0
        job.state, job.printed_at = "printed", now
        assert printing.forget_printed(session, now) == 1
        assert printing.forget_printed(session, now) == 0
        with pytest.raises(Invalid):
            certificates.reprint(session, issued, hall, "staff:ana", now, reason="")
        again = certificates.reprint(session, issued, hall, "staff:ana", now, reason="wet")
        assert again.copy
        assert ROSA in repr(again.slip)
        session.delete(again)
        session.flush()
        raw = repr(session.execute(text("SELECT * FROM certificate")).all())
        raw += repr(session.scalars(select(PrintJob.slip)).all())
    assert ROSA not in raw
