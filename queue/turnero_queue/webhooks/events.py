"""What can be subscribed to. The names are a contract with other systems: see docs/webhooks.md."""

from collections.abc import Mapping
from types import MappingProxyType

from turnero_core.i18n import N_

PING = "ping"
EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "ticket.issued": N_("A turn was taken"),
        "ticket.called": N_("A turn was called"),
        "ticket.recalled": N_("A turn was called again"),
        "ticket.started": N_("The attention began"),
        "ticket.served": N_("The attention ended"),
        "ticket.no_show": N_("The person called did not come"),
        "ticket.transferred": N_("A turn was transferred"),
        "ticket.cancelled": N_("A turn was cancelled"),
        "ticket.left": N_("The day ended before the turn's attention did"),
        "appointment.booked": N_("An appointment was booked"),
        "appointment.rescheduled": N_("An appointment was moved"),
        "appointment.cancelled": N_("An appointment was cancelled"),
        "appointment.checked_in": N_("Somebody with an appointment arrived"),
        "payment.approved": N_("A payment was approved"),
        "payment.refunded": N_("Money was given back"),
        "device.alert": N_("A device's alert began or ended"),
    }
)
#: How what a ticket's history calls it is told; other kinds are not told.
OF_TICKETS: Mapping[str, str] = MappingProxyType(
    {
        "issued": "ticket.issued",
        "called": "ticket.called",
        "recalled": "ticket.recalled",
        "started": "ticket.started",
        "finished": "ticket.served",
        "no_show": "ticket.no_show",
        "transferred": "ticket.transferred",
        "cancelled": "ticket.cancelled",
        "left": "ticket.left",
    }
)
#: The same of appointments; a hold that nobody confirmed was never an appointment.
OF_APPOINTMENTS: Mapping[str, str] = MappingProxyType(
    {
        "confirmed": "appointment.booked",
        "rescheduled": "appointment.rescheduled",
        "cancelled": "appointment.cancelled",
        "checked_in": "appointment.checked_in",
    }
)
