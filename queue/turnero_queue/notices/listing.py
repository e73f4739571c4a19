"""Messages as the administration looks at them."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from turnero_core import sealed
from turnero_core.i18n import N_
from turnero_queue.models.notices import Channel, Notice, NoticeState
from turnero_queue.notices import kinds

KIND_NAMES: Mapping[str, str] = {
    kinds.CONFIRMED: N_("Appointment confirmed"),
    kinds.REMINDER: N_("Reminder"),
    kinds.CHANGED: N_("Appointment changed"),
    kinds.CANCELLED: N_("Appointment cancelled"),
    kinds.SEAT_OFFERED: N_("Free place offered"),
    kinds.RECEIPT: N_("Receipt"),
    kinds.DEVICE_ALERT: N_("Device in trouble"),
}
STATE_NAMES: Mapping[str, str] = {
    NoticeState.QUEUED: N_("Waiting"),
    NoticeState.SENDING: N_("Being sent"),
    NoticeState.SENT: N_("Sent"),
    NoticeState.FAILED: N_("Given up"),
    NoticeState.WITHDRAWN: N_("Withdrawn"),
    NoticeState.BOUNCED: N_("Refused by the receiver"),
}
CHANNEL_NAMES: Mapping[str, str] = {
    Channel.EMAIL: N_("E-mail"),
    Channel.SMS: N_("SMS"),
    Channel.WHATSAPP: N_("WhatsApp"),
}


def find(
    session: Session,
    *,
    state: str = "",
    address: str = "",
    offices: Collection[str] | None = None,
    before: str = "",
    most: int = 50,
) -> list[Notice]:
    """The newest first, of those `offices` (None is all, and what is of no office); `address`
    must be whole, for addresses are sealed; `before` is an id."""
    query = select(Notice).order_by(Notice.id.desc()).limit(most)
    if state:
        query = query.where(Notice.state == state)
    if address:
        query = query.where(Notice.address_digest == sealed.digest(address.strip().lower()))
    if offices is not None:
        query = query.where(Notice.office_id.in_(offices))
    if before:
        query = query.where(Notice.id < before)
    return list(session.scalars(query))


def counts(session: Session, offices: Collection[str] | None = None) -> dict[str, int]:
    """How many messages there are in each state, in those offices or in all."""
    query = select(Notice.state, func.count()).group_by(Notice.state)
    if offices is not None:
        query = query.where(Notice.office_id.in_(offices))
    return {str(state): count for state, count in session.execute(query).all()}
