"""Debts in the city's own systems: looked up by document or account, and reported when paid."""

from turnero_queue.connectors.debt import (
    Debt,
    Debts,
    DebtsUnavailable,
    DocumentOrAccount,
    NonsenseAnswer,
    Paid,
    asked,
    total,
)
from turnero_queue.connectors.guarded import Guarded
from turnero_queue.connectors.options import Connector
from turnero_queue.connectors.registry import configured, connector, named, opened
from turnero_queue.connectors.reporting import outstanding

__all__ = [
    "Connector",
    "Debt",
    "Debts",
    "DebtsUnavailable",
    "DocumentOrAccount",
    "Guarded",
    "NonsenseAnswer",
    "Paid",
    "asked",
    "configured",
    "connector",
    "named",
    "opened",
    "outstanding",
    "total",
]
