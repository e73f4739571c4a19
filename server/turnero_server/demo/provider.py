"""The demonstration's provider of payments: a process beside the server, ended with it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from turnero_core.i18n import N_, gettext
from turnero_core.settings import Settings
from turnero_queue.payments.registry import SIMULATED_ADDRESS
from turnero_server.simulated_provider import process

# A slow machine takes its time to start Python; the demonstration works without it, too.
PATIENCE_S = 30.0
ENDING_S = 5.0


@contextmanager
def beside(settings: Settings, server: str) -> Iterator[None]:
    """Run the simulated provider for as long as the block lasts; it tells `server` of payments."""
    process.make_secrets(settings.instance)
    address = settings.instance / SIMULATED_ADDRESS
    address.unlink(missing_ok=True)
    child = subprocess.Popen(  # noqa: S603 - this program itself
        [sys.executable, "-m", "turnero_server", "simulated-provider", "--server", server,
         "--with-parent"],
        env={**os.environ, "TURNERO_INSTANCE": str(settings.instance)},
    )  # fmt: skip
    try:
        if not _ready(child, settings):
            click.echo(gettext(N_("The simulated provider of payments did not start.")), err=True)
        yield
    finally:
        child.terminate()
        try:
            child.wait(ENDING_S)
        except subprocess.TimeoutExpired:
            child.kill()


def _ready(child: "subprocess.Popen[bytes]", settings: Settings) -> bool:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and child.poll() is None:
        if (settings.instance / SIMULATED_ADDRESS).is_file():
            return True
        time.sleep(0.05)
    return False
