"""turnero demo"""

import shutil

import click

from turnero_core import settings
from turnero_core.i18n import N_, gettext
from turnero_core.settings import Settings
from turnero_server import instance, lock, opening, schema
from turnero_server.demo import provider, welcome
from turnero_server.demo.address import remember
from turnero_server.demo.cast import cast
from turnero_server.demo.day.tidying import tidy
from turnero_server.demo.municipality import load
from turnero_server.demo.past.filling import fill_in
from turnero_server.serving import Address, check_free, serve


@click.command(help=gettext(N_("Serve a demonstration municipality, open at any hour.")))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535))
@click.option("--reset", is_flag=True, help=gettext(N_("Forget everything and begin anew.")))
@click.option(
    "--without-past", is_flag=True, help=gettext(N_("Do not invent the weeks before today."))
)
def command(host: str, port: int, reset: bool, without_past: bool) -> None:
    chosen = settings.read()
    address = Address(host, port)
    check_free(address)
    instance.prepare(chosen.instance)
    with lock.alone(chosen):
        if reset:
            _forget(chosen)
        prepared = prepare(settings.read(), past=not without_past)
        remember(prepared.instance, f"http://{address}")
        with provider.beside(prepared, f"http://{address}"):
            serve(prepared, address, ready=lambda: welcome.show(prepared, address), demo=True)


def prepare(chosen: Settings, *, past: bool) -> Settings:
    """The tables, the municipality, its staff, a token and its `past`, each made when missing."""
    with opening.database(chosen) as database:
        if schema.state_of(database) is not schema.State.CURRENT:
            schema.upgrade(database)
        load(database)
        cast(database, chosen.instance)
        if past:
            fill_in(database)
        # The simulated day of a demonstration that was interrupted ends here.
        tidy(database)
    return chosen


def _forget(chosen: Settings) -> None:
    """Empty the demonstration's own folder; any other database is left alone."""
    own = f"sqlite:///{chosen.instance / 'turnero.db'}"
    if chosen.database_url != own:
        raise click.ClickException(
            gettext(N_("--reset works on the demonstration's own database, not on another."))
        )
    for path in chosen.instance.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != lock.NAME:
            path.unlink()
    instance.prepare(chosen.instance)
