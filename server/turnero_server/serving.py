"""The web server: gunicorn with gevent, embedded. The standard library is patched beforehand."""

import logging
import resource
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gevent
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.workers.ggevent import GeventWorker

from turnero_core.errors import Unavailable
from turnero_core.i18n import N_
from turnero_core.settings import Settings
from turnero_server import reasons
from turnero_server.app import create_app, start_listening
from turnero_server.background import Background

CONNECTIONS = 10_000
GRACE_S = 2


@dataclass(frozen=True)
class Address:
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


class Log(Logger):  # type: ignore[misc]
    """gunicorn's messages, through the program's own log."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.setLevel(logging.NOTSET)
        self.error_log.propagate = True


class Worker(GeventWorker):  # type: ignore[misc]
    """Ends what runs beside the requests as soon as it is told to stop, not after them: open
    screens may hold a worker until its time is up."""

    def handle_exit(self, sig: int, frame: Any) -> None:
        gevent.spawn(self.app.stop_background)
        super().handle_exit(sig, frame)


class Server(BaseApplication):  # type: ignore[misc]
    """Serves until it is told to stop. Every worker builds the application after the fork."""

    def __init__(
        self,
        settings: Settings,
        address: Address,
        workers: int,
        ready: Callable[[], None],
        demo: bool = False,
    ) -> None:
        self._settings = settings
        self._address = address
        self._workers = workers
        self._ready = ready
        self._demo = demo
        self._background: Background | None = None
        super().__init__()

    def load_config(self) -> None:
        chosen = {
            "bind": str(self._address),
            "workers": self._workers,
            "worker_class": Worker,
            "worker_connections": CONNECTIONS,
            "backlog": 2048,
            "graceful_timeout": GRACE_S,
            "keepalive": 75,
            "accesslog": None,
            "logger_class": Log,
            "control_socket_disable": True,
            "proc_name": "turnero",
            "when_ready": lambda _arbiter: self._ready(),
            "worker_int": lambda _worker: self.stop_background(),
            "worker_exit": lambda _arbiter, _worker: self.stop_background(),
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        app = create_app(self._settings, demo=self._demo)
        start_listening(app)
        self._background = Background(app)
        self._background.start()
        return app

    def stop_background(self) -> None:
        if self._background:
            self._background.stop()


def serve(
    settings: Settings,
    address: Address,
    workers: int = 1,
    ready: Callable[[], None] = lambda: None,
    *,
    demo: bool = False,
) -> None:
    """Serve on `address` until a signal ends it; `ready` is called when it listens."""
    check_free(address)
    allow_open_files(CONNECTIONS + 500)
    Server(settings, address, workers, ready, demo).run()


def check_free(address: Address) -> None:
    """Unavailable when nothing can listen on `address`, and why."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError as error:
            raise Unavailable(
                N_("Cannot listen on %(address)s: %(reason)s. Choose another with --port."),
                slug="address-taken",
                address=address,
                reason=reasons.of(error),
            ) from error


def allow_open_files(wanted: int) -> None:
    """Raise this process's own limit as far as it may: every open screen is a file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
