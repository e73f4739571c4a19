"""The tables. `catalogue` is what administrators configure, `tickets` is what happens."""

from turnero_queue.models.access import ApiToken, IdempotencyKey
from turnero_queue.models.appointments import (
    Appointment,
    AppointmentBlock,
    AppointmentCalendar,
    AppointmentEvent,
    AppointmentSeat,
    AppointmentService,
    AppointmentWish,
    Availability,
)
from turnero_queue.models.audit import AuditEntry, AuditHead
from turnero_queue.models.cash import CashMovement, CashSession
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
from turnero_queue.models.configuration import ConfigurationChange
from turnero_queue.models.device_alerts import DeviceAlert
from turnero_queue.models.devices import Device, DeviceEnrolment, DeviceKind
from turnero_queue.models.notices import Notice
from turnero_queue.models.payments import (
    Difference,
    Payment,
    PaymentEvent,
    PaymentItem,
    Reconciliation,
    Refund,
)
from turnero_queue.models.receipts import Certificate, DebtReport, Receipt, ReceiptCounter
from turnero_queue.models.staff import Staff, StaffBackupCode, StaffRole, StaffSession
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
    "Appointment",
    "AppointmentBlock",
    "AppointmentCalendar",
    "AppointmentEvent",
    "AppointmentSeat",
    "AppointmentService",
    "AppointmentWish",
    "AuditEntry",
    "AuditHead",
    "Availability",
    "CashMovement",
    "CashSession",
    "Certificate",
    "ConfigurationChange",
    "DebtReport",
    "Desk",
    "DeskEvent",
    "DeskService",
    "Device",
    "DeviceAlert",
    "DeviceEnrolment",
    "DeviceKind",
    "Difference",
    "IdempotencyKey",
    "Municipality",
    "Notice",
    "Office",
    "OfficeSequence",
    "OfficeService",
    "Payment",
    "PaymentEvent",
    "PaymentItem",
    "Priority",
    "Receipt",
    "ReceiptCounter",
    "Reconciliation",
    "Refund",
    "Service",
    "ServiceCategory",
    "Staff",
    "StaffBackupCode",
    "StaffRole",
    "StaffSession",
    "Ticket",
    "TicketCounter",
    "TicketEvent",
    "TicketService",
]
