"""Phrases that several kinds of message share, in the current language."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_currency, get_currency_precision

from turnero_core.i18n import N_, current_language, gettext
from turnero_queue.notices import kinds
from turnero_queue.notices.kinds import AppointmentData

Labelled = tuple[str, str]


def day_and_time(text: str, zone: str) -> dict[str, str]:
    """An instant as `day` (Tuesday, 3 March 2026) and `time` (9:30) on the wall of `zone`."""
    moment = kinds.at(text).astimezone(ZoneInfo(zone))
    return {"day": _day(moment), "time": _time(moment)}


def money(minor: int, currency: str, locale: str = "") -> str:
    """An amount as in `locale` (es_PE), where that is the language spoken."""
    spoken = current_language()
    amount = Decimal(minor).scaleb(-get_currency_precision(currency))
    chosen = locale if locale.partition("_")[0] == spoken else spoken
    return str(format_currency(amount, currency, locale=chosen))


def short(data: AppointmentData, when: Mapping[str, str]) -> dict[str, str]:
    """What fills the short message of an appointment."""
    return {**when, "office": data.office, "code": data.code, "url": data.manage_url}


def appointment_parts(data: AppointmentData) -> dict[str, Any]:
    """What every message about an appointment that stands has in common."""
    return {
        "facts": facts(data),
        "items_title": gettext(N_("Please bring:")) if data.requirements else "",
        "items": list(data.requirements or ()),
        "links": filled(
            [
                (gettext(N_("Change or cancel")), data.manage_url),
                (gettext(N_("How to get there")), data.map_url),
            ]
        ),
        "closing": data.reason or gettext(N_("Show the code when you arrive.")),
        "name": data.name,
        "qr": data.qr,
    }


def facts(data: AppointmentData) -> list[Labelled]:
    return filled(
        [
            *where_and_when(data.start, data.zone, data.office, data.address, data.services),
            (gettext(N_("Telephone")), data.office_phone),
            (gettext(N_("Code")), data.code),
        ]
    )


def where_and_when(
    start: str, zone: str, office: str, address: str, services: Iterable[str]
) -> list[Labelled]:
    when = gettext(N_("%(day)s at %(time)s"), **day_and_time(start, zone))
    return filled(
        [
            (gettext(N_("When")), when),
            (gettext(N_("Where")), ", ".join(filter(None, (office, address)))),
            (gettext(N_("For")), ", ".join(services)),
        ]
    )


def filled(pairs: Iterable[Labelled]) -> list[Labelled]:
    """Those that have a value."""
    return [(label, value) for label, value in pairs if value]


def _day(moment: datetime) -> str:
    locale = "en_GB" if current_language() == "en" else current_language()
    return str(format_date(moment, "full", locale=locale))


def _time(moment: datetime) -> str:
    return str(format_time(moment, "H:mm", tzinfo=moment.tzinfo, locale="en"))
