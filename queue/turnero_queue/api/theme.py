"""The municipality's own colour as a stylesheet, and its name for every page."""

from typing import Any

from flask import Blueprint, Flask, Response

from turnero_core.colour import DEFAULT_BRAND, theme_css
from turnero_core.errors import Problem
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.runtime import runtime
from turnero_queue import catalogue

blueprint = Blueprint("theme", __name__)
MINUTE_S = 60


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.context_processor(_municipality)


@blueprint.get("/theme.css")
@access(PUBLIC)
def stylesheet() -> Response:
    """Tones that follow from the municipality's colour, each with enough contrast."""
    found = _configured()
    css = theme_css((found and found.colour) or DEFAULT_BRAND)
    headers = {"Cache-Control": f"public, max-age={MINUTE_S}"}
    return Response(css, mimetype="text/css", headers=headers)


def _municipality() -> dict[str, Any]:
    return {"municipality": _configured()}


def _configured() -> catalogue.Catalogue | None:
    known: catalogue.Catalogue | None = runtime().database.cache.get("catalogue")
    if known is not None:
        return known
    try:
        with runtime().database.read() as session:
            return catalogue.current(session)
    except Problem:
        return None
