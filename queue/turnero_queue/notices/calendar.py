"""An appointment as an iCalendar file (RFC 5545), to be attached to a mail or downloaded.

One UID for the whole life of a booking and a SEQUENCE that grows: a calendar moves or removes
the entry that it has, and adds no second one.
"""

from datetime import UTC, timedelta

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from turnero_core import clock
from turnero_core.i18n import N_, gettext
from turnero_queue.notices.kinds import AppointmentData, at

MEDIA_TYPE = "text/calendar"
NAME = "appointment.ics"
PRODUCT = "-//Turnero//Turnero//EN"
WARN_BEFORE = timedelta(hours=2)


def ics(
    data: AppointmentData,
    *,
    cancelled: bool = False,
    organizer: tuple[str, str] | None = None,
    attendee: str | None = None,
) -> bytes:
    """The file in the current language. With an organizer (name, address) and an attendee it asks
    (METHOD REQUEST) or cancels (CANCEL); without them it just tells (PUBLISH)."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method(cancelled, invites=bool(organizer and attendee)))
    event = _event(data, cancelled)
    if organizer and attendee:
        event["organizer"] = _person(organizer[1], organizer[0])
        guest = _person(attendee, data.name)
        guest.params["PARTSTAT"] = vText("ACCEPTED")
        guest.params["RSVP"] = vText("FALSE")
        event.add("attendee", guest, encode=False)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def method(cancelled: bool, *, invites: bool) -> str:
    if cancelled:
        return "CANCEL"
    return "REQUEST" if invites else "PUBLISH"


def _event(data: AppointmentData, cancelled: bool) -> Event:
    event = Event()
    event.add("uid", data.uid)
    event.add("sequence", data.sequence)
    event.add("dtstamp", clock.now().replace(microsecond=0))
    event.add("dtstart", at(data.start).astimezone(UTC))
    event.add("dtend", at(data.end).astimezone(UTC))
    event.add("summary", ", ".join([*data.services, data.office]))
    event.add("location", ", ".join(filter(None, (data.office, data.address))))
    event.add("description", _description(data))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    if data.manage_url and not cancelled:
        event.add("url", data.manage_url)
    if not cancelled:
        event.add_component(_alarm(data))
    return event


def _alarm(data: AppointmentData) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -WARN_BEFORE)
    alarm.add("description", ", ".join([*data.services, data.office]))
    return alarm


def _description(data: AppointmentData) -> str:
    lines = [gettext(N_("Code: %(code)s"), code=data.code)]
    if data.requirements:
        lines.append(gettext(N_("Please bring:")))
        lines.extend(f"- {entry}" for entry in data.requirements)
    if data.manage_url:
        lines.append(gettext(N_("Change or cancel: %(url)s"), url=data.manage_url))
    return "\n".join(lines)


def _person(address: str, name: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{address}")
    # Inside a parameter, a quotation mark or a control character has no escape (RFC 5545, 3.1).
    readable = "".join(c if c.isprintable() and c not in '"' else " " for c in name).strip()
    if readable:
        person.params["CN"] = vText(readable)
    return person
