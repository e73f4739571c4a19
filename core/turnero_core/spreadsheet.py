"""CSV that a spreadsheet opens as text: no cell of it is ever taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

# With these a spreadsheet begins to calculate, or to fetch (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# So that spreadsheets read the file as UTF-8.
BOM = "\ufeff"


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
