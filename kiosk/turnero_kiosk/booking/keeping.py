"""One booking of one visit: held once however often it is asked for, and known to nobody else."""

from datetime import datetime, timedelta

from turnero_core.errors import Conflict, NotFound
from turnero_core.i18n import N_, current_language
from turnero_kiosk import visit
from turnero_queue import appointments, idempotency
from turnero_queue.api.edge import Unit
from turnero_queue.appointments import Booker, Wish
from turnero_queue.catalogue import Office
from turnero_queue.idempotency import Answer
from turnero_queue.models import Appointment

CALLER = "kiosk"
# A place is not kept longer for a screen that somebody walked away from.
KEPT = timedelta(minutes=5)


def hold(unit: Unit, office: Office, wanted: Wish, start: datetime, key: str) -> Appointment:
    """Hold the hour for this visit, and let go of the one it held before."""
    asked = idempotency.fingerprint("POST", f"{office.code}/book", None)
    before = idempotency.claim(unit.session, CALLER, key, asked, unit.now)
    if before is not None and before.body is not None:
        return appointments.by_id(unit.session, str(before.body["appointment"]))
    let_go(unit)
    found = appointments.hold(
        unit.session,
        office,
        wanted,
        start,
        unit.now,
        Booker(origin="kiosk", language=current_language()),
        keep_for=KEPT,
    )
    idempotency.keep(unit.session, CALLER, key, Answer(201, {"appointment": found.id}))
    return found


def let_go(unit: Unit) -> None:
    """Free what this visit holds and has not confirmed."""
    held = visit.booking()
    if held is None:
        return
    found = appointments.by_id(unit.session, held.appointment_id)
    if found.state == "held" and found.expires_at and found.expires_at > unit.now:
        appointments.call_off(unit.session, found, unit.now, actor="citizen")


def current(unit: Unit, nonce: str) -> Appointment:
    """The booking that this visit shows under `nonce`; NotFound for anybody else."""
    held = visit.booking()
    if held is None or held.nonce != nonce:
        raise NotFound(N_("There is no such appointment. Look at the code again."))
    return appointments.by_id(unit.session, held.appointment_id)


def check_key(key: str, what: str) -> None:
    if key != visit.key_for(what):
        raise Conflict(N_("This page was somebody else's. Start again."), slug="old-form")
