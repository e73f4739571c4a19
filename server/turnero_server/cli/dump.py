"""turnero dump"""

import click

from turnero_core import settings
from turnero_core.i18n import N_, gettext
from turnero_queue import configuration
from turnero_server import opening


@click.command(help=gettext(N_("Print the whole configuration as a file that can be loaded.")))
def command() -> None:
    with opening.current_database(settings.read()) as database, database.read() as session:
        click.echo(configuration.dump(session), nl=False)
