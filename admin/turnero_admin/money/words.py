"""What the states, methods and events of payments are called."""

from turnero_core.i18n import N_
from turnero_queue.payments.states import STATE_NAMES
from turnero_queue.receipts.content import METHOD_NAMES

__all__ = ["DIFFERENCES", "EVENTS", "METHOD_NAMES", "REFUND_STATES", "STATE_NAMES", "TONES"]

TONES = {
    "approved": "ok",
    "pending": "info",
    "created": "info",
    "partly_refunded": "warn",
    "refunded": "warn",
    "rejected": "danger",
}
EVENTS = {
    "created": N_("begun"),
    "sent": N_("sent to the provider"),
    "approved": N_("paid"),
    "rejected": N_("rejected"),
    "cancelled": N_("cancelled"),
    "expired": N_("expired"),
    "refunded_in_part": N_("refunded in part"),
    "refunded": N_("refunded"),
    "refund_asked": N_("refund asked for"),
    "refund_failed": N_("refund not made"),
    "cancel_asked": N_("cancelling asked for"),
    "unsure": N_("not known what became of it"),
}
REFUND_STATES = {
    "created": N_("to be given"),
    "pending": N_("on its way"),
    "approved": N_("given back"),
    "rejected": N_("not given back"),
}
DIFFERENCES = {
    "missing_here": N_("The provider has it, we do not"),
    "missing_there": N_("We have it, the provider does not"),
    "state": N_("Paid on one side only"),
    "amount": N_("Different amounts"),
    "refund": N_("Different refunds"),
}
