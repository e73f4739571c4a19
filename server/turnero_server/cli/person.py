"""turnero person show, export, erase"""

import json
from collections.abc import Callable
from typing import Any

import click
from sqlalchemy.orm import Session

from turnero_core import clock, settings
from turnero_core.i18n import N_, gettext
from turnero_queue import audit, privacy
from turnero_queue.privacy import Found, Sought
from turnero_queue.privacy.measures import MEASURES
from turnero_queue.privacy.person import KINDS
from turnero_server import opening


@click.group(help=gettext(N_("What is held of one person: shown, given out, erased.")))
def command() -> None:
    pass


def by(act: Callable[..., Any]) -> Callable[..., Any]:
    """How a person is sought; the text is asked for, so that no history of commands keeps it."""
    kind = click.option("--by", "kind", required=True, type=click.Choice(KINDS))
    text = click.option("--text", prompt=True, help=gettext(N_("Asked for when left out.")))
    return kind(text(act))


@command.command("show", help=gettext(N_("Count what is held, and where.")))
@by
def show(kind: str, text: str) -> None:
    with opening.current_database(settings.read()) as database, database.read() as session:
        _say(privacy.find(session, _sought(session, kind, text)))


@command.command("export", help=gettext(N_("Print all that is held, as JSON for the person.")))
@by
def export(kind: str, text: str) -> None:
    with opening.current_database(settings.read()) as database, database.write() as session:
        who = _sought(session, kind, text)
        given = privacy.give_out(session, who, clock.now(), actor=audit.SYSTEM)
    click.echo(json.dumps(given, ensure_ascii=False, indent=2))


@command.command("erase", help=gettext(N_("Erase what tells of the person; it cannot be undone.")))
@by
@click.option("--reason", required=True, help=gettext(N_("Why; the audit log keeps it.")))
def erase(kind: str, text: str, reason: str) -> None:
    with opening.current_database(settings.read()) as database, database.write() as session:
        who = _sought(session, kind, text)
        _say(privacy.erase(session, who, reason, clock.now(), actor=audit.SYSTEM))


def _sought(session: Session, kind: str, text: str) -> Sought:
    return privacy.sought(session, kind, text)


def _say(found: Found) -> None:
    for one in MEASURES:
        if count := found.counts.get(one.name):
            click.echo(f"{count:>6}  {gettext(one.what)}")
    if not found.total:
        click.echo(gettext(N_("Nothing is held of this person.")))
