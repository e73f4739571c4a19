"""The cashier's pages without a browser: what is refused, sent twice, or somebody else's."""

import pytest
from sqlalchemy import func, select
from tests.admin import tills
from tests.admin.cityhall import Browser, CityHall

from turnero_admin import amounts
from turnero_admin.cash import coins
from turnero_core.errors import Invalid
from turnero_hardware.models import PrintJob
from turnero_queue.connectors.demo import NO_ANSWER, TWO_DEBTS
from turnero_queue.models import Payment


@pytest.fixture(autouse=True)
def people(hall: CityHall) -> None:
    tills.employ(hall)


def words(browser: Browser, path: str) -> str:
    answer = browser.get(path, follow_redirects=True)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_voucher_is_found_paid_once_and_its_receipt_printed(hall: CityHall) -> None:
    till, payment = tills.open_till(hall), tills.voucher(hall, 1_554)
    code = str(payment.voucher)
    found = till.get(f"/admin/cash/find?code={code[:4].lower()}-{code[4:]}")
    assert found.location == f"/admin/cash/pay/{payment.id}"
    page = words(till, found.location)
    assert "15,50" in page
    assert "rounded" in page
    form = tills.form(tendered="20")
    for _ in range(2):
        done = till.post(f"/admin/cash/pay/{payment.id}/cash", form)
        assert done.status_code == 303
    assert "4,50" in words(till, done.location)
    taken = [one for one in tills.movements(hall) if one.kind == "cash"]
    assert [(one.amount_minor, one.drawer_minor, one.change_minor) for one in taken] == [
        (1_554, 1_550, 450)
    ]
    assert [paper.number for paper in tills.receipts(hall)] == [1]
    with hall.database.read() as session:
        kinds = session.scalars(select(PrintJob.kind)).all()
    assert sorted(kinds) == ["drawer", "receipt"]
    again = till.post(f"/admin/cash/pay/{payment.id}/cash", tills.form(tendered="50"))
    assert again.status_code == 303
    assert len(tills.movements(hall)) == 2
    assert "do not take money again" in words(till, f"/admin/cash/pay/{payment.id}")


def test_too_little_money_and_words_for_amounts_are_refused_beside_the_field(
    hall: CityHall,
) -> None:
    till, payment = tills.open_till(hall), tills.voucher(hall)
    for text, why in (
        ("15", "less than what is to be paid"),
        ("-20", "negative"),
        ("veinte", "Write the amount like"),
        ("20.005", "2 decimals"),
        ("1.000", "2 decimals"),
        ("9" * 17, "more than can be charged"),
        ("", "Write an amount"),
    ):
        answer = till.post(f"/admin/cash/pay/{payment.id}/cash", tills.form(tendered=text))
        assert (answer.status_code, why in answer.get_data(as_text=True)) == (422, True), text
    assert [one.kind for one in tills.movements(hall)] == ["float"]


def test_a_card_needs_the_number_of_its_slip_and_leaves_the_drawer_alone(hall: CityHall) -> None:
    till, payment = tills.open_till(hall), tills.voucher(hall, 1_554)
    where = f"/admin/cash/pay/{payment.id}/card"
    assert till.post(where, tills.form(reason=" ")).status_code == 422
    assert till.post(where, tills.form(reason="007731")).status_code == 303
    last = tills.movements(hall)[-1]
    assert (last.kind, last.amount_minor, last.drawer_minor, last.reason) == (
        "card",
        1_554,
        0,
        "007731",
    )


def test_a_withdrawal_sent_twice_is_one_and_another_form_with_its_key_is_none(
    hall: CityHall,
) -> None:
    till = tills.open_till(hall)
    form = tills.form(amount="30,50", reason="to the safe")
    first = till.post("/admin/cash/withdraw", form)
    assert till.post("/admin/cash/withdraw", form).location == first.location
    other = till.post("/admin/cash/withdraw", {**form, "amount": "10"}, follow_redirects=True)
    assert "sent before" in other.get_data(as_text=True)
    assert [one.drawer_minor for one in tills.movements(hall)] == [10_000, -3_050]
    too_much = till.post("/admin/cash/withdraw", tills.form(amount="69.60", reason="x"))
    assert too_much.status_code == 422
    assert "69,50" not in too_much.get_data(as_text=True)
    assert till.post("/admin/cash/withdraw", tills.form(amount="1", reason="")).status_code == 422
    assert till.post("/admin/cash/withdraw", {"amount": "1", "reason": "x"}).status_code == 422
    assert len(tills.movements(hall)) == 2
    assert [entry.reason for entry in tills.noted(hall, "cash.withdrawal")] == ["to the safe"]


