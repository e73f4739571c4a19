"""turnero replay"""

import sys
from contextlib import closing
from pathlib import Path

import click

from turnero_core import settings
from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_core.settings import Settings
from turnero_server import opening
from turnero_server.demo import cast
from turnero_server.demo.address import recall
from turnero_server.replay import account, office, show
from turnero_server.replay.client import Client
from turnero_server.replay.day import Day, read
from turnero_server.replay.driver import Driver
from turnero_server.replay.office import Place


@click.command(help=gettext(N_("Play a recorded day against a running server, by its API.")))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--speed",
    type=click.FloatRange(1, 100_000),
    default=60,
    show_default=True,
    help=gettext(N_("How many times faster than the day itself.")),
)
@click.option("--url", help=gettext(N_("Address of the server; else the running demonstration.")))
@click.option("--token", help=gettext(N_("API token with the scopes tickets and desks.")))
@click.option("--office", "code", help=gettext(N_("Play in this office; else one is made for it.")))
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="A=B",
    help=gettext(N_("Service A of the file is service B of the office; repeat for several.")),
)
def command(
    file: Path,
    speed: float,
    url: str | None,
    token: str | None,
    code: str | None,
    pairs: tuple[str, ...],
) -> None:
    day = read(file)
    chosen = settings.read()
    address = url or recall(chosen.instance)
    with closing(Client(address, token or _own_token(chosen))) as client:
        client.check()
        place = _place(client, chosen, day, code, pairs)
        show.plan(day, place, speed)
        complete = _play(client, day, place, speed)
    if not complete:
        sys.exit(1)


def _play(client: Client, day: Day, place: Place, speed: float) -> bool:
    """Whether everybody of the day is accounted for at its end."""
    driver = Driver(client, day, place, speed)
    with show.progress(driver, day):
        driver.run()
    with show.reading(len(driver.tickets)) as advance:
        found = account.settle(client, len(day.people), driver.tickets, advance)
    show.summary(day, driver, found, speed)
    return not found.unaccounted


def _own_token(chosen: Settings) -> str:
    file = chosen.instance / cast.TOKEN
    if not file.is_file():
        raise click.UsageError(
            gettext(N_("Give --token, made with “turnero token create --scope tickets …”."))
        )
    return cast.token(chosen.instance)


def _place(
    client: Client, chosen: Settings, day: Day, code: str | None, pairs: tuple[str, ...]
) -> Place:
    """An office that exists when one is named, else the record's own, made in the database."""
    if code is not None:
        return office.existing(client, code, day, _mapping(pairs, day))
    with opening.current_database(chosen) as database, database.write() as session:
        return office.make(session, day)


def _mapping(pairs: tuple[str, ...], day: Day) -> dict[str, str]:
    found = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    wrong = [pair for pair in pairs if "=" not in pair] + [
        theirs for theirs in found if theirs not in day.services
    ]
    if wrong:
        raise Invalid(
            N_("--map %(wrong)s: the services of the file are %(services)s."),
            wrong=", ".join(wrong),
            services=", ".join(day.services),
        )
    return found
