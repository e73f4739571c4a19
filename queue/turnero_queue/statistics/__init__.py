"""Statistics of queues, derived from events: `report(session, Query(…))` answers everything."""

from turnero_queue.statistics.figures import Figures, Row, Spread
from turnero_queue.statistics.query import DIMENSIONS, Query
from turnero_queue.statistics.report import Report, report

__all__ = ["DIMENSIONS", "Figures", "Query", "Report", "Row", "Spread", "report"]
