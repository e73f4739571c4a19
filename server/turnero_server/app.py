"""The application: every room's blueprints on one runtime."""

from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import turnero_admin
import turnero_displays
import turnero_kiosk
from turnero_core import live, sealed
from turnero_core.db import Database
from turnero_core.live import Hub
from turnero_core.live_postgres import Listener
from turnero_core.settings import Settings
from turnero_core.web import (
    assets,
    bodies,
    compression,
    csrf,
    language,
    problems,
    security,
)
from turnero_core.web.runtime import Runtime, install
from turnero_queue import api, surroundings
from turnero_queue.api import signed_in, theme
from turnero_server import health, pages
from turnero_server.demo import web as demonstration

# In the order they are installed. The rooms come last: they build on what is before them.
PARTS: tuple[Any, ...] = (
    problems,
    csrf,
    bodies,
    language,
    security,
    compression,
    assets,
    signed_in,
    theme,
    api,
    health,
    turnero_displays,
    turnero_admin,
    turnero_kiosk,
)


def create_app(
    settings: Settings, database: Database | None = None, *, demo: bool = False
) -> Flask:
    """The whole product as a WSGI application; `database` is opened from the settings if absent.

    Only with `demo` are there a printer's tray and a simulated day.
    """
    app = Flask("turnero", static_folder=None)
    app.secret_key = settings.secret_key
    app.config.update(SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax")
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]
    sealed.use(settings.secret_key)
    surroundings.use(settings.base_url, settings.instance)
    database = database or Database(settings.database_url)
    hub = Hub()
    live.connect(database, hub)
    install(app, Runtime(settings, database, hub))
    for part in PARTS:
        part.install(app)
    (demonstration if demo else pages).install(app)
    return app


def start_listening(app: Flask) -> None:
    """Hear the other processes of a PostgreSQL installation; call once in each, after forking."""
    runtime: Runtime = app.extensions["turnero"]
    if not runtime.database.sqlite:
        Listener(runtime.database, runtime.hub).start()
