"""One person at the kiosk, from the first touch until the screen starts again.

Kept in the browser's session and forgotten whole when the next person begins.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import session

from turnero_core.i18n import LANGUAGES
from turnero_core.ids import new_id

KEY = "kiosk"
TECHNICIAN = "technician"
# How long a turn stays on the screen at most, whatever the page itself does.
TURN_SHOWN = timedelta(minutes=3)


@dataclass(frozen=True)
class Shown:
    """The turn on the screen: the address holds `nonce`, only this session knows the ticket."""

    nonce: str
    ticket_id: str


def begin() -> None:
    """The next person: nothing of whoever was here before remains."""
    session[KEY] = {"visit": new_id()}
    session.pop(TECHNICIAN, None)


def name() -> str:
    """A word that stands for this visit, and for no person."""
    if "visit" not in _now():
        begin()
    return str(_now()["visit"])


def forget() -> None:
    session.pop(KEY, None)


def speak(language: str) -> None:
    _change(language=language)


def language() -> str | None:
    found = _now().get("language")
    return found if found in LANGUAGES else None


def key_for(service: str) -> str:
    """The idempotency key of taking a turn for `service` in this visit.

    The same however often the form is shown or sent, so that nothing makes a second turn; another
    in the next visit, so that an old form sent again is known to be old.
    """
    if "visit" not in _now():
        begin()
    return hashlib.sha256(f"{_now()['visit']}/{service}".encode()).hexdigest()[:40]


def show(ticket_id: str, now: datetime) -> str:
    """Let this browser see a turn for a while; gives the word its address needs."""
    nonce = new_id()
    until = (now + TURN_SHOWN).timestamp()
    _change(turn={"nonce": nonce, "ticket": ticket_id, "until": until})
    return nonce


def shown(nonce: str, now: datetime) -> Shown | None:
    """The turn that `nonce` shows, while it is this person's and still on the screen."""
    turn = _now().get("turn")
    if not turn or turn["nonce"] != nonce or now.timestamp() > turn["until"]:
        return None
    return Shown(nonce, turn["ticket"])


@dataclass(frozen=True)
class Booking:
    """The appointment that this person is dealing with."""

    nonce: str
    appointment_id: str


def keep_booking(appointment_id: str) -> str:
    """Deal with this appointment until the visit ends; gives the word its addresses need."""
    now = booking()
    if now is not None and now.appointment_id == appointment_id:
        return now.nonce
    nonce = new_id()
    _change(booking={"nonce": nonce, "appointment": appointment_id})
    return nonce


def booking() -> Booking | None:
    found = _now().get("booking")
    return Booking(found["nonce"], found["appointment"]) if found else None


def guessed() -> None:
    """A code was wrong."""
    _change(guesses=_now().get("guesses", 0) + 1)


def may_guess(most: int) -> bool:
    """Whether this visit may try another code."""
    return bool(_now().get("guesses", 0) < most)


def propose(document: str) -> None:
    """A document was read; `document` is sealed, and nobody has agreed to its use yet."""
    _change(proposed=document, agreed=None)


def proposed() -> str | None:
    return _now().get("proposed")


def settle(*, agreed: bool) -> None:
    """The person answered: what they agreed to is used in this visit, else it is forgotten."""
    _change(agreed=proposed() if agreed else None, proposed=None)


def agreed() -> str | None:
    """The sealed document that this visit's forms may be filled from."""
    return _now().get("agreed")


def keep(name: str, value: Any) -> None:
    """Remember something of this person until the visit ends."""
    _change(**{name: value})


def kept(name: str) -> Any:
    return _now().get(name)


def let_technician_in(machine_id: str, until: datetime) -> None:
    session[TECHNICIAN] = {"machine": machine_id, "until": until.timestamp()}


def is_technician(machine_id: str, now: datetime) -> bool:
    """Whether the technician's code was given on this machine, not long ago."""
    found = session.get(TECHNICIAN) or {}
    return bool(found.get("machine") == machine_id and found.get("until", 0) > now.timestamp())


def _now() -> dict[str, Any]:
    found: dict[str, Any] = session.get(KEY) or {}
    return found


def _change(**values: Any) -> None:
    if "visit" not in _now():
        begin()
    session[KEY] = {**_now(), **values}
