"""turnero jobs"""

import signal

import click

from turnero_core import live, settings
from turnero_core.db import Database
from turnero_core.i18n import N_, gettext
from turnero_core.live import Hub
from turnero_server import jobs as work
from turnero_server import logs, opening
from turnero_server.scheduler import Scheduler


@click.command(help=gettext(N_("Run the scheduled jobs in a process of their own.")))
@click.option("--list", "listing", is_flag=True, help=gettext(N_("Say which there are, and end.")))
@click.option("--once", is_flag=True, help=gettext(N_("Run each once, and end.")))
def command(listing: bool, once: bool) -> None:
    if listing:
        _list()
        return
    logs.configure()
    with opening.current_database(settings.read()) as database:
        # What jobs announce reaches the web processes through PostgreSQL.
        live.connect(database, Hub())
        if once:
            _run_once(database)
        else:
            _run_for_ever(database)


def _list() -> None:
    for job in work.JOBS:
        click.echo(f"{job.name}\t{job.every.total_seconds():.0f} s\t{gettext(job.purpose)}")


def _run_once(database: Database) -> None:
    for job in work.JOBS:
        click.echo(f"{job.name}\t{work.run(database, job)}")


def _run_for_ever(database: Database) -> None:
    scheduler = Scheduler(database, foreground=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        scheduler.start()
    except KeyboardInterrupt:
        pass
    finally:
        scheduler.stop()
