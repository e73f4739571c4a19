"""The configuration's first page."""

from flask import render_template

from turnero_admin.configuration import cards
from turnero_admin.configuration.blueprint import CITY, OFFICE, blueprint
from turnero_core.web.access import access
from turnero_queue.api.edge import Unit, reads


@blueprint.get("", strict_slashes=False)
@access(OFFICE, CITY)
@reads
def index(unit: Unit) -> str:
    return render_template("admin/configuration/index.html", cards=cards.shown(), switcher=None)
