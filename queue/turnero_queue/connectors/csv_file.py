"""Debts in a CSV file that some other system leaves behind; it is read again when it changes."""

from __future__ import annotations

import csv
import fcntl
import os
import re
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from turnero_core.clock import rfc3339
from turnero_core.i18n import N_
from turnero_queue.connectors import reading
from turnero_queue.connectors.debt import (
    Debt,
    DebtsUnavailable,
    DocumentOrAccount,
    NonsenseAnswer,
    Paid,
)
from turnero_queue.connectors.options import KINDS, Connector

MOST_BYTES = 100_000_000
_NAMED = 50
_COLUMNS = ("key", "debt", "amount_minor", "currency", "receipt", "method", "paid_at")
log = structlog.get_logger()


@dataclass
class Sheet:
    """The file as it was at `stamp`: rows and unusable rows by kind and value; `problems` names
    the lines that cannot be used, without what they say."""

    stamp: tuple[int, int, int]
    rows: dict[tuple[str, str], list[dict[str, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    spoilt: set[tuple[str, str]] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


class CsvDebts:
    """A person whose rows cannot be read is told that the answer is not known, never `none`."""

    def __init__(self, options: Connector, currency: str, instance: Path) -> None:
        self._options = options
        self._file = instance / options.file
        self._report_file = instance / options.report_file if options.report_file else None
        self._reading = reading.Reading(options.fields, currency, options.amounts)
        self._sheet: Sheet | None = None
        self._lock = threading.Lock()

    def lookup(self, query: DocumentOrAccount) -> list[Debt]:
        sheet = self._current()
        asked = (query.kind, query.value)
        if asked in sheet.spoilt:
            raise NonsenseAnswer(N_("a line of the file about this number cannot be used"))
        return reading.debts(sheet.rows.get(asked, []), self._reading)

    def problems(self) -> list[str]:
        """The lines that cannot be used, each with why."""
        return list(self._current().problems)

    def report_paid(self, debt: Debt, paid: Paid) -> None:
        if self._report_file is None:
            return
        row = (
            paid.key,
            debt.key,
            str(paid.amount_minor),
            paid.currency,
            paid.receipt,
            paid.method,
            rfc3339(paid.at),
        )
        try:
            _append_once(self._report_file, row)
        except OSError as error:
            raise DebtsUnavailable(N_("the report's file: %(why)s"), why=error.strerror) from None

    def close(self) -> None:
        """Nothing is kept open."""

    def _current(self) -> Sheet:
        try:
            found = os.stat(self._file)
            stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
            with self._lock:
                if self._sheet is None or self._sheet.stamp != stamp:
                    self._sheet = self._read(stamp)
                return self._sheet
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise DebtsUnavailable(
                "the file cannot be read: %(error)s", said=_said(error), error=type(error).__name__
            ) from None

    def _read(self, stamp: tuple[int, int, int]) -> Sheet:
        if stamp[1] > MOST_BYTES:
            raise NonsenseAnswer(N_("a file of more than %(most)s bytes"), most=MOST_BYTES)
        sheet = Sheet(stamp)
        encoding = "utf-8-sig" if self._options.encoding == "utf-8" else self._options.encoding
        with self._file.open(encoding=encoding, newline="") as file:
            lines = csv.DictReader(file, delimiter=self._options.delimiter, restkey="\0more")
            wanted = {*self._options.fields.values(), *self._options.keys.values()}
            if missing := wanted - set(lines.fieldnames or ()):
                raise NonsenseAnswer(
                    N_("the file lacks the columns %(columns)s"),
                    columns=", ".join(sorted(missing)),
                )
            for row in lines:
                self._keep(sheet, row, lines.line_num)
        if sheet.problems:
            log.warning("csv_lines_unusable", connector=self._options.code, lines=sheet.problems)
        return sheet

    def _keep(self, sheet: Sheet, row: dict[str, str], line: int) -> None:
        owners = [
            (kind, value)
            for kind in KINDS
            if (value := _normal(row.get(self._options.keys.get(kind, "\0")) or ""))
        ]
        try:
            if "\0more" in row or None in row.values():
                raise NonsenseAnswer(N_("has too many or too few columns"))
            if not owners:
                raise NonsenseAnswer(N_("says nobody whose debt it is"))
            reading.debt(row, self._reading)
        except NonsenseAnswer as error:
            sheet.spoilt.update(owners)
            if len(sheet.problems) < _NAMED:
                sheet.problems.append(f"line {line}: {error.why}")
            return
        for owner in owners:
            sheet.rows[owner].append(row)


def _said(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return N_("the file is not there")
    if isinstance(error, UnicodeDecodeError):
        return N_("the file is not written in the encoding that is configured")
    return N_("the file cannot be read (%(error)s)")


def _normal(value: str) -> str:
    return re.sub(r"[\s.\-/]+", "", value).upper()


def _append_once(path: Path, row: tuple[str, ...]) -> None:
    """Add `row` unless one with its key is there; on disk when this returns."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+", encoding="utf-8", newline="") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        known = [line[0] for line in csv.reader(file) if line]
        if row[0] in known:
            return
        writer = csv.writer(file)
        if not known:
            writer.writerow(_COLUMNS)
        writer.writerow(row)
        file.flush()
        os.fsync(file.fileno())
