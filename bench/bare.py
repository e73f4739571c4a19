"""Bare endpoints of the same server: the product's durable writes with a database driver alone.

bare.py DATABASE WORKERS PORT. The product's own gunicorn, gevent and application, with a few views
replaced: no token, no checks, no estimate, no order beyond an index. What the ratio is of.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from gevent import monkey

monkey.patch_all()

from tempfile import mkdtemp  # noqa: E402
from typing import Any  # noqa: E402

from bench.bare_store import PostgresStore, SqliteStore, Store  # noqa: E402
from flask import Flask, jsonify, request  # noqa: E402

from turnero_core.settings import Settings  # noqa: E402
from turnero_core.web.access import PUBLIC, access  # noqa: E402
from turnero_server.app import create_app  # noqa: E402
from turnero_server.serving import Address, Server  # noqa: E402


class BareServer(Server):
    """The product's launcher with another application in it."""

    def __init__(self, database: str, address: Address, workers: int) -> None:
        self._database = database
        super().__init__(None, address, workers, lambda: None)  # type: ignore[arg-type]

    def load(self) -> Flask:
        return application(open_store(self._database))


def open_store(database: str) -> Store:
    return PostgresStore(database) if "://" in database else SqliteStore(database)


def application(store: Store) -> Flask:
    """The product, with the store's writes in the place of its own."""
    instance = Path(mkdtemp(prefix="turnero-bare-"))
    settings = Settings(instance, f"sqlite:///{instance / 'unused.db'}", "bare", "", 0)
    app = create_app(settings)

    @access(PUBLIC)
    def issue(office: str) -> Any:
        return jsonify(store.issue(office, request.get_json()["service"])), 201

    @access(PUBLIC)
    def call_next(office: str, desk: str) -> Any:
        called = store.call_next(office, desk)
        return (jsonify(called), 200) if called else ("", 204)

    @access(PUBLIC)
    def hold() -> Any:
        asked = request.get_json()
        return jsonify(store.hold(asked["office"], asked["services"][0], asked["start"])), 201

    @access(PUBLIC)
    def confirm(token: str) -> Any:
        return jsonify(store.confirm("any", token))

    app.view_functions["appointments.create_appointment"] = hold
    app.view_functions["appointments.confirm_appointment"] = confirm
    app.view_functions["tickets.create_ticket"] = issue
    app.view_functions["desks.call_next"] = call_next
    return app


def main(database: str, workers: str, port: str) -> None:
    open_store(database).make_tables()
    BareServer(database, Address("127.0.0.1", int(port)), int(workers)).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
