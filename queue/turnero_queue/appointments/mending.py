"""What becomes of bookings that a blocked time or another schedule has left without a place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy.orm import Session

from turnero_core.errors import Conflict, Invalid
from turnero_core.i18n import N_, gettext
from turnero_queue import catalogue
from turnero_queue.appointments import changing, finding, listing, telling
from turnero_queue.models import Appointment

Remedy = Literal["keep", "move", "cancel"]
REMEDIES: tuple[Remedy, ...] = get_args(Remedy)


@dataclass(frozen=True)
class Mended:
    """How many were moved or cancelled, those that stay where they were, and those whose person
    has left no address to be told at."""

    moved: int = 0
    cancelled: int = 0
    left: tuple[Appointment, ...] = ()
    untold: tuple[Appointment, ...] = ()


def mend(
    session: Session,
    hurt: Iterable[Appointment],
    remedy: Remedy,
    actor: str,
    now: datetime,
    reason: str,
) -> Mended:
    """Keep the bookings as they are, move each to its next free hour, or cancel each.

    Whoever is moved to another hour or cancelled is told, with the `reason`. One for which no hour
    is free stays as it is. Call it once the change that hurts is written.
    """
    found = tuple(hurt)
    if remedy == "cancel":
        for row in found:
            changing.call_off(session, row, now, actor=actor, reason=reason)
        return Mended(cancelled=len(found), untold=_untold(found))
    if remedy == "move":
        hours = [row.starts_at for row in found]
        left = tuple(row for row in found if not _move(session, row, actor, now, reason))
        elsewhen = [row for row, at in zip(found, hours, strict=True) if row.starts_at != at]
        return Mended(len(found) - len(left), 0, left, _untold(elsewhen))
    return Mended(left=found)


def _untold(found: Iterable[Appointment]) -> tuple[Appointment, ...]:
    return tuple(row for row in found if not telling.reachable(row))


def _move(session: Session, row: Appointment, actor: str, now: datetime, reason: str) -> bool:
    configured = catalogue.current(session)
    office = configured.offices_by_id[row.office_id]
    wanted = finding.wish_of(session, configured, row)
    slot = next(listing.following(session, office, wanted, row.starts_at, now, pool=row.pool), None)
    if slot is None:
        return False
    try:
        changing.move(session, row, slot.start, now, actor=actor, reason=reason, anew=True)
    except (Conflict, Invalid):
        # Its own place was the only one that is free, or it is not open any more.
        return False
    return True


def remedy_of(text: str) -> Remedy:
    """What a form chose; Invalid when it chose nothing."""
    for each in REMEDIES:
        if text == each:
            return each
    raise Invalid(errors={"remedy": [gettext(N_("Choose what becomes of these appointments."))]})
