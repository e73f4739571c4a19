"""Forms carry a token of their session, so that no other site can send them."""

from flask import Flask
from flask_wtf.csrf import CSRFProtect

protect = CSRFProtect()


def install(app: Flask) -> None:
    # Kiosks and consoles stay on one page for days: the token lives as long as the session.
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.config["WTF_CSRF_SSL_STRICT"] = False
    protect.init_app(app)
