"""Debts over HTTP, against a server that answers well, badly, slowly or not at all."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.queue.connectors.tax_office import LUIS, RATES, ROSA, TaxOffice

from turnero_core.errors import Invalid
from turnero_queue.connectors import (
    Debt,
    DebtsUnavailable,
    DocumentOrAccount,
    NonsenseAnswer,
    Paid,
    asked,
)
from turnero_queue.connectors.http_json import HttpDebts

OF_ROSA = DocumentOrAccount("document", ROSA)
PAID = Paid("p-1", "centro-00000001", "qr", 12_050, "PEN", datetime(2026, 3, 2, 14, tzinfo=UTC))


def ask(office: TaxOffice, tmp_path: Path, **options: Any) -> list[Debt]:
    connector = HttpDebts(office.options(**options), "PEN", tmp_path)
    try:
        return connector.lookup(OF_ROSA)
    finally:
        connector.close()


def refusal(office: TaxOffice, tmp_path: Path, **options: Any) -> DebtsUnavailable:
    with pytest.raises(DebtsUnavailable) as refused:
        ask(office, tmp_path, **options)
    assert ROSA not in refused.value.why
    return refused.value


def test_a_debt_is_read_field_by_field(office: TaxOffice, tmp_path: Path) -> None:
    assert ask(office, tmp_path) == [
        Debt("A-17-03", "Arbitrios", "2026-03", date(2026, 3, 31), 12_050, "PEN", True)
    ]
    assert office.asked == [ROSA]


def test_nobody_in_debt_is_an_empty_list(office: TaxOffice, tmp_path: Path) -> None:
    office.answer = {"debts": []}
    assert ask(office, tmp_path) == []


def test_a_value_can_never_become_another_part_of_the_address(
    office: TaxOffice, tmp_path: Path
) -> None:
    connector = HttpDebts(office.options(), "PEN", tmp_path)
    connector.lookup(DocumentOrAccount("document", "1&of=2/../x#y"))
    connector.close()
    assert office.asked == ["1&of=2/../x#y"]


def test_a_secret_comes_from_its_file_and_is_told_to_nobody_else(
    office: TaxOffice, tmp_path: Path
) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "rentas_key").write_text("Bearer hush-hush\n")
    options = office.options(headers={"Authorization": {"file": "rentas_key"}, "X-City": "sm"})
    connector = HttpDebts(options, "PEN", tmp_path)
    connector.lookup(OF_ROSA)
    connector.close()
    assert office.seen[0]["Authorization"] == "Bearer hush-hush"
    assert "hush" not in repr(options.to_plain())
    missing = refusal(office, tmp_path, headers={"Authorization": {"file": "gone"}})
    assert missing.why == "the secret secrets/gone cannot be read"


def test_404_means_none_only_where_it_was_configured(office: TaxOffice, tmp_path: Path) -> None:
    office.status = 404
    assert ask(office, tmp_path, none_when_404=True) == []
    assert refusal(office, tmp_path).why == "the answer's status is 404"


def changed(**fields: Any) -> dict[str, Any]:
    return {"debts": [RATES | fields]}


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"<html>Fatal error</html>", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b'{"debts": ' + b"[" * 100_000, "not JSON"),
        ({"debts": "none"}, "no list"),
        ({"deudas": []}, "no list"),
        ([RATES], "no list"),
        ({"debts": [7]}, "not a group"),
        ({"debts": [{}]}, "without key"),
        (changed(amount=None), "no number"),
        (changed(amount=-5), "nobody can pay"),
        (changed(amount="-5.00"), "plain number"),
        (changed(amount=0), "nobody can pay"),
        (changed(amount="0.00"), "nobody can pay"),
        (changed(amount="12.345"), "nobody can pay"),
        (changed(amount=1e30), "nobody can pay"),
        (changed(amount="1e3"), "plain number"),
        (changed(amount=True), "no number"),
        (changed(amount=[120]), "no number"),
        (b'{"debts": [{"id": "1", "concept": {"name": "x"}, "amount": NaN}]}', "not JSON"),
        (changed(id=""), "without key"),
        (changed(id={"a": 1}), "neither text"),
        (changed(concept={"name": "a\x00b"}), "cannot be shown"),
        (changed(concept={"name": "x" * 201}), "too long"),
        (changed(due="soon"), "no date"),
        ({"debts": [RATES, RATES]}, "same key"),
        ({"debts": [RATES | {"id": str(number)} for number in range(201)]}, "201 debts"),
        (b" " * 10_000_000, "more than 1000000 bytes"),
    ],
)
def test_nonsense_is_refused_whole(
    office: TaxOffice, tmp_path: Path, answer: Any, why: str
) -> None:
    office.answer = answer
    refused = refusal(office, tmp_path)
    assert isinstance(refused, NonsenseAnswer)
    assert why in refused.why


def test_another_currency_is_refused(office: TaxOffice, tmp_path: Path) -> None:
    office.answer = changed(coin="USD")
    fields = {**office.options().fields, "currency": "coin"}
    assert "USD" in refusal(office, tmp_path, fields=fields).why
    office.answer = changed(coin="PEN")
    assert ask(office, tmp_path, fields=fields)[0].currency == "PEN"


def test_cents_may_be_what_the_system_counts_in(office: TaxOffice, tmp_path: Path) -> None:
    office.answer = changed(amount=12050)
    assert ask(office, tmp_path, amounts="minor")[0].amount_minor == 12_050
    office.answer = changed(amount=120.5)
    assert ask(office, tmp_path)[0].amount_minor == 12_050


def test_a_compressed_answer_is_not_unpacked(office: TaxOffice, tmp_path: Path) -> None:
    office.headers = {"Content-Encoding": "gzip"}
    assert "compressed" in refusal(office, tmp_path).why


@pytest.mark.parametrize("status", [500, 503, 401, 302])
def test_a_refusal_of_theirs_is_no_answer(office: TaxOffice, tmp_path: Path, status: int) -> None:
    office.status = status
    office.headers = {"Location": "http://127.0.0.1:1/"}
    refused = refusal(office, tmp_path)
    assert str(status) in refused.why
    assert "cash desk" in refused.detail
    assert refused.status == 503


def test_a_system_that_is_silent_is_not_waited_for_long(office: TaxOffice, tmp_path: Path) -> None:
    office.hang = True
    assert refusal(office, tmp_path, timeout_s=1).why == "ReadTimeout"


def test_a_system_that_is_down_is_unavailable(tmp_path: Path) -> None:
    down = TaxOffice()
    down.url = "http://127.0.0.1:9"
    assert refusal(down, tmp_path).why == "ConnectError"


def test_a_paid_debt_is_told_with_a_key_that_never_changes(
    office: TaxOffice, tmp_path: Path
) -> None:
    [debt] = ask(office, tmp_path)
    connector = HttpDebts(office.options(), "PEN", tmp_path)
    connector.report_paid(debt, PAID)
    connector.report_paid(debt, PAID)
    office.report_status = 500
    with pytest.raises(DebtsUnavailable, match="does not answer"):
        connector.report_paid(debt, PAID)
    connector.close()
    assert len(office.reports) == 3
    assert office.booked == {
        "p-1": {
            "key": "p-1",
            "debt": "A-17-03",
            "amount_minor": 12_050,
            "currency": "PEN",
            "receipt": "centro-00000001",
            "method": "qr",
            "paid_at": "2026-03-02T14:00:00.000Z",
        }
    }


def test_numbers_are_taken_however_they_are_written() -> None:
    assert asked("document", " 40.213-377 ").value == ROSA
    assert asked("account", "ab-12/7").value == "AB127"
    for bad in ("", "1", "x" * 41, "1; DROP TABLE", "４０２１３３７７"):
        with pytest.raises(Invalid):
            asked("document", bad)
    assert asked("document", LUIS) == DocumentOrAccount("document", LUIS)
