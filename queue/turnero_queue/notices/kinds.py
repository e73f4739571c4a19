"""The kinds of message, and what each has to be given.

Times are RFC 3339 in UTC (`clock.rfc3339`), `zone` is an IANA name; names are already in the
receiver's language, links may begin with /. Only JSON values: this is what the outbox keeps.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True, kw_only=True)
class AppointmentData:
    """Confirmed, reminder, changed, cancelled. `uid` is the booking's for ever, and `sequence`
    grows by one with every change of it (RFC 5545); `previous_start` is the hour that a change
    left, `reason` why the office cancelled or moved it. `manage_url` and `map_url` may be empty,
    `qr` is the text of the code that is scanned at the arrival.
    """

    uid: str
    sequence: int
    code: str
    services: list[str]
    office: str
    start: str
    end: str
    zone: str
    address: str = ""
    manage_url: str = ""
    map_url: str = ""
    name: str = ""
    previous_start: str = ""
    reason: str = ""
    requirements: list[str] | None = None
    office_phone: str = ""
    qr: str = ""


@dataclass(frozen=True, kw_only=True)
class SeatOfferedData:
    """A seat that became free, kept for this person until `answer_by`."""

    services: list[str]
    office: str
    start: str
    end: str
    zone: str
    answer_by: str
    offer_url: str
    address: str = ""
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class ReceiptData:
    """`amount_minor` is in the smallest unit of `currency` (ISO 4217)."""

    number: str
    amount_minor: int
    currency: str
    concepts: list[str]
    paid_at: str
    zone: str
    receipt_url: str = ""
    office: str = ""
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class DeviceAlertData:
    """Something is wrong with a device since `since`, or was until `until`."""

    device: str
    problem: str
    since: str
    zone: str
    office: str = ""
    until: str = ""


NoticeData = AppointmentData | SeatOfferedData | ReceiptData | DeviceAlertData
CONFIRMED, REMINDER = "appointment-confirmed", "appointment-reminder"
CHANGED, CANCELLED = "appointment-changed", "appointment-cancelled"
SEAT_OFFERED, RECEIPT = "seat-offered", "receipt"
DEVICE_ALERT = "device-alert"
KINDS: Mapping[str, type[NoticeData]] = {
    CONFIRMED: AppointmentData,
    REMINDER: AppointmentData,
    CHANGED: AppointmentData,
    CANCELLED: AppointmentData,
    SEAT_OFFERED: SeatOfferedData,
    RECEIPT: ReceiptData,
    DEVICE_ALERT: DeviceAlertData,
}
LINKS = ("manage_url", "map_url", "offer_url", "receipt_url", "qr")
TIMES = ("start", "end", "previous_start", "answer_by", "paid_at", "since", "until")


def read(kind: str, data: Mapping[str, Any] | NoticeData) -> NoticeData:
    """`data` as its kind's class; ValueError for an unknown kind, a missing or unknown key, or a
    time or zone that is none."""
    if kind not in KINDS:
        raise ValueError(f"no kind of notice is called {kind!r}")
    values = dict(data) if isinstance(data, Mapping) else asdict(data)
    try:
        found = KINDS[kind](**values)
        ZoneInfo(found.zone)
        for name in TIMES:
            if text := values.get(name):
                at(text)
    except (TypeError, KeyError, OSError, ValueError) as error:
        raise ValueError(f"data of {kind}: {error}") from error
    return found


def at(text: str) -> datetime:
    """The instant that RFC 3339 `text` names; ValueError when it has no zone."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"{text!r} has no zone")
    return found


def addressed(data: NoticeData, base_url: str) -> NoticeData:
    """`data` with its links whole: one that begins with / is below `base_url`, and is left out
    where nobody knows that."""
    found: dict[str, Any] = {
        name: base_url and base_url + value
        for name, value in asdict(data).items()
        if name in LINKS and str(value).startswith("/")
    }
    return replace(data, **found)
