"""When each office gives appointments, edited with an eye on who has booked already."""

from flask import Flask

from turnero_admin.schedules import (  # noqa: F401 - importing views registers them
    editing,
    listing,
)
from turnero_admin.schedules.blueprint import blueprint


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)
