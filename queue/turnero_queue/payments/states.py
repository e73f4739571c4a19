"""The one table of what may happen to a payment, and what it is afterwards."""

from dataclasses import dataclass
from types import MappingProxyType

from turnero_core.errors import Conflict
from turnero_core.i18n import N_, gettext

STATE_NAMES = MappingProxyType(
    {
        "created": N_("being prepared"),
        "pending": N_("waiting for the payment"),
        "approved": N_("paid"),
        "rejected": N_("rejected"),
        "cancelled": N_("cancelled"),
        "expired": N_("expired"),
        "partly_refunded": N_("refunded in part"),
        "refunded": N_("refunded"),
    }
)
OPEN = frozenset({"created", "pending"})
PAID = frozenset({"approved", "partly_refunded", "refunded"})
# Ended without money. A provider may still tell of money later: then the money is the truth.
FAILED = frozenset({"rejected", "cancelled", "expired"})


@dataclass(frozen=True)
class Move:
    """`kind` is the event that the move leaves."""

    sources: frozenset[str]
    target: str
    kind: str


def _move(sources: frozenset[str], target: str, kind: str) -> Move:
    return Move(sources, target, kind)


_GIVING_BACK = frozenset({"approved", "partly_refunded"})
MOVES = MappingProxyType(
    {
        "send": _move(frozenset({"created"}), "pending", "sent"),
        "approve": _move(OPEN | FAILED, "approved", "approved"),
        "reject": _move(OPEN, "rejected", "rejected"),
        "cancel": _move(OPEN, "cancelled", "cancelled"),
        "expire": _move(OPEN, "expired", "expired"),
        "refund-part": _move(_GIVING_BACK, "partly_refunded", "refunded_in_part"),
        "refund-rest": _move(_GIVING_BACK, "refunded", "refunded"),
    }
)


def allowed(verb: str, state: str) -> Move:
    """The move that `verb` makes from `state`; Conflict `illegal-transition` names the state."""
    move = MOVES[verb]
    if state not in move.sources:
        raise Conflict(
            N_("This is not possible: the payment is “%(state)s”. Look at it again."),
            slug="illegal-transition",
            title=N_("Not possible in this state"),
            extra={"state": state, "verb": verb},
            state=name_of(state),
        )
    return move


def name_of(state: str) -> str:
    """A state in the reader's language."""
    return gettext(STATE_NAMES[state])
