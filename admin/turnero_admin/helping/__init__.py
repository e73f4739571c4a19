"""The staff's side of help at kiosks: the banner on their pages, and helping on the screen."""

from flask import Flask

from turnero_admin.helping import (  # noqa: F401 - importing views registers them
    assisting,
    listing,
    live,
    taking,
)
from turnero_admin.helping.banner import shown
from turnero_admin.helping.blueprint import blueprint


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.jinja_env.globals["help_banner"] = shown
