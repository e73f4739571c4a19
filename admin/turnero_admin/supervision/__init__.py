"""Supervision: one live page for each office, the city at a glance, and acting from there."""

from flask import Flask

from turnero_admin.supervision import (  # noqa: F401 - importing views registers them
    city,
    desk,
    message,
    office,
    person,
    service,
)
from turnero_admin.supervision.blueprint import blueprint


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)
