"""Debts in a file: read again when it changes; a line that cannot be used spoils no other."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.queue.connectors.tax_office import LUIS, ROSA

from turnero_queue.connectors import (
    Connector,
    DebtsUnavailable,
    DocumentOrAccount,
    NonsenseAnswer,
    Paid,
)
from turnero_queue.connectors.csv_file import CsvDebts

FIELDS = {"key": "id", "description": "concepto", "amount": "importe", "due": "vence"}
HEAD = "id;dni;cuenta;concepto;importe;vence\n"
OF_ROSA, OF_LUIS = DocumentOrAccount("document", ROSA), DocumentOrAccount("document", LUIS)


def rentas(tmp_path: Path, text: str, **overrides: Any) -> CsvDebts:
    (tmp_path / "rentas.csv").write_text(HEAD + text, overrides.get("encoding", "utf-8"))
    values: dict[str, Any] = {
        "code": "rentas",
        "type": "csv",
        "file": "rentas.csv",
        "delimiter": ";",
        "keys": {"document": "dni", "account": "cuenta"},
        "fields": FIELDS,
        "report_file": "paid.csv",
    }
    return CsvDebts(Connector(**(values | overrides)), "PEN", tmp_path)


def test_a_file_is_asked_by_document_and_by_account(tmp_path: Path) -> None:
    found = rentas(tmp_path, "1;40.213.377;ab-7;Señalización;120.50;2026-03-31\n")
    assert [debt.description for debt in found.lookup(OF_ROSA)] == ["Señalización"]
    assert found.lookup(DocumentOrAccount("account", "AB7"))[0].amount_minor == 12_050
    assert found.lookup(OF_LUIS) == []


def test_a_file_of_an_old_system_is_read_in_its_encoding(tmp_path: Path) -> None:
    found = rentas(tmp_path, "1;40213377;;Señal;1.00;\n", encoding="latin-1")
    assert found.lookup(OF_ROSA)[0].description == "Señal"
    wrong = rentas(tmp_path, "", encoding="utf-8")
    (tmp_path / "rentas.csv").write_bytes(HEAD.encode() + "1;40213377;;Señal;1.00;\n".encode("l1"))
    with pytest.raises(DebtsUnavailable, match="does not answer"):
        wrong.lookup(OF_ROSA)


def test_a_changed_file_is_read_again_and_an_unchanged_one_is_not(tmp_path: Path) -> None:
    found = rentas(tmp_path, "1;40213377;;Arbitrios;1.00;\n")
    first = found._current()
    assert found._current() is first
    file = tmp_path / "new.csv"
    file.write_text(HEAD)
    os.replace(file, tmp_path / "rentas.csv")
    assert found.lookup(OF_ROSA) == []


def test_bad_lines_are_named_and_only_their_owner_gets_no_answer(tmp_path: Path) -> None:
    found = rentas(
        tmp_path,
        "1;40213377;;Arbitrios;1.00;\n"
        "2;40213377;;Arbitrios;dos soles;\n"
        "3;10457788;;Arbitrios;3.00;\n"
        "4;;;Arbitrios;3.00;\n"
        "5;999;;Arbitrios;3.00;;;;\n"
        "6;998\n",
    )
    with pytest.raises(NonsenseAnswer):
        found.lookup(OF_ROSA)
    assert [debt.key for debt in found.lookup(OF_LUIS)] == ["3"]
    assert found.problems() == [
        "line 3: an amount that is no plain number above zero",
        "line 5: says nobody whose debt it is",
        "line 6: has too many or too few columns",
        "line 7: has too many or too few columns",
    ]
    assert ROSA not in repr(found.problems())


def test_a_file_that_is_gone_or_has_other_columns_is_no_answer(tmp_path: Path) -> None:
    found = rentas(tmp_path, "")
    (tmp_path / "rentas.csv").write_text("id;dni\n1;40213377\n")
    with pytest.raises(NonsenseAnswer) as refused:
        found.lookup(OF_ROSA)
    assert refused.value.why == "the file lacks the columns concepto, cuenta, importe, vence"
    (tmp_path / "rentas.csv").unlink()
    with pytest.raises(DebtsUnavailable):
        found.lookup(OF_ROSA)


def test_what_was_paid_is_written_to_a_file_once(tmp_path: Path) -> None:
    found = rentas(tmp_path, "1;40213377;;Arbitrios;1.00;\n")
    [debt] = found.lookup(OF_ROSA)
    at = datetime(2026, 3, 2, 14, tzinfo=UTC)
    for key in ("p-1", "p-1", "p-2"):
        found.report_paid(debt, Paid(key, "centro-00000001", "cash", 100, "PEN", at))
    assert (tmp_path / "paid.csv").read_text().splitlines() == [
        "key,debt,amount_minor,currency,receipt,method,paid_at",
        "p-1,1,100,PEN,centro-00000001,cash,2026-03-02T14:00:00.000Z",
        "p-2,1,100,PEN,centro-00000001,cash,2026-03-02T14:00:00.000Z",
    ]
    assert (tmp_path / "paid.csv").stat().st_mode & 0o777 == 0o600
