"""The one table of what may happen to a ticket, and what it is afterwards."""

from dataclasses import dataclass
from types import MappingProxyType

from turnero_core.errors import Conflict
from turnero_core.i18n import N_, gettext

STATE_NAMES = MappingProxyType(
    {
        "waiting": N_("waiting"),
        "called": N_("called"),
        "serving": N_("being attended"),
        "parked": N_("on hold"),
        "no_show": N_("did not come"),
        "done": N_("finished"),
        "cancelled": N_("cancelled"),
        "left": N_("left with the day"),
    }
)
VERB_NAMES = MappingProxyType(
    {
        "call": N_("Call"),
        "recall": N_("Call again"),
        "start": N_("Start"),
        "put-back": N_("Put back"),
        "no-show": N_("Did not come"),
        "readmit": N_("Let back in"),
        "finish": N_("Finish"),
        "transfer": N_("Transfer"),
        "park": N_("Set aside"),
        "resume": N_("Go on"),
        "cancel": N_("Cancel the turn"),
        "close-day": N_("Close the day"),
    }
)
ENDED = frozenset({"done", "cancelled", "left"})
AT_DESK = frozenset({"called", "serving"})


@dataclass(frozen=True)
class Move:
    """`kind` is the event that the move leaves; `today_only` refuses tickets of another day."""

    sources: frozenset[str]
    target: str
    kind: str
    today_only: bool = False


def _move(sources: str, target: str, kind: str, *, today_only: bool = False) -> Move:
    return Move(frozenset(sources.split()), target, kind, today_only)


MOVES = MappingProxyType(
    {
        "call": _move("waiting", "called", "called", today_only=True),
        "recall": _move("called", "called", "recalled", today_only=True),
        "start": _move("called", "serving", "started"),
        "put-back": _move("called", "waiting", "put_back", today_only=True),
        "no-show": _move("called", "no_show", "no_show"),
        "readmit": _move("no_show", "waiting", "readmitted", today_only=True),
        "finish": _move("serving", "done", "finished"),
        "transfer": _move("waiting called serving", "waiting", "transferred", today_only=True),
        "park": _move("serving", "parked", "parked"),
        "resume": _move("parked", "serving", "resumed", today_only=True),
        "cancel": _move("waiting", "cancelled", "cancelled"),
        "close-day": _move("waiting called parked", "left", "left"),
    }
)
# Verbs that people and programs may ask for; the day is closed by the calendar alone.
VERBS = tuple(verb for verb in MOVES if verb != "close-day")


def allowed(verb: str, state: str) -> Move:
    """The move that `verb` makes from `state`; Conflict `illegal-transition` names the state."""
    move = MOVES[verb]
    if state not in move.sources:
        raise Conflict(
            N_("“%(verb)s” is not possible: the ticket is “%(state)s”. Look at it again."),
            slug="illegal-transition",
            title=N_("Not possible in this state"),
            extra={"state": state, "verb": verb},
            verb=gettext(VERB_NAMES[verb]),
            state=name_of(state),
        )
    return move


def name_of(state: str) -> str:
    """A state in the reader's language."""
    return gettext(STATE_NAMES[state])
