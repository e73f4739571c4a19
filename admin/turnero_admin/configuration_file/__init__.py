"""The whole configuration as a file: taken away, brought back, and what that would change."""

from flask import Flask

from turnero_admin.configuration_file import views  # noqa: F401 - importing views registers them
from turnero_admin.configuration_file.blueprint import blueprint


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)
