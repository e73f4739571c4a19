"""The first page of an installation: which screens there are, and where staff sign in."""

from pathlib import Path

from flask import Blueprint, Flask, render_template

from turnero_core.i18n import pick
from turnero_core.web.access import PUBLIC, access
from turnero_queue.api.edge import Unit, authenticate, reads

blueprint = Blueprint("pages", __name__, template_folder=str(Path(__file__).parent / "templates"))
blueprint.before_request(authenticate)


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("/")
@access(PUBLIC)
@reads
def faces(unit: Unit) -> str:
    """Every office's kiosk and hall, to set up a screen with."""
    return render_template("pages/faces.html", offices=unit.catalogue.offices, pick=pick)
