"""What must hold before a server may start."""

from turnero_core import clock
from turnero_core.errors import Unavailable
from turnero_core.i18n import N_
from turnero_core.settings import Settings
from turnero_queue import sequence
from turnero_server import opening
from turnero_server.instance import is_writable


def check(settings: Settings) -> None:
    """Unavailable with the reason, and how to mend it, when a server must not start."""
    if not is_writable(settings.instance):
        raise Unavailable(
            N_("The instance folder %(path)s is missing or not writable: run “turnero init”."),
            path=settings.instance,
        )
    if not settings.secret_key:
        raise Unavailable(
            N_("There is no secret key in %(path)s: run “turnero init”."), path=settings.instance
        )
    with opening.current_database(settings) as database, database.read() as session:
        behind = sequence.clock_problem(session, clock.now())
    if behind:
        raise behind
