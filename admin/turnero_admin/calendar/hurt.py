"""The bookings that a change would leave without a place: shown, and decided about, before it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, request

from turnero_core.i18n import N_, gettext, ngettext
from turnero_queue import appointments
from turnero_queue.api.edge import Unit
from turnero_queue.appointments import Wish, mending
from turnero_queue.appointments.mending import Mended, Remedy
from turnero_queue.catalogue import Office
from turnero_queue.models import Appointment


@dataclass(frozen=True)
class Shown:
    """A booking that is hurt, as the page lists it."""

    appointment: Appointment
    office: Office
    services: Wish


@dataclass(frozen=True)
class Listed:
    """All of them; `seen` tells later whether the same ones were shown."""

    rows: list[Shown]
    seen: str


class Undecided(Exception):
    """Nobody has said yet what becomes of these appointments."""

    def __init__(self, found: Sequence[Appointment], errors: dict[str, list[str]]) -> None:
        super().__init__("undecided")
        self.appointments = found
        self.errors = errors


def decided(found: Sequence[Appointment]) -> Remedy:
    """What the form says becomes of them; Undecided when it was not asked about just these."""
    if not found:
        return "keep"
    chosen = request.form.get("remedy", "")
    same = request.form.get("seen") == _seen(found)
    if same and chosen in mending.REMEDIES:
        return mending.remedy_of(chosen)
    errors = {}
    if same:
        errors = {"remedy": [gettext(N_("Choose what becomes of these appointments."))]}
    raise Undecided(found, errors)


def shown(unit: Unit, found: Sequence[Appointment]) -> Listed:
    rows = [
        Shown(
            row,
            unit.catalogue.offices_by_id[row.office_id],
            appointments.wish_of(unit.session, unit.catalogue, row),
        )
        for row in found
    ]
    return Listed(rows, _seen(found))


def tell(done: Mended) -> None:
    """Say how many were moved or cancelled, whom nobody can tell, and who has no place."""
    moved, cancelled = done.moved, done.cancelled
    if moved:
        flash(
            ngettext(
                "%(count)s appointment was moved.",
                "%(count)s appointments were moved.",
                moved,
                count=moved,
            ),
            "ok",
        )
    if cancelled:
        flash(
            ngettext(
                "%(count)s appointment was cancelled.",
                "%(count)s appointments were cancelled.",
                cancelled,
                count=cancelled,
            ),
            "ok",
        )
    for rows, text in (
        (done.untold, N_("Nobody can write to these. Tell them when they call: %(codes)s.")),
        (done.left, N_("These stay as they are, at an hour that is not given: %(codes)s.")),
    ):
        if rows:
            flash(gettext(text, codes=", ".join(_named(row) for row in rows)), "warn")


def _named(row: Appointment) -> str:
    return f"{row.code} ({row.name})" if row.name else row.code


def _seen(found: Sequence[Appointment]) -> str:
    ids = ",".join(sorted(f"{row.id}@{row.sequence}" for row in found))
    return hashlib.sha256(ids.encode()).hexdigest()[:20]
