"""The demonstration's own pages: where it begins, the printers' trays, the inbox, the day."""

from pathlib import Path

from flask import Blueprint, Flask

from turnero_core.web.access import PUBLIC, declare
from turnero_core.web.runtime import Runtime
from turnero_queue.api.edge import authenticate
from turnero_queue.notices.settings import EXTENSION
from turnero_server.demo import (
    address,
    day_views,
    inbox_views,
    printers,
    scanner_views,
    start_page,
    tablet_views,
    tray_views,
)
from turnero_server.demo.day.control import Control
from turnero_server.notices import BASE_URL
from turnero_server.printing import TRANSPORTS
from turnero_server.replay import office as replay

ROOT = Path(__file__).parent


def install(app: Flask) -> None:
    runtime: Runtime = app.extensions["turnero"]
    blueprint = Blueprint(
        "demo",
        __name__,
        static_folder=str(ROOT / "static"),
        static_url_path="/static/demo",
        template_folder=str(ROOT / "templates"),
    )
    blueprint.before_request(authenticate)
    for views in (start_page, tray_views, day_views, inbox_views, scanner_views, tablet_views):
        views.install(blueprint)
    app.register_blueprint(blueprint)
    declare(app, "demo.static", PUBLIC)
    scanner_views.attach(app)
    app.extensions[TRANSPORTS] = printers.transports(runtime.settings)
    app.extensions[day_views.DAY] = Control(runtime.database, skip=replay.CODE)
    app.extensions[EXTENSION] = inbox_views.SETTINGS
    app.extensions[BASE_URL] = address.recall(runtime.settings.instance)
