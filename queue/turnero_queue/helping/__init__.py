"""Help at a kiosk: somebody calls a person, and a person may help on the kiosk's own screen."""

from turnero_queue.helping.assisting import (
    LEADABLE,
    allow,
    ask_to_assist,
    assistance,
    end_assistance,
    lead,
    of_call,
    refuse,
    shows,
)
from turnero_queue.helping.calling import Kiosk, ask, cancel, finish, release, take, tidy
from turnero_queue.helping.history import Figures, figures, listed
from turnero_queue.helping.looking import Call, find, of_kiosk, open_calls

__all__ = [
    "LEADABLE",
    "Call",
    "Figures",
    "Kiosk",
    "allow",
    "ask",
    "ask_to_assist",
    "assistance",
    "cancel",
    "end_assistance",
    "figures",
    "find",
    "finish",
    "lead",
    "listed",
    "of_call",
    "of_kiosk",
    "open_calls",
    "refuse",
    "release",
    "shows",
    "take",
    "tidy",
]
