"""Appointments by the code that somebody typed or scanned, and how often they may be wrong.

A machine that was enrolled is in a hall, where people touch slowly: there a visit's own count is
enough. Whatever else opens the kiosk's pages is counted by its internet address as well, wrong
codes alone, so that one can neither try thousands nor lock an office out by coming often.
"""

from flask import request

from turnero_core.errors import NotFound
from turnero_kiosk import machine, visit
from turnero_queue import appointments, devices
from turnero_queue.api.edge import Unit
from turnero_queue.models import Appointment

# Wrong codes in one visit before a member of staff is a better help.
IN_A_VISIT = 6
# Some four thousand wrong codes a day and address: of a thousand million, that finds nobody's.
by_address = devices.Guesses(most=30, window_s=600)


def find(unit: Unit, code: str) -> Appointment:
    """The open appointment of a code; NotFound, or TooManyGuesses, even for the right one then."""
    address = None if machine.current() else request.remote_addr or ""
    if address is not None:
        by_address.check(address)
    if not visit.may_guess(IN_A_VISIT):
        raise devices.TooManyGuesses()
    try:
        return appointments.by_code(unit.session, code)
    except NotFound:
        visit.guessed()
        if address is not None:
            by_address.count(address)
        raise
