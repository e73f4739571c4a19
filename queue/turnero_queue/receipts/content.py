"""What a receipt says, taken down when it is issued: no later change of the configuration, of a
name or of an address alters it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.i18n import N_, gettext, pick
from turnero_queue import catalogue
from turnero_queue.models import CashMovement, Payment, PaymentItem
from turnero_queue.points_of_sale import PointOfSale
from turnero_queue.receipts.words import in_words

METHOD_NAMES = {
    "cash": N_("Cash desk"),
    "qr": N_("QR payment"),
    "card_terminal": N_("Card"),
    "desk_card": N_("Card at the cash desk"),
}


@dataclass(frozen=True)
class Line:
    text: str
    quantity: int
    amount_minor: int


@dataclass(frozen=True)
class Content:
    """`at` is RFC 3339; texts are in the receipt's language, `method` is a payment's or
    desk_card. In cash, `tendered_minor` was given for the total with its `rounding_minor`."""

    municipality: str
    office: str
    address: str
    point_of_sale: str
    lines: tuple[Line, ...]
    total_minor: int
    words: str
    method: str
    reference: str
    at: str
    zone: str
    original: str = ""
    reason: str = ""
    tendered_minor: int = 0
    change_minor: int = 0
    rounding_minor: int = 0

    def to_plain(self) -> dict[str, Any]:
        return {**asdict(self), "lines": [asdict(line) for line in self.lines]}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Content:
        return cls(**{**plain, "lines": tuple(Line(**line) for line in plain["lines"])})

    def when(self, language: str) -> str:
        """The local date and hour, as people of `language` write it."""
        at = datetime.fromisoformat(self.at)
        pattern = "d MMM y, H:mm"
        return str(format_datetime(at, pattern, tzinfo=ZoneInfo(self.zone), locale=language))


def of_payment(session: Session, payment: Payment, place: PointOfSale, now: datetime) -> Content:
    """What the receipt of a payment says."""
    query = select(PaymentItem).where(PaymentItem.payment_id == payment.id)
    items = session.scalars(query.order_by(PaymentItem.position)).all()
    lines = [
        Line(pick(item.names, payment.language), item.quantity, item.amount_minor) for item in items
    ]
    content = _content(session, payment, place, lines, payment.amount_minor, now)
    return replace(content, **_at_the_desk(session, payment))


def of_refund(
    session: Session,
    payment: Payment,
    place: PointOfSale,
    amount_minor: int,
    original: str,
    reason: str,
    now: datetime,
) -> Content:
    """What the credit note of money that went back says."""
    text = gettext(N_("Refund of receipt %(number)s"), number=original)
    lines = [Line(text, 1, amount_minor)]
    content = _content(session, payment, place, lines, amount_minor, now)
    return replace(content, original=original, reason=reason)


def _at_the_desk(session: Session, payment: Payment) -> dict[str, Any]:
    """What the cashier noted, when there was one."""
    query = select(CashMovement).where(
        CashMovement.payment_id == payment.id, CashMovement.kind.in_(("cash", "card"))
    )
    movement = session.scalars(query).one_or_none()
    if movement is None:
        return {}
    if movement.kind == "card":
        return {"method": "desk_card", "reference": movement.reason}
    return {
        "tendered_minor": movement.tendered_minor,
        "change_minor": movement.change_minor,
        "rounding_minor": movement.rounding_minor,
    }


def in_cash(says: Content, written: Callable[[int], str]) -> list[tuple[str, str]]:
    """What was given and given back, as labels and `written` amounts."""
    if not says.tendered_minor:
        return []
    pairs = [
        (gettext(N_("Rounding")), says.rounding_minor),
        (gettext(N_("Received")), says.tendered_minor),
        (gettext(N_("Change")), says.change_minor),
    ]
    return [(label, written(minor)) for label, minor in pairs if minor]


def _content(
    session: Session,
    payment: Payment,
    place: PointOfSale,
    lines: Sequence[Line],
    total: int,
    now: datetime,
) -> Content:
    configured = catalogue.current(session)
    office = configured.offices_by_id[payment.office_id]
    return Content(
        municipality=configured.name,
        office=pick(office.name, payment.language),
        address=office.address,
        point_of_sale=pick(place.name, payment.language),
        lines=tuple(lines),
        total_minor=total,
        words=in_words(total, payment.currency, payment.language),
        method=payment.method,
        reference=payment.provider_reference or payment.voucher or "",
        at=clock.rfc3339(now),
        zone=office.zone.key,
    )
