"""turnero backup"""

from pathlib import Path

import click

from turnero_core import clock, settings
from turnero_core.i18n import N_, gettext
from turnero_queue import audit
from turnero_server import archive, opening, reasons


@click.command(help=gettext(N_("Save everything into one file, also while serving.")))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help=gettext(N_("Replace a file that is already there.")))
def command(file: Path, force: bool) -> None:
    if file.exists() and not force:
        said = gettext(N_("%(file)s is already there: --force replaces it."), file=file)
        raise click.ClickException(said)
    chosen = settings.read()
    with opening.current_database(chosen) as database:
        with database.write() as session:
            audit.record(
                session,
                actor=audit.SYSTEM,
                action="export.backup",
                subject=file.name,
                now=clock.now(),
            )
        try:
            manifest = archive.backup(chosen, database, file)
        except OSError as error:
            raise click.ClickException(f"{file}: {reasons.of(error)}") from error
    rows = sum(table.rows for table in manifest.tables)
    said = N_("Saved %(rows)s rows of %(tables)s tables into %(file)s (%(bytes)s bytes).")
    count = len(manifest.tables)
    click.echo(gettext(said, rows=rows, tables=count, file=file, bytes=file.stat().st_size))
