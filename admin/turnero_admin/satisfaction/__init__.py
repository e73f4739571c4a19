"""What people said of the service."""

from flask import Flask

from turnero_admin.satisfaction import results


def install(app: Flask) -> None:
    app.register_blueprint(results.blueprint)