def test_the_count_is_blind_and_its_difference_needs_words_and_a_second_person(
    hall: CityHall,
) -> None:
    till = tills.open_till(hall, **{"float": "", "piece-5000": "1", "other-value-1": "25",
                                    "other-many-1": "2"})  # fmt: skip
    row = tills.till(hall)
    assert row.float_minor == 10_000
    payment = tills.voucher(hall, 2_000)
    till.post(f"/admin/cash/pay/{payment.id}/cash", tills.form(tendered="20"))
    for path in ("/admin/cash", "/admin/cash/close", f"/admin/cash/sessions/{row.id}"):
        assert "120,00" not in words(till, path), path
    assert till.get(f"/admin/cash/sessions/{row.id}.pdf").status_code == 409
    wrong = {"piece-10000": "1", "counted": "90"}
    assert till.post("/admin/cash/close", tills.form(**wrong)).status_code == 422
    assert till.post("/admin/cash/close", tills.form()).status_code == 422
    count = tills.form(**{"piece-10000": "1", "piece-1000": "1"})
    one = f"/admin/cash/sessions/{row.id}"
    assert till.post("/admin/cash/close", count).location == one
    assert till.post("/admin/cash/close", count).location == one
    page = words(till, one)
    assert "120,00" in page
    assert "10,00" in page
    saul, diego = hall.clerk("saul"), hall.clerk("diego")
    early = saul.post(f"{one}/approve", tills.form(), follow_redirects=True)
    assert "say why first" in early.get_data(as_text=True)
    assert till.post(f"{one}/explain", tills.form(reason=" ")).status_code == 422
    assert till.post(f"{one}/explain", tills.form(reason="a note fell")).status_code == 303
    assert till.post(f"{one}/approve", tills.form()).status_code == 403
    assert diego.get(one).status_code == 403
    assert diego.post(f"{one}/explain", tills.form(reason="mine")).status_code == 403
    assert "a note fell" in words(saul, "/admin/closings")
    assert saul.post(f"{one}/approve", tills.form()).status_code == 303
    closed = tills.till(hall)
    assert (closed.state, closed.difference_minor, closed.reason) == (
        "closed",
        -1_000,
        "a note fell",
    )
    assert saul.post(f"{one}/print").status_code == 303
    pdf = till.get(f"{one}.pdf")
    assert (pdf.mimetype, pdf.data[:5]) == ("application/pdf", b"%PDF-")
    assert len(tills.noted(hall, "cash.approve")) == 1


def test_another_office_and_another_drawer_stay_closed(hall: CityHall) -> None:
    till = tills.open_till(hall)
    north = tills.voucher(hall, office="norte")
    found = words(till, f"/admin/cash/find?code={north.voucher}")
    assert "This voucher is of another office." in found
    assert "15,50" not in found
    assert till.get(f"/admin/cash/pay/{north.id}").status_code == 404
    take = till.post(f"/admin/cash/pay/{north.id}/cash", tills.form(tendered="20"))
    assert take.status_code == 404
    diego, pilar = hall.clerk("diego"), hall.clerk("pilar")
    for browser in (diego, pilar):
        given = tills.form(place=tills.PLACE, float="1")
        assert browser.post("/admin/cash/open", given).status_code in (303, 403)
    here = tills.voucher(hall)
    assert "Open a cash session first." in words(diego, f"/admin/cash/find?code={here.voucher}")
    assert tills.till(hall).staff_id is not None
    assert pilar.get(f"/admin/cash/sessions/{tills.till(hall).id}").status_code == 403
    for path in ("/admin/cash", "/admin/cash/fee", "/admin/cash/close"):
        assert hall.clerk("saul").get(path).status_code == 403, path
    assert diego.get("/admin/closings").status_code == 403
    assert [one.kind for one in tills.movements(hall)] == ["float"]


