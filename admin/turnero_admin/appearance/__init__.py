"""How the municipality looks and what it says: texts, halls, colour and logo, with previews."""

from flask import Flask

from turnero_admin.appearance import branding, hall, paper, texts  # noqa: F401 - registers views
from turnero_admin.appearance.blueprint import blueprint


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)
