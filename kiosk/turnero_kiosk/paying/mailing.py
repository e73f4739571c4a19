"""A receipt sent to an address that somebody typed: once to each, and not to a whole list."""

from sqlalchemy import func, select

from turnero_core import sealed
from turnero_core.i18n import N_, gettext
from turnero_queue import receipts
from turnero_queue.api.edge import Unit
from turnero_queue.models import Receipt
from turnero_queue.models.notices import Notice
from turnero_queue.notices.contacts import BAD_EMAIL, normal_email

MOST = 5


def send(unit: Unit, receipt: Receipt, typed: str) -> str:
    """Have it sent; what is wrong, in the reader's language, when it cannot be."""
    try:
        address = normal_email(typed)
    except ValueError:
        return gettext(BAD_EMAIL)
    query = select(func.count()).select_from(Notice).where(Notice.subject_id == receipt.id)
    if (unit.session.scalar(query) or 0) >= MOST:
        return gettext(N_("It was sent to enough addresses. Ask at the cash desk, please."))
    key = f"receipt:{receipt.id}:{sealed.digest(address)[:24]}"
    receipts.mail(unit.session, receipt, address, unit.now, key=key)
    return ""
