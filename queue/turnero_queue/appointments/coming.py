"""Who will come to their hour soon: the wait of everybody else counts them."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, literal_column, select
from sqlalchemy.orm import Session

from turnero_core.db import Base
from turnero_queue.catalogue import Office
from turnero_queue.models import Appointment, AppointmentService

# Nobody's wait is foretold further than this.
AHEAD = timedelta(hours=3)
_A = Base.metadata.tables[Appointment.__tablename__].c
_S = Base.metadata.tables[AppointmentService.__tablename__].c
_COMING = (
    select(_A.starts_at, _S.service_id)
    .join_from(_A.id.table, _S.service_id.table, _S.appointment_id == _A.id)
    .where(
        _A.office_id == bindparam("office"),
        _A.state == literal_column("'confirmed'"),
        # Written out, not bound, so that the partial index of open appointments is used.
        _A.state.in_([literal_column(f"'{s}'") for s in ("held", "confirmed", "checked_in")]),
        _A.starts_at >= bindparam("since"),
        _A.starts_at < bindparam("until"),
        _S.position == 0,
    )
    .order_by(_A.starts_at)
)


class Coming(NamedTuple):
    """Somebody expected at `at`, who from then on counts as due at `due_at`."""

    at: datetime
    due_at: datetime
    service_id: str


def coming(session: Session, office: Office, now: datetime) -> list[Coming]:
    """Those confirmed who have not checked in and may still be on time, in order."""
    if not office.availabilities:
        return []
    grace = timedelta(minutes=office.rules.appointment_grace_minutes)
    head_start = timedelta(minutes=office.rules.appointment_head_start_minutes)
    asked = {"office": office.id, "since": now - grace, "until": now + AHEAD}
    return [
        Coming(row.starts_at, row.starts_at - head_start, row.service_id)
        for row in session.execute(_COMING, asked)
    ]
