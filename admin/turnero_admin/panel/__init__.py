"""The administration's panel: its frame, its sections, and the first pages in it."""

from flask import Flask

from turnero_admin.panel import (  # noqa: F401 - importing views registers them
    account,
    audit,
    home,
    member,
    notices,
    privacy,
    second_factor,
    staff,
)
from turnero_admin.panel.blueprint import blueprint


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)
