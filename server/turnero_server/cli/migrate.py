"""turnero migrate"""

import click

from turnero_core import settings
from turnero_core.i18n import N_, gettext
from turnero_server import opening, schema


@click.command(help=gettext(N_("Bring the database's tables to this version.")))
def command() -> None:
    with opening.database(settings.read()) as database:
        before = schema.version_of(database)
        if schema.state_of(database) is schema.State.CURRENT:
            click.echo(gettext(N_("The tables are at version %(version)s."), version=before))
            return
        if schema.state_of(database) is schema.State.NEWER:
            opening.check_version(database)
        schema.upgrade(database)
    click.echo(
        gettext(
            N_("The tables went from version %(before)s to %(after)s."),
            before=before or "-",
            after=schema.head(),
        )
    )
