"""The office's numbers of a day or a month: sums, rows, search, files for accounting."""

from turnero_queue.payments_report.export import to_csv, to_xlsx
from turnero_queue.payments_report.figures import (
    WAYS,
    Entry,
    Report,
    Total,
    payments_report,
    search,
)

__all__ = ["WAYS", "Entry", "Report", "Total", "payments_report", "search", "to_csv", "to_xlsx"]
