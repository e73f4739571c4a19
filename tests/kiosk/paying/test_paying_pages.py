"""Paying without scripts: every refusal has a calm screen, and nobody is charged twice."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from tests.kiosk.lobby import FIELD, Kiosk, Lobbies, Lobby, said, token_of
from tests.kiosk.paying.conftest import WITH_MONEY
from werkzeug.test import TestResponse

from turnero_core import clock as now_source
from turnero_core.errors import Unavailable
from turnero_hardware.models import PrintJob
from turnero_kiosk.paying import debts
from turnero_queue import certificates, models, receipts
from turnero_queue.connectors import Debt, DebtsUnavailable, NonsenseAnswer, demo
from turnero_queue.devices import Guesses
from turnero_queue.models import Payment
from turnero_queue.payments import moves, paying

ROSA, NOBODY = "12345678", "87654321"
OPEN = re.compile(r'action="([^"]*/pay/open/[^"]+)"')


@pytest.fixture
def lobby(clock: time_machine.Traveller, lobbies: Lobbies) -> Lobby:
    """The lobby on a Monday morning; its bank is not there."""
    return lobbies.open(WITH_MONEY)


@pytest.fixture
def kiosk(lobby: Lobby) -> Kiosk:
    found = lobby.kiosk()
    found.get()
    return found


def look_up(kiosk: Kiosk, number: str, **more: Any) -> TestResponse:
    return send(kiosk, kiosk.get("/pay/debts/rentas"), number=number, **more)


def send(kiosk: Kiosk, page: TestResponse, action: str = "", **fields: Any) -> TestResponse:
    """Send the form of a page whose action ends so."""
    for form in re.findall(r"<form.*?</form>", page.text, re.DOTALL):
        where = re.search(r'action="([^"]*)"', form)
        if where and where[1].endswith(action):
            data = {**dict(FIELD.findall(form)), **fields}
            return kiosk.client.post(where[1], data=data, follow_redirects=True)
    raise AssertionError(f"no form {action!r} in {page.text}")


def token_in(page: TestResponse) -> dict[str, str]:
    """What proves that a form was on the screen of this browser."""
    return {"csrf_token": dict(FIELD.findall(page.text))["csrf_token"]}


def choose(kiosk: Kiosk, page: TestResponse) -> TestResponse:
    """Pay all that is owed: the screen of ways."""
    words = re.findall(r'name="shown" value="(\w+)"', page.text)
    return send(kiosk, page, "/pay/owed", shown=words, debt=words, go="pay")


def payments(lobby: Lobby) -> list[Payment]:
    with lobby.database.read() as session:
        return list(session.scalars(select(Payment).order_by(Payment.created_at)))


def approve(lobby: Lobby, payment: Payment) -> None:
    """The money came, at the cash desk or from the bank."""
    with lobby.database.write() as session:
        held = moves.hold(session, payment.id)
        paying.approve(session, held, "staff:ana", now_source.now())


def voucher(kiosk: Kiosk, number: str = ROSA) -> TestResponse:
    """A whole visit up to the slip for the cash desk."""
    return send(kiosk, choose(kiosk, look_up(kiosk, number)), "/pay/how", method="cash")


def test_debts_are_listed_with_what_one_needs_to_know(kiosk: Kiosk) -> None:
    page = look_up(kiosk, "12.345.678")
    assert page.status_code == 200
    assert page.text.count('name="debt"') == 2
    for words in ("2026-2", "S/\xa0230.35", "S/\xa047.60", "S/\xa0277.95"):
        assert words in page.text
    assert page.request.path == "/kiosk/centro/pay/owed", "the address tells nobody's number"


@pytest.mark.parametrize("typed", ["", "12", "<script>", "0" * 41, "1234 5678 ñ"])
def test_what_cannot_be_a_number_is_asked_again(kiosk: Kiosk, lobby: Lobby, typed: str) -> None:
    page = look_up(kiosk, typed)
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text
    assert "<script>" not in page.text.split("<main", 1)[1]


def test_whoever_owes_nothing_is_told_so_and_may_be_certified(kiosk: Kiosk) -> None:
    page = look_up(kiosk, NOBODY)
    assert said("You owe nothing") in page.text
    shown = send(kiosk, page, "/certificate/no_debt")
    assert 'data-screen="certificate"' in shown.text


@pytest.mark.parametrize(
    "problem", [DebtsUnavailable("it is slow"), NonsenseAnswer("it said minus one")]
)
def test_a_system_that_is_down_or_talks_nonsense_has_a_calm_screen(
    kiosk: Kiosk, lobby: Lobby, monkeypatch: pytest.MonkeyPatch, problem: Unavailable
) -> None:
    def fail(*_: object) -> list[Debt]:
        raise problem

    monkeypatch.setattr(demo.DemoDebts, "lookup", fail)
    for path, action in (("/pay/debts/rentas", "rentas"), ("/certificate/no_debt", "no_debt")):
        page = send(kiosk, kiosk.get(path), action, number=ROSA)
        assert page.status_code == 503
        assert said("We cannot see this at the moment") in page.text
        assert said("Nothing was charged.") in page.text
        assert ROSA not in page.text
        assert "slow" not in page.text
    assert payments(lobby) == []


def test_a_browser_that_goes_through_numbers_is_stopped(
    kiosk: Kiosk, lobby: Lobby, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(debts, "questions", Guesses(most=2, window_s=600))
    for number in ("11111111", "22222222"):
        assert look_up(kiosk, number).status_code == 200
    page = look_up(kiosk, ROSA)
    assert page.status_code == 429
    assert said("Please wait a moment") in page.text
    assert "277.95" not in page.text
    page = send(kiosk, kiosk.get("/certificate/no_debt"), "no_debt", number=NOBODY)
    assert page.status_code == 429


def test_six_debts_are_on_a_screen_and_what_is_taken_off_stays_off(
    kiosk: Kiosk, lobby: Lobby, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [Debt(f"D-{n}", f"Arbitrio {n}", "2026", None, 1_000, "PEN", n != 13) for n in range(14)]
    monkeypatch.setattr(demo.DemoDebts, "lookup", lambda *_: list(many))
    first = look_up(kiosk, ROSA)
    assert first.text.count('name="debt"') == 6
    assert "S/\xa0130.00" in first.text
    words = re.findall(r'name="shown" value="(\w+)"', first.text)
    second = send(kiosk, first, "/pay/owed", shown=words, debt=words[2:], go="2")
    assert second.text.count('name="debt"') == 6
    assert "S/\xa0110.00" in second.text
    last = send(kiosk, second, "/pay/owed", **both(second), go="3")
    assert last.text.count('name="debt"') == 1
    assert said("Ask at the cash desk") in last.text, "one cannot be paid here"
    ways = send(kiosk, last, "/pay/owed", **both(last), go="pay")
    send(kiosk, ways, "/pay/how", method="cash")
    assert [payment.amount_minor for payment in payments(lobby)] == [11_000]


def both(page: TestResponse) -> dict[str, list[str]]:
    """All that a screen shows stays chosen."""
    words = re.findall(r'name="shown" value="(\w+)"', page.text)
    return {"shown": words, "debt": words}


def test_the_same_button_sent_twenty_times_is_one_payment(kiosk: Kiosk, lobby: Lobby) -> None:
    ways = choose(kiosk, look_up(kiosk, ROSA))
    pages = [send(kiosk, ways, "/pay/how", method=m) for m in ("cash", "qr") * 10]
    [payment] = payments(lobby)
    assert payment.method == "cash"
    assert {page.request.path for page in pages} == {pages[0].request.path}
    assert [job.kind for job in lobby.jobs()] == ["voucher"]


def test_the_slip_for_the_cash_desk_shows_its_code(kiosk: Kiosk, lobby: Lobby) -> None:
    page = voucher(kiosk)
    [payment] = payments(lobby)
    assert payment.voucher
    assert f"{payment.voucher[:4]} {payment.voucher[4:]}" in page.text
    assert (payment.origin, payment.point_of_sale) == ("kiosk", "centro")
    assert payment.payer_document == ROSA


def test_an_old_form_or_another_amount_charges_nobody(kiosk: Kiosk, lobby: Lobby) -> None:
    ways = choose(kiosk, look_up(kiosk, ROSA))
    kiosk.get()
    assert send(kiosk, ways, "/pay/how", method="cash").status_code == 404
    ways = choose(kiosk, look_up(kiosk, ROSA))
    page = send(kiosk, ways, "/pay/how", method="cash", total="1")
    assert said("What is owed has changed meanwhile. Nothing was charged.") in page.text
    page = send(kiosk, ways, "/pay/how", method="cash", key="of another visit")
    assert page.status_code == 409
    assert payments(lobby) == []


def test_a_way_of_paying_that_is_not_offered_charges_nobody(kiosk: Kiosk, lobby: Lobby) -> None:
    ways = choose(kiosk, look_up(kiosk, ROSA))
    page = send(kiosk, ways, "/pay/how", method="gold")
    assert page.status_code == 409
    assert said("This is not possible here") in page.text
    assert payments(lobby) == []


def test_when_the_bank_is_gone_people_are_told_not_to_pay_again(kiosk: Kiosk, lobby: Lobby) -> None:
    ways = choose(kiosk, look_up(kiosk, ROSA))
    page = send(kiosk, ways, "/pay/how", method="qr")
    assert 'data-screen="paying-unsure"' in page.text
    assert said("We are asking the bank") in page.text
    kiosk.get()
    again = look_up(kiosk, ROSA)
    assert said("We are asking the bank") in again.text
    assert 'value="pay"' not in again.text
    assert len(payments(lobby)) == 1


def test_the_next_visit_sees_nothing_of_the_one_before(kiosk: Kiosk, lobby: Lobby) -> None:
    shown = voucher(kiosk).request.path
    kiosk.get()
    for path in (shown, f"{shown}/now", f"{shown}/mail"):
        answer = kiosk.client.get(path)
        assert (answer.status_code, answer.location) == (302, "/kiosk/centro")
    for path in (f"{shown}/qr.svg", f"{shown}/page.svg", "/kiosk/centro/pay/owed"):
        assert kiosk.client.get(path).status_code == 404
    answer = kiosk.client.post(f"{shown}/cancel", data=token_in(kiosk.get("/pay/debts/rentas")))
    assert (answer.status_code, answer.location) == (302, "/kiosk/centro")
    assert payments(lobby)[0].state == "pending"


def test_after_a_power_cut_this_kiosk_goes_on_and_another_does_not(
    kiosk: Kiosk, lobby: Lobby
) -> None:
    voucher(kiosk)
    kiosk.get()
    page = look_up(kiosk, ROSA)
    assert said("Being paid now") in page.text
    assert OPEN.search(page.text)
    assert 'data-screen="paying-cash"' in send(kiosk, page, payments(lobby)[0].id).text

    elsewhere = lobby.kiosk("norte")
    elsewhere.get()
    page = look_up(elsewhere, ROSA)
    assert said("Being paid now") in page.text
    assert OPEN.search(page.text) is None
    address = f"/kiosk/norte/pay/open/{payments(lobby)[0].id}"
    answer = elsewhere.client.post(address, data=token_in(elsewhere.get("/pay/debts/rentas")))
    assert answer.status_code == 404


def test_a_race_between_two_kiosks_is_told_as_it_is(kiosk: Kiosk, lobby: Lobby) -> None:
    ways = choose(kiosk, look_up(kiosk, ROSA))
    other = lobby.kiosk("norte")
    other.get()
    voucher(other)
    page = send(kiosk, ways, "/pay/how", method="cash")
    assert said("Please look again") in page.text
    assert len(payments(lobby)) == 1


def test_what_is_paid_is_shown_as_paid_and_cannot_be_paid_again(kiosk: Kiosk, lobby: Lobby) -> None:
    page = voucher(kiosk)
    approve(lobby, payments(lobby)[0])
    assert 'data-screen="paying-paid"' in kiosk.client.get(page.request.path).text
    assert 'data-screen="paying-paid"' in kiosk.get("/pay/how", follow_redirects=True).text
    kiosk.get()
    page = look_up(kiosk, ROSA)
    assert page.text.count(said("Paid")) >= 2
    assert 'value="pay"' not in page.text


def test_cancelled_it_may_be_paid_another_way(kiosk: Kiosk, lobby: Lobby) -> None:
    page = send(kiosk, voucher(kiosk), "/cancel")
    assert 'data-screen="paying-ended"' in page.text
    assert said("The payment was cancelled. You were not charged.") in page.text
    ways = kiosk.get("/pay/how")
    send(kiosk, ways, "/pay/how", method="cash")
    assert [payment.state for payment in payments(lobby)] == ["cancelled", "pending"]


def test_the_receipt_goes_to_an_address_once(kiosk: Kiosk, lobby: Lobby) -> None:
    shown = voucher(kiosk).request.path
    approve(lobby, payments(lobby)[0])
    form = kiosk.client.get(f"{shown}/mail")
    assert send(kiosk, form, "/mail", email="rosa at example").status_code == 422
    for _ in range(3):
        page = send(kiosk, form, "/mail", email="rosa@example.com")
        assert said("It is on its way to your e-mail.") in page.text
    with lobby.database.read() as session:
        sent = session.scalars(select(models.Notice)).all()
    assert [notice.kind for notice in sent] == ["receipt"]


def test_whoever_owes_is_shown_what_before_a_certificate(kiosk: Kiosk, lobby: Lobby) -> None:
    page = send(kiosk, kiosk.get("/certificate/no_debt"), "no_debt", number=ROSA)
    assert said("Not yet certified") in page.text
    approve_all(kiosk, lobby, page)
    page = kiosk.client.get(follow(kiosk, lobby))
    shown = send(kiosk, page, "/certificate/no_debt")
    assert 'data-screen="certificate"' in shown.text
    with lobby.database.read() as session:
        [row] = session.scalars(select(models.Certificate)).all()
        kinds = [job.kind for job in session.scalars(select(PrintJob))]
    assert certificates.document_of(row)["subject"] == ROSA
    assert kinds.count("certificate") == 1


def approve_all(kiosk: Kiosk, lobby: Lobby, page: TestResponse) -> None:
    send(kiosk, choose(kiosk, page), "/pay/how", method="cash")
    approve(lobby, payments(lobby)[-1])


def follow(kiosk: Kiosk, lobby: Lobby) -> str:
    """The address of the payment that this visit follows."""
    return kiosk.get("/pay/how", follow_redirects=True).request.path


def test_a_fee_comes_before_its_certificate_and_survives_a_power_cut(
    kiosk: Kiosk, lobby: Lobby
) -> None:
    ways = send(kiosk, kiosk.get("/certificate/cadastre"), "cadastre", number=NOBODY)
    assert 'data-screen="paying-how"' in ways.text
    assert "S/\xa015.00" in ways.text
    send(kiosk, ways, "/pay/how", method="cash")
    approve(lobby, payments(lobby)[0])
    kiosk.get()
    shown = send(kiosk, kiosk.get("/certificate/cadastre"), "cadastre", number=NOBODY)
    assert 'data-screen="certificate"' in shown.text
    assert len(payments(lobby)) == 1
    kiosk.get()
    ways = send(kiosk, kiosk.get("/certificate/cadastre"), "cadastre", number=NOBODY)
    assert 'data-screen="paying-how"' in ways.text, "another certificate costs again"


def test_the_fee_of_a_turn_is_paid_once(kiosk: Kiosk, lobby: Lobby) -> None:
    taken = kiosk.client.get(kiosk.send(kiosk.form("constancia")).location)
    assert token_of(taken.text)
    ways = send(kiosk, taken, "/fee")
    assert "S/\xa015.00" in ways.text
    page = send(kiosk, ways, "/pay/how", method="cash")
    again = send(kiosk, taken, "/fee")
    assert again.request.path == page.request.path
    [payment] = payments(lobby)
    approve(lobby, payment)
    turn = kiosk.client.get(taken.request.path).text
    assert said("The fee is paid.") in turn
    assert "/fee" not in turn


def test_a_turn_that_costs_nothing_offers_no_payment(kiosk: Kiosk) -> None:
    taken = kiosk.client.get(kiosk.send(kiosk.form("rentas")).location)
    assert "/fee" not in taken.text


def test_without_money_configured_nothing_of_it_is_offered(
    clock: time_machine.Traveller, lobbies: Lobbies
) -> None:
    kiosk = lobbies.open().kiosk()
    assert "/kiosk/centro/pay" not in kiosk.get().text
    taken = kiosk.client.get(kiosk.send(kiosk.form("constancia"), how="phone").location)
    assert "/fee" not in taken.text
    assert kiosk.get("/pay/debts/rentas").status_code == 404


def certificate_of(lobby: Lobby, kiosk: Kiosk) -> models.Certificate:
    send(kiosk, kiosk.get("/certificate/no_debt"), "no_debt", number=NOBODY)
    with lobby.database.read() as session:
        return session.scalars(select(models.Certificate)).one()


def test_a_certificate_is_valid_then_expired_and_revoked_says_so(
    kiosk: Kiosk, lobby: Lobby, clock: time_machine.Traveller
) -> None:
    row = certificate_of(lobby, kiosk)
    visitor = lobby.app.test_client()
    page = visitor.get(f"/v/{row.code.lower()}")
    assert page.status_code == 200
    assert "check--ok" in page.text
    assert NOBODY not in page.text
    assert "•••••321" in page.text
    clock.shift(timedelta(days=31))
    assert "check--old" in visitor.get(f"/v/{row.code}").text
    with lobby.database.write() as session:
        found = certificates.find(session, row.code)
        certificates.revoke(session, found, "staff:ana", "a mistake", now_source.now())
    page = visitor.get(f"/v/{row.code}")
    assert "check--bad" in page.text
    assert "a mistake" not in page.text
    assert "ana" not in page.text.split("<main", 1)[1]


def test_one_changed_letter_is_unknown(kiosk: Kiosk, lobby: Lobby) -> None:
    row = certificate_of(lobby, kiosk)
    changed = ("7" if row.code[0] != "7" else "8") + row.code[1:]
    visitor = lobby.app.test_client()
    for code in (changed, "x", "AAAABBBBCCCC", "<b>", row.code + "0"):
        page = visitor.get(f"/v/{code}")
        assert page.status_code == 404
        assert "check--bad" in page.text
        assert "<b>" not in page.text


def test_a_receipt_is_checked_by_its_code_however_it_is_typed(kiosk: Kiosk, lobby: Lobby) -> None:
    voucher(kiosk)
    approve(lobby, payments(lobby)[0])
    with lobby.database.read() as session:
        receipt = receipts.of_payment(session, payments(lobby)[0].id)
    assert receipt is not None
    visitor = lobby.app.test_client()
    typed = "-".join((receipt.code[:4], receipt.code[4:8], receipt.code[8:])).lower()
    page = visitor.get(f"/v?code={typed}", follow_redirects=True)
    assert "check--ok" in page.text
    assert "S/\xa0277.95" in page.text
    assert ROSA not in page.text
    assert "•••••678" in page.text


def test_the_public_keys_verify_what_was_signed(kiosk: Kiosk, lobby: Lobby) -> None:
    row = certificate_of(lobby, kiosk)
    published = lobby.app.test_client().get("/v/keys.json").text
    keys = certificates.read_public(published)
    assert certificates.verify_offline(row.token.encode(), keys).summary.code == row.code
    with pytest.raises(certificates.Forged):
        certificates.verify_offline(row.token.replace("TC1.e", "TC1.f", 1).encode(), keys)


def test_a_payments_page_is_known_by_its_link_alone(kiosk: Kiosk, lobby: Lobby) -> None:
    voucher(kiosk)
    [payment] = payments(lobby)
    phone = lobby.app.test_client()
    assert phone.get(f"/pay/{payment.id}").status_code == 404
    assert phone.get(f"/pay/{payment.public_token}/receipt.pdf").status_code == 404
    assert "data-refresh-url" in phone.get(f"/pay/{payment.public_token}").text
    approve(lobby, payment)
    page = phone.get(f"/pay/{payment.public_token}")
    assert "receipt.pdf" in page.text
    assert ROSA not in page.text
    address = f"/pay/{payment.public_token}/mail"
    form = {**token_in(page), "email": "nobody"}
    assert phone.post(address, data=form).status_code == 422
    sent = phone.post(address, data={**form, "email": "rosa@example.com"})
    assert sent.status_code == 303
    assert phone.post(address, data={"email": "rosa@example.com"}).status_code == 303, "stale"
    with lobby.database.read() as session:
        assert len(session.scalars(select(models.Notice)).all()) == 1
