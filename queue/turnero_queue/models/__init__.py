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
from turnero_queue.models.helping import Assistance, HelpCall
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
from turnero_queue.models.satisfaction import (
    Feedback,
    FeedbackComment,
    FeedbackMark,
    SurveyAnswer,
)
from turnero_queue.models.staff import Staff, StaffBackupCode, StaffRole, StaffSession
from turnero_queue.models.statistics import (
    StatisticDay,
    StatisticDesk,
    StatisticHour,
    StatisticProgress,
)
from turnero_queue.models.supervision import DeskLoan, HallMessage, ServicePause
from turnero_queue.models.tickets import (
    DeskEvent,
    OfficeSequence,
    Ticket,
    TicketCounter,
    TicketEvent,
    TicketService,
)
from turnero_queue.models.webhooks import Webhook, WebhookDelivery

__all__ = [
    "ApiToken",
    "Appointment",
    "AppointmentBlock",
    "AppointmentCalendar",
    "AppointmentEvent",
    "AppointmentSeat",
    "AppointmentService",
    "AppointmentWish",
    "Assistance",
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
    "DeskLoan",
    "DeskService",
    "Device",
    "DeviceAlert",
    "DeviceEnrolment",
    "DeviceKind",
    "Difference",
    "Feedback",
    "FeedbackComment",
    "FeedbackMark",
    "HallMessage",
    "HelpCall",
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
    "ServicePause",
    "Staff",
    "StaffBackupCode",
    "StaffRole",
    "StaffSession",
    "StatisticDay",
    "StatisticDesk",
    "StatisticHour",
    "StatisticProgress",
    "SurveyAnswer",
    "Ticket",
    "TicketCounter",
    "TicketEvent",
    "TicketService",
    "Webhook",
    "WebhookDelivery",
]