def test_a_fee_and_a_looked_up_debt_are_charged_at_what_they_cost(hall: CityHall) -> None:
    till = tills.open_till(hall)
    page = words(till, f"/admin/cash/debts?where=rentas:document&value={TWO_DEBTS}")
    keys = [part.split('"')[0] for part in page.split('name="debt" value="')[1:]]
    assert len(keys) == 2
    form = tills.form(connector="rentas", kind="document", value=TWO_DEBTS, debt=keys[:1])
    begun = till.post("/admin/cash/debts", {**form, "amount": "0.01"})
    assert begun.status_code == 303
    with hall.database.read() as session:
        payment = session.scalars(select(Payment)).one()
        assert (payment.origin, payment.errand_kind, payment.point_of_sale) == (
            "staff",
            "debt",
            "caja-centro",
        )
        assert payment.payer_document == TWO_DEBTS
        assert payment.amount_minor > 1
    again = till.post("/admin/cash/debts", {**form, "key": tills.form()["key"]})
    assert again.location == f"/admin/cash/pay/{payment.id}"
    made_up = {**form, "key": tills.form()["key"], "debt": "PREDIAL-1"}
    assert till.post("/admin/cash/debts", made_up).status_code == 422
    assert till.post(f"/admin/cash/pay/{payment.id}/leave", tills.form()).status_code == 303
    silent = words(till, f"/admin/cash/debts?where=rentas:document&value={NO_ANSWER}")
    assert "cannot be looked up now" in silent
    with hall.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Payment)) == 1
        assert session.scalars(select(Payment.state)).one() == "cancelled"


def test_a_refund_is_asked_for_by_one_and_given_by_another(hall: CityHall) -> None:
    till, payment = tills.open_till(hall), tills.voucher(hall, 2_000)
    till.post(f"/admin/cash/pay/{payment.id}/cash", tills.form(tendered="20"))
    where = f"/admin/payments/{payment.id}/refund"
    assert till.post(where, tills.form(amount="5", reason="mine")).status_code == 403
    saul = hall.clerk("saul")
    more = saul.post(where, tills.form(amount="20.01", reason="all"))
    assert (more.status_code, "At most 20.00 PEN" in more.get_data(as_text=True)) == (422, True)
    assert saul.post(where, tills.form(amount="5", reason="")).status_code == 422
    asked = tills.form(amount="5", reason="charged twice")
    for _ in range(2):
        assert saul.post(where, asked).status_code == 303
    page = words(till, "/admin/cash")
    assert "charged twice" in page
    refund = page.split("/admin/cash/refunds/")[1].split('"')[0]
    give = tills.form()
    for _ in range(2):
        assert till.post(f"/admin/cash/refunds/{refund}", give).status_code == 303
    assert [one.drawer_minor for one in tills.movements(hall)] == [10_000, 2_000, -500]
    assert refund not in words(till, "/admin/cash")
    assert [paper.kind for paper in tills.receipts(hall)] == ["receipt", "credit_note"]


def test_what_a_card_paid_goes_back_by_card(hall: CityHall) -> None:
    till, payment = tills.open_till(hall), tills.voucher(hall, 2_000)
    till.post(f"/admin/cash/pay/{payment.id}/card", tills.form(reason="007731"))
    asked = tills.form(amount="20", reason="wrong person")
    hall.clerk("saul").post(f"/admin/payments/{payment.id}/refund", asked)
    page = words(till, "/admin/cash")
    assert "by card?" in page
    refund = page.split("/admin/cash/refunds/")[1].split('"')[0]
    assert till.post(f"/admin/cash/refunds/{refund}", tills.form()).status_code == 303
    last = tills.movements(hall)[-1]
    assert (last.kind, last.amount_minor, last.drawer_minor) == ("refund", 2_000, 0)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("20", "PEN", 2_000),
        ("20,5", "PEN", 2_050),
        ("1.250,00", "PEN", 125_000),
        ("1 250.75", "PEN", 125_075),
        ("15.000", "PYG", 15_000),
        ("1,5", "KWD", 1_500),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, currency: str, minor: int) -> None:
    assert amounts.typed(text, currency, "amount") == minor


@pytest.mark.parametrize("text", ["1,234", "1.2.3", "0", "1..5", "١٥", "1e3", "0x10"])
def test_what_can_be_read_in_two_ways_or_none_is_no_amount(text: str) -> None:
    with pytest.raises(Invalid):
        amounts.typed(text, "PEN", "amount")


def test_every_currency_has_its_coins_in_minor_units() -> None:
    assert coins.of("PEN")[:2] + coins.of("PEN")[-2:] == [20_000, 10_000, 20, 10]
    assert coins.of("PYG")[0] == 100_000
    assert coins.of("NOK") == [value * 100 for value in (1000, 500, 200, 100, 50, 20, 10, 5, 2, 1)]
    counted = coins.counted({"piece-500": "3", "piece-10": " 2 "}, "PEN", "counted")
    assert counted == (1_520, {"500": 3, "10": 2})
    for bad in ({"piece-500": "-1"}, {"piece-500": "1.5"}, {"other-many-1": "2"}, {}):
        with pytest.raises(Invalid):
            coins.counted(bad, "PEN", "counted")
    assert coins.counted({"counted": "0"}, "PEN", "counted") == (0, {})
