"""turnero doctor"""

import sys

import click

from turnero_core import clock, settings
from turnero_core.i18n import N_, gettext
from turnero_core.settings import Settings
from turnero_queue import audit, sequence
from turnero_server import opening
from turnero_server.checks import Finding, Level, examine

COLOURS = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "red"}


@click.command(help=gettext(N_("Check the installation and say how to mend what is wrong.")))
@click.option(
    "--accept-clock",
    is_flag=True,
    help=gettext(N_("Go on from the present time although turns were recorded later.")),
)
def command(accept_clock: bool) -> None:
    chosen = settings.read()
    if accept_clock:
        _accept_clock(chosen)
    findings = list(examine(chosen))
    width = max(len(finding.about) for finding in findings)
    for finding in findings:
        _show(finding, width)
    if any(finding.level is Level.FAIL for finding in findings):
        sys.exit(1)


def _show(finding: Finding, width: int) -> None:
    level = click.style(f"{finding.level.value:<4}", fg=COLOURS[finding.level])
    click.echo(f"{level}  {finding.about:<{width}}  {finding.said}")
    if finding.mend:
        click.echo(f"{'':<4}  {'':<{width}}  → {finding.mend}")


def _accept_clock(chosen: Settings) -> None:
    with opening.current_database(chosen) as database, database.write() as session:
        now = clock.now()
        sequence.accept_clock(session, now)
        audit.record(session, actor=audit.SYSTEM, action="clock.accept", now=now)
