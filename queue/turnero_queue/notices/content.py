"""What each kind of message says, as plain parts; `rendering` puts them on paper.

The words are for somebody who reads in a hurry: first what happened, then when and where, then
what to do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from turnero_core.i18n import N_, gettext
from turnero_queue.notices import kinds
from turnero_queue.notices.kinds import (
    AppointmentData,
    DeviceAlertData,
    ReceiptData,
    SeatOfferedData,
)
from turnero_queue.notices.wording import (
    Labelled,
    appointment_parts,
    day_and_time,
    facts,
    filled,
    money,
    short,
    where_and_when,
)


@dataclass(frozen=True)
class Content:
    """`facts` and `links` are pairs of label and value; `short` is the whole for a telephone."""

    subject: str
    lead: str
    short: str
    facts: list[Labelled] = field(default_factory=list)
    items_title: str = ""
    items: list[str] = field(default_factory=list)
    links: list[Labelled] = field(default_factory=list)
    closing: str = ""
    name: str = ""
    qr: str = ""


def content(kind: str, data: kinds.NoticeData, locale: str = "") -> Content:
    """The message in the current language; `locale` is the municipality's own."""
    if isinstance(data, AppointmentData):
        return _APPOINTMENTS[kind](data)
    if isinstance(data, SeatOfferedData):
        return _seat_offered(data)
    if isinstance(data, DeviceAlertData):
        return _device_alert(data)
    return _receipt(data, locale)


def _confirmed(data: AppointmentData) -> Content:
    when = day_and_time(data.start, data.zone)
    return Content(
        subject=gettext(N_("Your appointment on %(day)s at %(time)s"), **when),
        lead=gettext(N_("Your appointment is booked. We look forward to seeing you.")),
        short=gettext(
            N_("Your appointment: %(day)s at %(time)s, %(office)s. Code %(code)s. %(url)s"),
            **short(data, when),
        ),
        **appointment_parts(data),
    )


def _reminder(data: AppointmentData) -> Content:
    when = day_and_time(data.start, data.zone)
    return Content(
        subject=gettext(N_("Reminder: your appointment on %(day)s at %(time)s"), **when),
        lead=gettext(
            N_("Your appointment is soon. If you cannot come, please tell us: somebody else waits.")
        ),
        short=gettext(
            N_("Reminder: %(day)s at %(time)s, %(office)s. Code %(code)s. Not coming? %(url)s"),
            **short(data, when),
        ),
        **appointment_parts(data),
    )


def _changed(data: AppointmentData) -> Content:
    when = day_and_time(data.start, data.zone)
    parts = appointment_parts(data)
    if data.previous_start:
        before = day_and_time(data.previous_start, data.zone)
        was = gettext(N_("%(day)s at %(time)s"), **before)
        parts["facts"] = [*parts["facts"], (gettext(N_("Before")), was)]
    return Content(
        subject=gettext(N_("Your appointment is now on %(day)s at %(time)s"), **when),
        lead=gettext(N_("Your appointment has changed. The code is still the same.")),
        short=gettext(
            N_("Your appointment is now %(day)s at %(time)s, %(office)s. Code %(code)s. %(url)s"),
            **short(data, when),
        ),
        **parts,
    )


def _cancelled(data: AppointmentData) -> Content:
    when = day_and_time(data.start, data.zone)
    return Content(
        subject=gettext(N_("Your appointment on %(day)s at %(time)s is cancelled"), **when),
        lead=gettext(N_("Your appointment is cancelled. You need not do anything.")),
        short=gettext(
            N_("Your appointment on %(day)s at %(time)s, %(office)s, is cancelled."),
            **short(data, when),
        ),
        facts=facts(data),
        closing=data.reason or gettext(N_("You can book another one whenever you like.")),
        name=data.name,
    )


def _seat_offered(data: SeatOfferedData) -> Content:
    when = day_and_time(data.start, data.zone)
    until = day_and_time(data.answer_by, data.zone)
    return Content(
        subject=gettext(N_("A place is free on %(day)s at %(time)s"), **when),
        lead=gettext(
            N_("A place has become free and is kept for you until %(time)s on %(day)s."), **until
        ),
        short=gettext(
            N_("A place is free: %(day)s at %(time)s, %(office)s. It is yours here: %(url)s"),
            **when,
            office=data.office,
            url=data.offer_url,
        ),
        facts=where_and_when(data.start, data.zone, data.office, data.address, data.services),
        links=[(gettext(N_("Take this place")), data.offer_url)],
        closing=gettext(N_("If you do nothing, it goes to the next person.")),
        name=data.name,
    )


def _device_alert(data: DeviceAlertData) -> Content:
    since = gettext(N_("%(day)s at %(time)s"), **day_and_time(data.since, data.zone))
    over = (
        gettext(N_("%(day)s at %(time)s"), **day_and_time(data.until, data.zone))
        if data.until
        else ""
    )
    subject = N_("Mended: %(device)s") if data.until else N_("Needs somebody: %(device)s")
    lead = (
        gettext(N_("This is over: %(problem)s"), problem=data.problem)
        if data.until
        else data.problem
    )
    return Content(
        subject=gettext(subject, device=data.device),
        lead=lead,
        short=f"{gettext(subject, device=data.device)}. {lead}",
        facts=filled(
            [
                (gettext(N_("Device")), data.device),
                (gettext(N_("Office")), data.office),
                (gettext(N_("Since")), since),
                (gettext(N_("Until")), over),
            ]
        ),
    )


def _receipt(data: ReceiptData, locale: str) -> Content:
    amount = money(data.amount_minor, data.currency, locale)
    paid = day_and_time(data.paid_at, data.zone)
    named = {"number": data.number, "amount": amount}
    return Content(
        subject=gettext(N_("Receipt %(number)s: %(amount)s"), **named),
        lead=gettext(N_("Thank you. We have received your payment.")),
        short=gettext(
            N_("We received your payment of %(amount)s. Receipt %(number)s. %(url)s"),
            **named,
            url=data.receipt_url,
        ).strip(),
        facts=filled(
            [
                (gettext(N_("Receipt")), data.number),
                (gettext(N_("Amount")), amount),
                (gettext(N_("Paid")), gettext(N_("%(day)s at %(time)s"), **paid)),
                (gettext(N_("For")), ", ".join(data.concepts)),
                (gettext(N_("Office")), data.office),
            ]
        ),
        links=filled([(gettext(N_("See the receipt")), data.receipt_url)]),
        name=data.name,
    )


_APPOINTMENTS: Mapping[str, Callable[[AppointmentData], Content]] = {
    kinds.CONFIRMED: _confirmed,
    kinds.REMINDER: _reminder,
    kinds.CHANGED: _changed,
    kinds.CANCELLED: _cancelled,
}
