"""The least a server can do: the product's durable writes with a database driver alone.

bare.py DATABASE WORKERS PORT. The same gunicorn, gevent and Flask; one view for each measurement,
no checks, no languages, no estimate, no order beyond an index. What the product's ratio is of.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from gevent import monkey

monkey.patch_all()

from typing import Any  # noqa: E402

from bench.bare_store import PostgresStore, SqliteStore, Store  # noqa: E402
from flask import Flask, jsonify, request  # noqa: E402

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
    app = Flask("bare")

    @app.get("/healthz")
    def healthz() -> Any:
        return jsonify(status="ok")

    @app.post("/api/v1/offices/<office>/tickets")
    def issue(office: str) -> Any:
        return jsonify(store.issue(office, request.get_json()["service"])), 201

    @app.post("/api/v1/offices/<office>/desks/<desk>/call-next")
    def call_next(office: str, desk: str) -> Any:
        called = store.call_next(office, desk)
        return (jsonify(called), 200) if called else ("", 204)

    return app


def main(database: str, workers: str, port: str) -> None:
    open_store(database).make_tables()
    BareServer(database, Address("127.0.0.1", int(port)), int(workers)).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
