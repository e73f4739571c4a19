"""turnero serve"""

import os

import click

from turnero_core import settings
from turnero_core.i18n import N_, gettext
from turnero_core.settings import Settings
from turnero_server import lock, logs, starting
from turnero_server.serving import Address, serve


@click.command(help=gettext(N_("Serve every screen and the API.")))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help=gettext(N_("Processes; with SQLite always one, else one for each processor.")),
)
def command(host: str, port: int, workers: int | None) -> None:
    chosen = settings.read()
    starting.check(chosen)
    logs.configure()
    with lock.alone(chosen):
        serve(chosen, Address(host, port), _workers(chosen, workers))


def _workers(chosen: Settings, asked: int | None) -> int:
    if not chosen.embedded:
        return asked or os.cpu_count() or 1
    if asked and asked > 1:
        click.echo(
            gettext(N_("SQLite is served by one process; use PostgreSQL for more.")), err=True
        )
    return 1
