"""Static files and shared templates, addressed by content so that browsers may keep them."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, render_template, request, url_for

from turnero_core.i18n import current_language, gettext, ngettext
from turnero_core.web.access import PUBLIC, access, declare

ROOT = Path(__file__).parent.parent
FACES = ("kiosk", "hall", "phone", "console", "admin", "demo")
YEAR_S = 365 * 24 * 3600

blueprint = Blueprint(
    "core",
    __name__,
    static_folder=str(ROOT / "static"),
    template_folder=str(ROOT / "templates"),
    static_url_path="/static",
)


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)
    declare(app, "core.static", PUBLIC)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=False
    )
    app.jinja_env.globals.update(asset=asset, current_language=current_language, _=gettext)
    app.after_request(_keep_versioned)


@blueprint.get("/styleguide")
@access(PUBLIC)
def style_guide() -> str:
    """The visual language in use; `?face=` shows it as that face would."""
    face = request.args.get("face", "")
    return render_template("core/styleguide.html", face=face if face in FACES else "console")


def asset(filename: str, room: str = "core") -> str:
    """The address of a static file of a room (a blueprint), marked with its content's digest."""
    folder = current_app.blueprints[room].static_folder
    mark = _digest(str(folder), filename)
    return url_for(f"{room}.static", filename=filename, v=mark)


@cache
def _digest(folder: str, filename: str) -> str:
    return hashlib.sha256((Path(folder) / filename).read_bytes()).hexdigest()[:10]


def _keep_versioned(response: Response) -> Response:
    is_static = (request.endpoint or "").endswith(".static")
    if "v" in request.args and response.status_code == 200 and is_static:
        response.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
    return response
