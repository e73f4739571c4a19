"""What only an administrator of the whole city may change: where secrets are sent, who gets in.

Whoever may name a mail server, or whom the money's secrets are shown to, may have them sent to a
server of their own; whoever may name the city's sign-in may give themselves any role. It holds
however the change is made.
"""

from turnero_core.errors import Forbidden
from turnero_core.i18n import N_
from turnero_queue.api.edge import Unit
from turnero_queue.configuration import history
from turnero_queue.configuration.deltas import ORDER
from turnero_queue.permissions import Permission

KEYS = ("notices", "sign_in")
OF_PAYMENTS = ("providers", "connectors")
NOT_YOURS = N_(
    "Only an administrator of all offices may change how messages are sent, how staff sign in, and "
    "which providers and systems of debts are used."
)


def check(unit: Unit) -> None:
    """Forbidden when the change just made is not for whoever makes it; nothing of it is kept."""
    grants = unit.caller.grants if unit.caller else None
    if grants is None or grants.everywhere(Permission.CONFIGURATION_EDIT):
        return
    for last in history.changes(unit.session, most=1):
        if any(_is_guarded(entry["path"]) for entry in last.entries):
            raise Forbidden(NOT_YOURS)


def _is_guarded(path: list[str]) -> bool:
    steps = [step for step in path if step != ORDER]
    if steps[0] != "municipality":
        return False
    return steps[1] in KEYS or (steps[1] == "payments" and steps[2] in OF_PAYMENTS)
