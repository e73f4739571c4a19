"""The staff's calendar of appointments: what is booked, and everything done about it by hand."""

from flask import Flask

from turnero_admin.calendar import (  # noqa: F401 - importing views registers them
    blocks,
    booking,
    day,
    one,
    one_changes,
    paper,
    searching,
)
from turnero_admin.calendar.blueprint import blueprint


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)
