"""The tables. `catalogue` is what administrators configure, `tickets` is what happens."""

from turnero_queue.models.access import ApiToken, IdempotencyKey
from turnero_queue.models.catalogue import (
    Desk,
    DeskService,
    Municipality,
    Office,
    OfficeService,
    Priority,
    Service,
    ServiceCategory,
)
from turnero_queue.models.staff import Staff
from turnero_queue.models.tickets import (
    DeskEvent,
    OfficeSequence,
    Ticket,
    TicketCounter,
    TicketEvent,
    TicketService,
)

__all__ = [
    "ApiToken",
    "Desk",
    "DeskEvent",
    "DeskService",
    "IdempotencyKey",
    "Municipality",
    "Office",
    "OfficeSequence",
    "OfficeService",
    "Priority",
    "Service",
    "ServiceCategory",
    "Staff",
    "Ticket",
    "TicketCounter",
    "TicketEvent",
    "TicketService",
]
