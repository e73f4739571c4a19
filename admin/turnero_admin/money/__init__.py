"""The office's pages about money: payments, the report, certificates."""

from flask import Flask

from turnero_admin.money import (  # noqa: F401 - importing views registers them
    certificates,
    listing,
    one,
    report,
)
from turnero_admin.money.blueprint import blueprint


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)
