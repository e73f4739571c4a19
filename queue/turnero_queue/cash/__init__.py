"""The cash desk: sessions of a drawer, what is taken and given, the count, the report."""

from turnero_queue.cash.arqueo import Arqueo, arqueo, arqueo_pdf, arqueo_slip, print_arqueo
from turnero_queue.cash.operations import (
    Taken,
    deposit,
    due_in_cash,
    find,
    movements,
    open_drawer,
    pay_refund,
    refund_now,
    take_card,
    take_cash,
    withdraw,
)
from turnero_queue.cash.sessions import (
    approve,
    count,
    current,
    explain,
    hold,
    open_session,
    own,
    to_approve,
)

__all__ = [
    "Arqueo",
    "Taken",
    "approve",
    "arqueo",
    "arqueo_pdf",
    "arqueo_slip",
    "count",
    "current",
    "deposit",
    "due_in_cash",
    "explain",
    "find",
    "hold",
    "movements",
    "open_drawer",
    "open_session",
    "own",
    "pay_refund",
    "print_arqueo",
    "refund_now",
    "take_card",
    "take_cash",
    "to_approve",
    "withdraw",
]
