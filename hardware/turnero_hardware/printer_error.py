"""The one exception that crosses the border between a printer and the rest."""

from __future__ import annotations


class PrinterError(Exception):
    """A job that was not, or may not have been, printed.

    `message` is a message id fit for an administrator; `detail` is for the log. `permanent`: the
    fault is the job's and it will never print; what an administrator can mend is worth another
    try. `fate_unknown`: some of it may be on paper, so the next try is marked as a copy.
    """

    def __init__(
        self,
        message: str,
        permanent: bool = False,
        *,
        fate_unknown: bool = False,
        detail: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.permanent = permanent
        self.fate_unknown = fate_unknown
        self.detail = detail
