"""turnero staff list, reset"""

import click
from sqlalchemy import select

from turnero_core import settings
from turnero_core.i18n import N_, gettext
from turnero_queue import staff
from turnero_queue.models import Staff
from turnero_server import opening


@click.group(help=gettext(N_("Staff accounts, when nobody can sign in to manage them.")))
def command() -> None:
    pass


@command.command("list", help=gettext(N_("List the accounts.")))
def listed() -> None:
    with opening.current_database(settings.read()) as database, database.read() as session:
        for person in session.scalars(select(Staff).order_by(Staff.login)):
            state = "" if person.active else gettext(N_("not in use"))
            click.echo("\t".join((person.login, person.role, person.name, state)).rstrip())


@command.command("reset", help=gettext(N_("Give an account a random password and unlock it.")))
@click.argument("login")
def reset(login: str) -> None:
    with opening.current_database(settings.read()) as database, database.write() as session:
        password = staff.reset_password(session, staff.by_login(session, login))
    click.echo(gettext(N_("Password:      %(password)s"), password=password))
    click.echo(gettext(N_("It is not shown again, and must be changed at the first sign-in.")))
