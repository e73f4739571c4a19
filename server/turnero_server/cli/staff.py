"""turnero staff create, list, reset"""

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core import clock, settings
from turnero_core.i18n import N_, gettext
from turnero_queue import catalogue, staff
from turnero_queue.models import Office, Staff
from turnero_server import opening


@click.group(help=gettext(N_("Staff accounts, when nobody can sign in to manage them.")))
def command() -> None:
    pass


@command.command("create", help=gettext(N_("Make an account with a random password.")))
@click.argument("login")
@click.option("--name", help=gettext(N_("The person's name.")))
@click.option(
    "--role",
    required=True,
    type=click.Choice(staff.ROLES),
    help=gettext(N_("What they may do.")),
)
@click.option("--office", help=gettext(N_("The code of the one office where they do.")))
def create(login: str, name: str | None, role: str, office: str | None) -> None:
    password = staff.random_password()
    with opening.current_database(settings.read()) as database, database.write() as session:
        office_id = catalogue.current(session).office(office).id if office else None
        staff.create(
            session,
            login,
            password,
            clock.now(),
            name=name or login,
            role=role,
            office_id=office_id,
        )
    _tell(password)


@command.command("list", help=gettext(N_("List the accounts.")))
def listed() -> None:
    with opening.current_database(settings.read()) as database, database.read() as session:
        codes = {row.id: row.code for row in session.execute(select(Office.id, Office.code))}
        for person in session.scalars(select(Staff).order_by(Staff.login)):
            state = "" if person.active else gettext(N_("not in use"))
            line = (person.login, _roles(person, codes), person.name, state)
            click.echo("\t".join(line).rstrip())


@command.command("reset", help=gettext(N_("Give an account a random password and unlock it.")))
@click.argument("login")
def reset(login: str) -> None:
    with opening.current_database(settings.read()) as database, database.write() as session:
        password = _reset(session, login)
    _tell(password)


def _reset(session: Session, login: str) -> str:
    return staff.reset_password(session, staff.by_login(session, login))


def _roles(person: Staff, codes: dict[str, str]) -> str:
    """attendant@centro,supervisor: a role without an office holds in all of them."""
    return ",".join(
        f"{held.role}@{codes[held.office_id]}" if held.office_id else held.role
        for held in person.roles
    )


def _tell(password: str) -> None:
    click.echo(gettext(N_("Password:      %(password)s"), password=password))
    click.echo(gettext(N_("It is not shown again, and must be changed at the first sign-in.")))
