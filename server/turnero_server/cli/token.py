"""turnero token create, list, revoke"""

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core import clock, settings
from turnero_core.i18n import N_, gettext
from turnero_queue import catalogue, tokens
from turnero_queue.models import Office
from turnero_server import opening


@click.group(help=gettext(N_("API tokens: shown once, stored as a hash.")))
def command() -> None:
    pass


@command.command("create", help=gettext(N_("Make a token and print it; it cannot be read again.")))
@click.option("--name", required=True, help=gettext(N_("Who will hold it.")))
@click.option(
    "--scope",
    "scopes",
    required=True,
    multiple=True,
    type=click.Choice(tokens.SCOPES),
    help=gettext(N_("What it may do; repeat for several.")),
)
@click.option("--office", help=gettext(N_("The code of the one office it is for.")))
def create(name: str, scopes: tuple[str, ...], office: str | None) -> None:
    with opening.current_database(settings.read()) as database, database.write() as session:
        office_id = catalogue.current(session).office(office).id if office else None
        secret = tokens.create(session, name, scopes, clock.now(), office_id=office_id)
    click.echo(secret)


@command.command("list", help=gettext(N_("List the tokens, the revoked ones too.")))
def listed() -> None:
    with opening.current_database(settings.read()) as database, database.read() as session:
        offices = _office_codes(session)
        for row in tokens.listed(session):
            revoked = row.revoked_at and clock.rfc3339(row.revoked_at)
            click.echo(
                "\t".join(
                    (
                        row.id,
                        row.name,
                        ",".join(row.scopes),
                        offices.get(row.office_id or "", "*"),
                        clock.rfc3339(row.created_at),
                        gettext(N_("revoked %(at)s"), at=revoked) if revoked else "",
                    )
                ).rstrip()
            )


@command.command("revoke", help=gettext(N_("Refuse a token from now on, by its id or name.")))
@click.argument("name")
def revoke(name: str) -> None:
    with opening.current_database(settings.read()) as database, database.write() as session:
        count = tokens.revoke(session, name, clock.now())
    click.echo(gettext(N_("Revoked: %(count)s"), count=count))


def _office_codes(session: Session) -> dict[str, str]:
    """Office id -> code, also before anything is configured."""
    return {row.id: row.code for row in session.execute(select(Office.id, Office.code))}
