"""Whether the kiosks, agents and displays were heard of, and what they say is wrong."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.i18n import N_, gettext
from turnero_core.settings import Settings
from turnero_queue.devices import HealthState, device_health
from turnero_queue.devices.health import PRINTER
from turnero_server.checks.finding import Finding, ok, warn

MEND = {
    HealthState.NEVER: N_("Enrol the machine, or revoke the device: turnero device revoke."),
    HealthState.OFFLINE: N_("Look at its power and network, and at “turnero agent status” there."),
    HealthState.WARNING: N_("Mend it on the machine itself."),
}


def devices(session: Session, _settings: Settings) -> Iterator[Finding]:
    """Printers have a check of their own."""
    for found in device_health(session, None, clock.now()):
        if found.kind == PRINTER:
            continue
        about = gettext(N_("device %(device)s"), device=found.code)
        if found.state in MEND:
            said = " ".join(reason.text for reason in found.reasons)
            yield warn(about, said, gettext(MEND[found.state]))
        else:
            yield ok(about, found.version or found.kind)
