"""turnero load"""

from pathlib import Path

import click

from turnero_core import clock, settings
from turnero_core.db import Database
from turnero_core.i18n import N_, gettext
from turnero_queue import appointments, configuration
from turnero_queue.configuration import Change, Configuration, ConfigurationError
from turnero_server import opening, reasons
from turnero_server.cli.shared import sentence

ACTOR = "turnero load"
HURT = N_(
    "! the appointment %(code)s of %(when)s at %(office)s has no place any more: move or cancel it"
)


@click.command(help=gettext(N_("Load a configuration file, and show what changes.")))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help=gettext(N_("Show the difference, change nothing.")))
def command(file: Path, dry_run: bool) -> None:
    with opening.current_database(settings.read()) as database:
        wanted = _read(file)
        for warning in wanted.warnings:
            said = configuration.sentence(str(file), warning)
            click.echo(gettext(N_("Warning: %(said)s"), said=said), err=True)
        changes = _changes(database, wanted) if dry_run else load(database, wanted)
        for change in changes:
            click.echo(str(change))
        if not changes:
            click.echo(gettext(N_("Nothing differs from what is in force.")), err=True)
        for sentence in _hurt(database, wanted):
            click.echo(sentence, err=True)


def load(database: Database, wanted: Configuration) -> list[Change]:
    """Put a configuration in force; gives what changed."""
    with database.write() as session:
        return configuration.apply(session, wanted, actor=ACTOR)


def _changes(database: Database, wanted: Configuration) -> list[Change]:
    with database.read() as session:
        return configuration.diff(session, wanted)


class _TrialOver(Exception):
    """Ends a unit of work whose changes were only tried."""


def _hurt(database: Database, wanted: Configuration) -> list[str]:
    """The appointments that would have no place under `wanted`, in sentences, or why it cannot be
    loaded now; nothing is kept."""
    found: list[str] = []
    try:
        with database.write() as session:
            if busy := configuration.occupied(session, wanted):
                return [f"! {sentence(configuration.refusal(busy))}"]
            configuration.apply(session, wanted, actor=ACTOR)
            for office, row in appointments.hurt_everywhere(session, clock.now()):
                hour = row.starts_at.astimezone(office.zone).strftime("%Y-%m-%d %H:%M")
                found.append(gettext(HURT, code=row.code, when=hour, office=office.code))
            raise _TrialOver
    except _TrialOver:
        return found


def _read(file: Path) -> Configuration:
    try:
        with file.open("rb") as opened:
            # One more than is allowed is enough to say that it is too much.
            return configuration.parse(opened.read(configuration.MAX_BYTES + 1), str(file))
    except ConfigurationError as error:
        unchanged = gettext(N_("Nothing has been changed."))
        raise click.ClickException(f"{unchanged}\n{error}") from error
    except OSError as error:
        raise click.ClickException(f"{file}: {reasons.of(error)}") from error
