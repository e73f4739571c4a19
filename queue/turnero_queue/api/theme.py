"""The municipality's own colour as a stylesheet, and its name for every page."""

from typing import Any

from flask import Blueprint, Flask, Response, send_file, url_for

from turnero_core.colour import DEFAULT_BRAND, theme_css
from turnero_core.errors import NotFound, Problem
from turnero_core.i18n import N_
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.runtime import runtime
from turnero_queue import catalogue, logo

blueprint = Blueprint("theme", __name__)
MINUTE_S = 60


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.context_processor(_municipality)


@blueprint.get("/theme.css")
@access(PUBLIC)
def stylesheet() -> Response:
    """Tones that follow from the municipality's colour, each with enough contrast."""
    found = _in_force()
    css = theme_css((found and found.colour) or DEFAULT_BRAND)
    headers = {"Cache-Control": f"public, max-age={MINUTE_S}"}
    return Response(css, mimetype="text/css", headers=headers)


@blueprint.get("/logo")
@access(PUBLIC)
def crest() -> Response:
    """The municipality's logo, for the screens."""
    found = _in_force()
    path = found and logo.file(found, runtime().settings.instance)
    if not path:
        raise NotFound(N_("This municipality has no logo."))
    return send_file(path.absolute(), max_age=MINUTE_S)


def paper_logo() -> bytes | None:
    """The logo as slips print it, if it is a picture."""
    found = _configured()
    return logo.on_paper(found, runtime().settings.instance) if found else None


def _municipality() -> dict[str, Any]:
    found = _configured()
    shown = found is not None and logo.file(found, runtime().settings.instance)
    version = found.version if found else 0
    return {
        "municipality": found,
        "logo_url": url_for("theme.crest", v=version) if shown else None,
        "theme_url": url_for("theme.stylesheet", v=found.colour.lstrip("#"))
        if found and found.colour
        else url_for("theme.stylesheet"),
    }


def _configured() -> catalogue.Catalogue | None:
    known: catalogue.Catalogue | None = runtime().database.cache.get("catalogue")
    return known if known is not None else _in_force()


def _in_force() -> catalogue.Catalogue | None:
    """What is kept under an address for a while must not come from before a change."""
    try:
        with runtime().database.read() as session:
            return catalogue.current(session)
    except Problem:
        return None
