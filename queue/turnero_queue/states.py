"""The one table of what may happen to a ticket, and what it is afterwards."""

from dataclasses import dataclass
from types import MappingProxyType

from turnero_core.errors import Conflict
from turnero_core.i18n import N_

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
            verb=verb,
            state=state,
        )
    return move
