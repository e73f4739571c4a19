"""The panel's pages of webhooks: which systems are told what, and what became of each delivery."""

from flask import Flask

from turnero_admin.webhooks import (  # noqa: F401 - importing views registers them
    changing,
    editing,
    looking,
)
from turnero_admin.webhooks.banner import shown_banner
from turnero_admin.webhooks.blueprint import blueprint


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.jinja_env.globals["webhook_banner"] = shown_banner
