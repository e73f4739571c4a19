"""turnero jobs"""

import signal

import click

from turnero_core import live, settings
from turnero_core.db import Database
from turnero_core.i18n import N_, gettext
from turnero_core.live import Hub
from turnero_core.live_postgres import Listener
from turnero_core.settings import Settings
from turnero_server import jobs as work
from turnero_server import logs, opening
from turnero_server.printing import Printing, transports
from turnero_server.scheduler import Scheduler


@click.command(help=gettext(N_("Run the scheduled jobs in a process of their own.")))
@click.option("--list", "listing", is_flag=True, help=gettext(N_("Say which there are, and end.")))
@click.option("--once", is_flag=True, help=gettext(N_("Run each once, and end.")))
def command(listing: bool, once: bool) -> None:
    if listing:
        _list()
        return
    logs.configure()
    chosen, hub = settings.read(), Hub()
    with opening.current_database(chosen) as database:
        # What jobs announce reaches the web processes through PostgreSQL.
        live.connect(database, hub)
        if once:
            _run_once(database)
        else:
            _run_for_ever(chosen, database, hub)


def _list() -> None:
    for job in work.JOBS:
        click.echo(f"{job.name}\t{job.every.total_seconds():.0f} s\t{gettext(job.purpose)}")


def _run_once(database: Database) -> None:
    for job in work.JOBS:
        click.echo(f"{job.name}\t{work.run(database, job)}")


def _run_for_ever(chosen: Settings, database: Database, hub: Hub) -> None:
    """The jobs, and the printing: both go with the lease."""
    scheduler = Scheduler(database, foreground=True)
    printing = Printing(database, hub, transports(chosen), lambda: scheduler.leading)
    if not database.sqlite:
        Listener(database, hub).start()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        printing.start()
        scheduler.start()
    except KeyboardInterrupt:
        pass
    finally:
        printing.stop()
        scheduler.stop()
