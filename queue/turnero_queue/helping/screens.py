"""Where on a kiosk somebody can be, by a word for each; a page of its own address never matters."""

from collections.abc import Mapping

from turnero_core.i18n import N_, gettext

#: What each is called by the staff.
NAMES: Mapping[str, str] = {
    "start": N_("At the start"),
    "choose": N_("Choosing a service"),
    "service": N_("At a service's page"),
    "turn": N_("Their turn is on the screen"),
    "booking": N_("Booking an appointment"),
    "arriving": N_("Arriving for an appointment"),
    "paying": N_("Paying"),
    "certificate": N_("Getting a certificate"),
    "document": N_("Showing a document"),
    "rating": N_("Rating the service"),
    "help": N_("At the help page"),
    "other": N_("Somewhere else"),
}


def name_of(screen: str) -> str:
    return gettext(NAMES.get(screen, NAMES["other"]))
