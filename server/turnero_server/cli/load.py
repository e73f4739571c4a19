"""turnero load"""

from pathlib import Path

import click

from turnero_core import settings
from turnero_core.db import Database
from turnero_core.i18n import N_, gettext
from turnero_queue import configuration
from turnero_queue.configuration import Change, Configuration, ConfigurationError
from turnero_server import opening

ACTOR = "turnero load"


@click.command(help=gettext(N_("Load a configuration file, and show what changes.")))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help=gettext(N_("Show the difference, change nothing.")))
def command(file: Path, dry_run: bool) -> None:
    with opening.current_database(settings.read()) as database:
        wanted = _read(file)
        for warning in wanted.warnings:
            click.echo(configuration.sentence(str(file), warning), err=True)
        for change in _changes(database, wanted) if dry_run else load(database, wanted):
            click.echo(str(change))


def load(database: Database, wanted: Configuration) -> list[Change]:
    """Put a configuration in force; gives what changed."""
    with database.write() as session:
        return configuration.apply(session, wanted, actor=ACTOR)


def _changes(database: Database, wanted: Configuration) -> list[Change]:
    with database.read() as session:
        return configuration.diff(session, wanted)


def _read(file: Path) -> Configuration:
    try:
        return configuration.parse(file.read_bytes(), str(file))
    except ConfigurationError as error:
        unchanged = gettext(N_("Nothing has been changed."))
        raise click.ClickException(f"{unchanged}\n{error}") from error
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
