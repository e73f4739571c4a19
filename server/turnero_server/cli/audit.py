"""turnero audit verify"""

import click

from turnero_core import settings
from turnero_core.i18n import N_, gettext
from turnero_queue import audit
from turnero_server import opening


@click.group(help=gettext(N_("The log of who did what, which nobody may change.")))
def command() -> None:
    pass


@command.command("verify", help=gettext(N_("Check every entry; fails at the first broken one.")))
def verify() -> None:
    with opening.current_database(settings.read()) as database, database.read() as session:
        found = audit.verify(session)
    said = N_("Entries: %(n)s, the last one's hash: %(head)s")
    click.echo(gettext(said, n=found.entries, head=found.head))
    if not found.whole:
        said = N_("The audit log is broken: %(problem)s.")
        raise click.ClickException(gettext(said, problem=found.sentence()))
