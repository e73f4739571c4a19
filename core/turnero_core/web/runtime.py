"""What a running application carries, reached from any view."""

from dataclasses import dataclass

from flask import Flask, current_app, request

from turnero_core.db import Database
from turnero_core.live import Hub
from turnero_core.settings import Settings


@dataclass(frozen=True)
class Runtime:
    settings: Settings
    database: Database
    hub: Hub


def install(app: Flask, runtime: Runtime) -> None:
    app.extensions["turnero"] = runtime


def runtime() -> Runtime:
    """The runtime of the application that serves this request."""
    found: Runtime = current_app.extensions["turnero"]
    return found


def base_url() -> str:
    """The address that citizens reach the server under, without a slash at its end."""
    return runtime().settings.base_url or request.host_url.rstrip("/")
