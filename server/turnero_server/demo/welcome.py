"""What the demonstration prints when it is ready."""

import click

from turnero_core.i18n import N_, gettext
from turnero_core.settings import Settings
from turnero_queue import catalogue
from turnero_queue.permissions import ROLE_NAMES
from turnero_server import opening
from turnero_server.demo import cast
from turnero_server.serving import Address

LINE = "  {:<26} {}"


def show(settings: Settings, address: Address) -> None:
    """Addresses, logins and an example call of the API, on the standard output."""
    site = f"http://{address}"
    with opening.current_database(settings) as database, database.read() as session:
        found = catalogue.current(session)
        office = found.offices[0].code
        people = cast.logins(session)
    click.echo()
    click.echo(click.style(f"  {found.name}: {site}", bold=True))
    click.echo()
    for name, path in _addresses():
        click.echo(LINE.format(gettext(name), site + path.format(office=office)))
    click.echo()
    for login, role in people:
        click.echo(LINE.format(login, gettext(ROLE_NAMES[role])))
    click.echo(LINE.format(gettext(N_("password of all")), cast.PASSWORD))
    click.echo()
    click.echo(f'  curl -H "Authorization: Bearer {cast.token(settings.instance)}" \\')
    click.echo(f"       {site}/api/v1/offices/{office}/queue")
    click.echo()
    click.echo("  " + gettext(N_("Ctrl-C stops it; --reset begins anew.")))
    click.echo()


def _addresses() -> tuple[tuple[str, str], ...]:
    """Name and path of each face, in the order that they are tried."""
    return (
        (N_("Every screen"), "/"),
        (N_("Kiosk"), "/kiosk/{office}"),
        (N_("Hall screen"), "/hall/{office}"),
        (N_("Staff: sign in"), "/login"),
        (N_("Printer tray"), "/demo/printer"),
        (N_("API, to read and try"), "/api/docs"),
        (N_("OpenAPI document"), "/api/v1/openapi.json"),
    )
