"""The configuration's pages: offices, services and everything else that the file holds."""

from flask import Flask

from turnero_admin.configuration import (  # noqa: F401 - importing views registers them
    desks,
    entry,
    hours,
    index,
    message_test,
    messages,
    municipality,
    offers,
    offices,
    past,
    payments,
    printers,
    rules,
    shared,
    sign_in,
)
from turnero_admin.configuration.blueprint import blueprint


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)
    payments.limit_tries(app)
