"""The blueprint of `/admin`, and what holds for every page of the panel.

A page is a view on `blueprint` (or on one that `prepare` was given) that renders a template
extending `admin/panel.html`.
"""

from typing import Any

from flask import Blueprint

from turnero_admin import blueprint as staff_pages
from turnero_admin.panel import offices, sections
from turnero_core.i18n import pick
from turnero_queue.api.edge import authenticate


def prepare(pages: Blueprint) -> Blueprint:
    """Make `pages` part of the panel: who may enter is checked, its frame is filled."""
    pages.before_request(authenticate)
    pages.context_processor(_frame)
    pages.after_request(staff_pages.keep_language)
    return pages


def _frame() -> dict[str, Any]:
    """The staff's common frame, the sections in reach and the offices to switch between."""
    shown = sections.shown()
    return {
        **staff_pages.frame(),
        "sections": shown,
        "section_groups": sections.grouped(shown),
        "switcher": offices.switcher(),
        "pick": pick,
    }


blueprint = prepare(Blueprint("panel", __name__, url_prefix="/admin"))
