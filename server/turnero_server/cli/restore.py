"""turnero restore"""

from pathlib import Path

import click

from turnero_core import clock, settings
from turnero_core.db import Database
from turnero_core.i18n import N_, gettext
from turnero_queue import audit
from turnero_server import archive, lock, opening
from turnero_server.archive.format import key_print


@click.command(help=gettext(N_("Bring back what a backup holds; stop the server before.")))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help=gettext(N_("Replace a database that is not empty.")))
def command(file: Path, force: bool) -> None:
    chosen = settings.read()
    with archive.Archive.open(file) as backup:
        chosen.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
        with lock.alone(chosen), opening.database(chosen) as database:
            rows = archive.restore(backup, chosen.instance, database, force=force)
            _note(database, file.name, backup.manifest.made_at)
        key = settings.read().secret_key
        if key_print(key) != backup.manifest.key_print:
            click.echo(gettext(OTHER_KEY), err=True)
        said = N_("Restored %(rows)s rows, as they were at %(at)s.")
        click.echo(gettext(said, rows=rows, at=backup.manifest.made_at))


def _note(database: Database, name: str, made_at: str) -> None:
    with database.write() as session:
        audit.record(
            session,
            actor=audit.SYSTEM,
            action="backup.restore",
            subject=name,
            after={"made_at": made_at},
            now=clock.now(),
        )


OTHER_KEY = N_(
    "The secret key in force is not the one of the backup: set TURNERO_SECRET_KEY to that one, or "
    "what is encrypted cannot be read."
)
