"""Procedures as Argentina's tramites.json: taken away, brought back, and what that would change."""

from flask import Flask

from turnero_admin.procedures import views  # noqa: F401 - importing views registers them
from turnero_admin.procedures.blueprint import blueprint


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)
