"""The blueprint of the staff's pages, and what holds for every one of them."""

from typing import Any

from flask import Blueprint, Response, request
from flask_htmx import HTMX  # type: ignore[import-untyped]

from turnero_admin import next_page, show
from turnero_core.i18n import LANGUAGES, N_, gettext, pick
from turnero_core.web import language
from turnero_queue.api import signed_in
from turnero_queue.api.edge import authenticate

YEAR_S = 365 * 24 * 3600

blueprint = Blueprint(
    "admin",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/admin",
)


def frame() -> dict[str, Any]:
    """What every page's frame shows, and where a page that tells of a problem leads."""
    return {
        "person": signed_in.person(),
        "shortcuts": request.cookies.get("turnero_shortcuts") != "off",
        "show": show,
        "face": "console",
        "home": next_page.landing(),
        "advice": gettext(N_("Go back to the start. If it goes on, ask an administrator.")),
    }


def keep_language(response: Response) -> Response:
    """A language asked for in the address stays for the pages that follow."""
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        response.set_cookie(language.COOKIE, asked, max_age=YEAR_S, samesite="Lax")
    return response


blueprint.before_request(authenticate)
blueprint.context_processor(frame)
blueprint.after_request(keep_language)
blueprint.add_app_template_filter(pick)
htmx = HTMX()
