"""turnero init"""

import click

from turnero_core import clock, settings
from turnero_core.db import Database
from turnero_core.i18n import N_, gettext
from turnero_queue import staff
from turnero_server import opening, schema
from turnero_server.instance import prepare

FIRST = "admin"


@click.command(help=gettext(N_("Make the instance folder, the database and an administrator.")))
@click.option("--login", default=FIRST, show_default=True, help=gettext(N_("Their login.")))
def command(login: str) -> None:
    chosen = settings.read()
    for path in prepare(chosen.instance):
        click.echo(gettext(N_("Made %(path)s"), path=path))
    with opening.database(chosen) as database:
        if schema.state_of(database) is schema.State.NEWER:
            opening.check_version(database)
        if schema.state_of(database) is not schema.State.CURRENT:
            schema.upgrade(database)
            click.echo(gettext(N_("Made the tables, version %(version)s"), version=schema.head()))
        _first_administrator(database, login)


def _first_administrator(database: Database, login: str) -> None:
    with database.write() as session:
        if count := staff.administrators(session):
            click.echo(gettext(N_("There are already administrators: %(n)s"), n=count))
            return
        password = staff.random_password()
        staff.create(session, login, password, clock.now(), name=login, role="administrator")
    click.echo(gettext(N_("Administrator: %(login)s"), login=login))
    click.echo(gettext(N_("Password:      %(password)s"), password=password))
    click.echo(gettext(N_("It is not shown again, and must be changed at the first sign-in.")))
