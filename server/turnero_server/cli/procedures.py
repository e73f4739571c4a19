"""turnero procedures"""

from pathlib import Path

import click
from sqlalchemy.orm import Session

from turnero_core import clock, settings
from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_queue import audit, configuration, procedures
from turnero_queue.configuration import Change, appearance
from turnero_queue.procedures import Plan
from turnero_server import opening

ACTOR = "turnero procedures"


@click.group(help=gettext(N_("Read and write procedures as Argentina's tramites.json.")))
def command() -> None:
    """The commands of this module."""


@command.command("export", help=gettext(N_("Print the services in use as a tramites.json.")))
@click.option(
    "--province",
    type=click.Choice([str(number) for number in procedures.PROVINCES]),
    help=gettext(N_("The province's official number, such as 6 for Buenos Aires.")),
)
def export(province: str | None) -> None:
    chosen = settings.read()
    with opening.current_database(chosen) as database, database.read() as session:
        found = appearance.in_force(session)
        whole = procedures.export(
            found,
            base_url=chosen.base_url.rstrip("/"),
            day=clock.now().date(),
            province=int(province) if province else None,
        )
        click.echo(procedures.render(whole), nl=False)
        if bare := procedures.without_theme(found):
            codes = ", ".join(service.code for service in bare)
            said = N_("without a theme of the standard: %(codes)s")
            click.echo(gettext(said, codes=codes), err=True)


@command.command(
    "import", help=gettext(N_("Add and update services from a tramites.json; none is removed."))
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help=gettext(N_("Show the difference, change nothing.")))
def import_(file: Path, dry_run: bool) -> None:
    try:
        found = procedures.read(file.read_bytes())
    except Invalid as problem:
        raise click.ClickException(_said(file, problem)) from problem
    with opening.current_database(settings.read()) as database:
        if dry_run:
            with database.read() as session:
                plan = procedures.plan(appearance.in_force(session), found)
                changes = configuration.diff(session, plan.wanted)
        else:
            with database.write() as session:
                configuration.hold(session)
                plan = procedures.plan(appearance.in_force(session), found)
                changes = _apply(session, plan, file)
    for change in changes:
        click.echo(str(change))
    for left in plan.left:
        click.echo(f"! {left.path} {left.title}: {left.why}", err=True)


def _apply(session: Session, plan: Plan, file: Path) -> list[Change]:
    changes = configuration.apply(session, plan.wanted, actor=ACTOR)
    audit.record(
        session,
        actor=ACTOR,
        action="import.procedures",
        subject=file.name,
        after={"changes": len(changes)},
        now=clock.now(),
    )
    return changes


def _said(file: Path, problem: Invalid) -> str:
    errors: dict[str, list[str]] = problem.extra["errors"]
    unchanged = gettext(N_("Nothing has been changed."))
    lines = [f"{file}, {path}: {text}" for path, texts in errors.items() for text in texts]
    return "\n".join([unchanged, *lines])
