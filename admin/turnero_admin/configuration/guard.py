"""What only an administrator of the whole city may change: where secrets are sent, who gets in.

Whoever may name a mail server may have its password sent to a server of their own; whoever may
name the city's sign-in may give themselves any role. It holds however the change is made.
"""

from turnero_core.errors import Forbidden
from turnero_core.i18n import N_
from turnero_queue.api.edge import Unit
from turnero_queue.configuration import history
from turnero_queue.permissions import Permission

KEYS = ("notices", "sign_in")
NOT_YOURS = N_(
    "Only an administrator of all offices may change how messages are sent and how staff sign in."
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
    return path[0] == "municipality" and path[1] in KEYS
