"""The report's rows for accounting: CSV and XLSX, with amounts as numbers."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from turnero_core.i18n import N_, gettext
from turnero_queue.payments import money
from turnero_queue.payments_report.figures import Entry

#: A spreadsheet takes text that begins so for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def amount(entry: Entry) -> Decimal:
    """In the currency's units, with its decimals."""
    return Decimal(entry.amount_minor).scaleb(-money.decimals(entry.currency))


_COLUMNS: Sequence[tuple[str, Callable[[Entry], Any]]] = (
    (N_("Date"), lambda entry: entry.local_at),
    (N_("Office"), lambda entry: entry.office),
    (N_("Point of sale"), lambda entry: entry.point_of_sale),
    (N_("Number"), lambda entry: entry.number),
    (N_("Kind"), lambda entry: entry.kind),
    (N_("Code"), lambda entry: entry.code),
    (N_("Method"), lambda entry: entry.method),
    (N_("Concepts"), lambda entry: entry.concepts),
    (N_("Amount"), amount),
    (N_("Currency"), lambda entry: entry.currency),
    (N_("Staff"), lambda entry: entry.staff),
    (N_("Reference"), lambda entry: entry.reference),
    (N_("Simulated"), lambda entry: gettext(N_("yes")) if entry.simulated else ""),
)


def to_csv(entries: Sequence[Entry]) -> str:
    """With a heading in the reader's language; no cell can become a formula."""
    output = StringIO()
    writer = csv.writer(output)
    writer.writerow([gettext(name) for name, _ in _COLUMNS])
    for entry in entries:
        writer.writerow([_plain(read(entry)) for _, read in _COLUMNS])
    return output.getvalue()


def to_xlsx(entries: Sequence[Entry]) -> bytes:
    """The same as a workbook, with amounts as numbers and text as text."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(gettext(N_("Payments")))
    sheet.append([gettext(name) for name, _ in _COLUMNS])
    for entry in entries:
        cells = []
        for _, read in _COLUMNS:
            value = read(entry)
            cell = WriteOnlyCell(sheet, _shown(value) if isinstance(value, str) else value)
            if isinstance(value, str):
                cell.data_type = "s"
            else:
                cell.number_format = "0." + "0" * money.decimals(entry.currency)
            cells.append(cell)
        sheet.append(cells)
    output = BytesIO()
    book.save(output)
    return output.getvalue()


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _shown(text: str) -> str:
    """Without control characters, which no workbook can hold."""
    return "".join(sign for sign in text if sign.isprintable())
