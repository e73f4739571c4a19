"""Messages to citizens: put into an outbox with the change that they tell of, sent after it."""

from turnero_queue.notices.contacts import Contact, contact
from turnero_queue.notices.kinds import (
    AppointmentData,
    ReceiptData,
    SeatOfferedData,
)
from turnero_queue.notices.outbox import enqueue, withdraw

__all__ = [
    "AppointmentData",
    "Contact",
    "ReceiptData",
    "SeatOfferedData",
    "contact",
    "enqueue",
    "withdraw",
]
