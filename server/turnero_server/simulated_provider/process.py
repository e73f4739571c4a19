"""The process: its application, its books, its webhooks; it writes down where it listens."""

import os
import secrets
import signal
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from flask import Flask
from werkzeug.serving import make_server

from turnero_queue.payments.registry import SECRETS, SIMULATED_ADDRESS, TOKEN_FILE, WEBHOOK_FILE
from turnero_queue.payments.settings import SIMULATED
from turnero_server.simulated_provider import contract, pages
from turnero_server.simulated_provider.faults import Switchboard
from turnero_server.simulated_provider.hooks import Sender
from turnero_server.simulated_provider.ledger import Ledger

LEDGER = "simulated_provider.db"
PARENT_POLL_S = 1.0


@dataclass(frozen=True)
class Secrets:
    access_token: str
    webhook_secret: str


def create_app(ledger: Ledger, faults: Switchboard, access_token: str) -> Flask:
    app = Flask("simulated_provider", static_folder=None)
    app.extensions.update(ledger=ledger, faults=faults, access_token=access_token)
    app.register_blueprint(contract.blueprint)
    app.register_blueprint(pages.blueprint)
    return app


def make_secrets(instance: Path) -> Secrets:
    """The secrets that server and provider share, made where they are not (mode 0600)."""
    folder = instance / SECRETS
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    token, hook = (
        _kept(folder / name.format(code=SIMULATED)) for name in (TOKEN_FILE, WEBHOOK_FILE)
    )
    return Secrets(token, hook)


def run(
    instance: Path,
    host: str,
    port: int,
    notify: str,
    seed: int | None = None,
    *,
    with_parent: bool = False,
) -> None:
    """Serve until a signal ends it, or the process that started it is gone; `notify` is where
    the webhooks go."""
    shared = make_secrets(instance)
    ledger = Ledger(instance / LEDGER)
    faults = Switchboard(ledger, seed)
    server = make_server(host, port, create_app(ledger, faults, shared.access_token), threaded=True)
    sender = Sender(ledger, faults, shared.webhook_secret, notify)
    sender.start()
    if with_parent:
        threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    _announce(instance, f"http://{host}:{server.server_port}")
    signal.signal(signal.SIGTERM, _end)
    try:
        server.serve_forever(poll_interval=0.1)
    except KeyboardInterrupt:
        return
    finally:
        sender.stop()
        ledger.close()


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PARENT_POLL_S)
    os.kill(os.getpid(), signal.SIGTERM)


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _announce(instance: Path, address: str) -> None:
    """Whole or not at all: somebody may be reading it."""
    draft = instance / f".{SIMULATED_ADDRESS}"
    draft.write_text(address + "\n", "utf-8")
    draft.rename(instance / SIMULATED_ADDRESS)


def _kept(file: Path) -> str:
    if not file.exists():
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(secrets.token_urlsafe(32) + "\n")
    return file.read_text("utf-8").strip()
