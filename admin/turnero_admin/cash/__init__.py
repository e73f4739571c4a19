"""The cash desk's pages: the cashier's screen, the close, and the second person's list."""

from flask import Flask

from turnero_admin.cash import (  # noqa: F401 - importing views registers them
    approving,
    aside,
    charging,
    closing,
    debts,
    desk,
    taking,
)
from turnero_admin.cash.blueprint import blueprint


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)
