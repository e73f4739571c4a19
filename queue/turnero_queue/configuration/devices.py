"""Which printers stand in each office."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_hardware.models import Printer
from turnero_queue import models
from turnero_queue.configuration.rows import alter
from turnero_queue.configuration.values import Office


def place_printers(
    session: Session, values: Sequence[Office], offices: Mapping[str, models.Office]
) -> None:
    """Rows by code. One that is gone from the file keeps its row, its jobs and its history but
    stands in no office, so that nothing more is sent to it and what it holds still prints."""
    rows = {row.code: row for row in session.scalars(select(Printer))}
    wanted = {
        printer.code: {
            "name": printer.name,
            "uri": printer.uri,
            "profile": printer.profile,
            "office_id": offices[office.code].id,
        }
        for office in values
        for printer in office.printers
    }
    for code, row in rows.items():
        if code not in wanted:
            alter(row, {"office_id": None})
    for code, attributes in wanted.items():
        if code in rows:
            alter(rows[code], attributes)
        else:
            session.add(Printer(code=code, **attributes))


def placeless_printers(session: Session) -> Sequence[str]:
    """Codes of the printers that stand in no office any more."""
    return session.scalars(select(Printer.code).where(Printer.office_id.is_(None))).all()
