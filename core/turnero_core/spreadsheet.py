"""CSV that a spreadsheet opens as text: no cell of it is ever taken for a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

# With these a spreadsheet begins to calculate, or to fetch (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# So that spreadsheets read the file as UTF-8.
BOM = "\ufeff"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What the name of a sheet may not hold.
_SHEET_TITLE = re.compile(r"[\[\]:*?/\\]")


def neutral(value: object) -> object:
    """`value`; a text that could be taken for a formula gets an apostrophe before it."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return f"'{value}"
    return value


def csv_text(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A whole CSV file (RFC 4180, with a byte order mark); numbers stay numbers."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([neutral(head) for head in heads])
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return BOM + out.getvalue()


def xlsx_bytes(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A workbook of one sheet; texts stay texts even where they look like formulas."""
    # Loaded here, because it is slow to load and most of what runs writes no workbook.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_SHEET_TITLE.sub(" ", title)[:31])
    sheet.freeze_panes = "A2"

    def cell(value: object) -> object:
        if not isinstance(value, str):
            return value
        text = WriteOnlyCell(sheet, "".join(sign for sign in value if sign.isprintable()))
        text.data_type = "s"
        return text

    for row in (heads, *rows):
        sheet.append([cell(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
