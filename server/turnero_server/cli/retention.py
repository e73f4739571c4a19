"""turnero retention report, run"""

import click
from sqlalchemy import text

from turnero_core import clock, settings
from turnero_core.db import Database
from turnero_core.i18n import N_, gettext
from turnero_queue import privacy
from turnero_queue.privacy import Line
from turnero_server import opening


@click.group(help=gettext(N_("What tells of people: how much is due to be forgotten.")))
def command() -> None:
    pass


@command.command("report", help=gettext(N_("Show what is due now; changes nothing.")))
def report() -> None:
    with opening.current_database(settings.read()) as database:
        _show(_lines(database))


@command.command("run", help=gettext(N_("Forget what is due now, without waiting for the job.")))
def run() -> None:
    with opening.current_database(settings.read()) as database:
        before = _lines(database)
        with database.write() as session:
            privacy.run(session, clock.now())
        _clear_the_log(database)
        after = {line.name: line.due for line in _lines(database)}
        _show(before, {line.name: line.due - after[line.name] for line in before})


def _lines(database: Database) -> list[Line]:
    with database.read() as session:
        return privacy.report(session, clock.now())


def _show(lines: list[Line], done: dict[str, int] | None = None) -> None:
    """A line for each kind: what it is, after how many days, how much is due, how much was done."""
    never, days = gettext(N_("never")), gettext(N_("after %(n)s days"))
    heads = [gettext(N_("kept")), gettext(N_("due"))]
    rows = [(gettext(line.what), _when(line.days, never, days), str(line.due)) for line in lines]
    width = max(len(row[0]) for row in rows)
    span = max(len(row[1]) for row in (*rows, ("", heads[0])))
    last = f"  {gettext(N_('forgotten')):>10}" if done is not None else ""
    click.echo(f"{'':<{width}}  {heads[0]:<{span}}  {heads[1]:>10}{last}")
    for line, (what, when, due) in zip(lines, rows, strict=True):
        last = f"  {done[line.name]:>10}" if done is not None else ""
        click.echo(f"{what:<{width}}  {when:<{span}}  {due:>10}{last}")


def _when(days: str, never: str, after: str) -> str:
    return never if days == "0" else after % {"n": days}


def _clear_the_log(database: Database) -> None:
    """SQLite's write-ahead log would go on holding what was replaced."""
    if database.sqlite:
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
