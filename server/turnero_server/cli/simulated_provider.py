"""turnero simulated-provider"""

import click

from turnero_core import settings
from turnero_core.i18n import N_, gettext
from turnero_server import instance, logs
from turnero_server.simulated_provider import process

HOOKS = "/api/v1/webhooks/payments/simulated"


@click.command(help=gettext(N_("Run a pretended provider of payments; no money moves.")))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=0, type=click.IntRange(0, 65535))
@click.option(
    "--server",
    default="http://127.0.0.1:8080",
    show_default=True,
    help=gettext(N_("The server that hears of what becomes of an order.")),
)
@click.option("--seed", type=int, help=gettext(N_("Make its faults come in the same order again.")))
@click.option("--with-parent", is_flag=True, help=gettext(N_("End with whoever started it.")))
def command(host: str, port: int, server: str, seed: int | None, with_parent: bool) -> None:
    logs.configure()
    chosen = settings.read()
    instance.prepare(chosen.instance)
    notify = server.rstrip("/") + HOOKS
    process.run(chosen.instance, host, port, notify, seed, with_parent=with_parent)
