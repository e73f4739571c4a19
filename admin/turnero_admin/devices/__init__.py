"""The panel's pages of machines: kiosks, agents, displays and printers, and how each one is."""

from flask import Flask

from turnero_admin.devices import (  # noqa: F401 - importing views registers them
    enrolling,
    listing,
    live,
    one,
    one_changes,
    printer,
)
from turnero_admin.devices.blueprint import blueprint
from turnero_admin.devices.live import shown_banner


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.jinja_env.globals["device_banner"] = shown_banner
