"""Argentina's standard for procedures (`tramites.json`): read, compared, put in force, written."""

from turnero_queue.procedures.merging import Left, Plan, plan
from turnero_queue.procedures.reading import MAX_BYTES, Procedure, read
from turnero_queue.procedures.standard import PROVINCES, THEMES
from turnero_queue.procedures.writing import export, render, without_theme

__all__ = [
    "MAX_BYTES",
    "PROVINCES",
    "THEMES",
    "Left",
    "Plan",
    "Procedure",
    "export",
    "plan",
    "read",
    "render",
    "without_theme",
]
