"""turnero statistics"""

from collections.abc import Iterator
from datetime import date, datetime

import click

from turnero_core import settings
from turnero_core.db import Database
from turnero_core.i18n import N_, gettext
from turnero_queue import catalogue
from turnero_queue.catalogue import Catalogue, Office
from turnero_queue.statistics import page, updating
from turnero_server import opening

DAY = click.DateTime(["%Y-%m-%d"])
TICKED = 20_000
office_option = click.option(
    "--office", "codes", multiple=True, help=gettext(N_("Only this office; may be repeated."))
)
from_option = click.option("--from", "first", type=DAY, help=gettext(N_("The first day.")))
to_option = click.option("--to", "last", type=DAY, help=gettext(N_("The last day.")))


@click.group(help=gettext(N_("Statistics, which are derived from the events alone.")))
def command() -> None:
    pass


@command.command("rebuild", help=gettext(N_("Write the stored days anew from the events.")))
@office_option
@from_option
@to_option
def rebuild(codes: tuple[str, ...], first: datetime | None, last: datetime | None) -> None:
    visits = 0
    with opening.current_database(settings.read()) as database:
        for office, span in _pieces(database, codes, _day(first), _day(last)):
            with database.write() as session:
                visits += updating.rebuild(session, catalogue.current(session), office, *span)
        taken_in = _advance(database, codes)
    said = N_("Visits in the days written: %(visits)s; events newly taken in: %(events)s")
    click.echo(gettext(said, visits=visits, events=taken_in))


@command.command("verify", help=gettext(N_("Prove that the stored days are what the events tell.")))
@office_option
@from_option
@to_option
def verify(codes: tuple[str, ...], first: datetime | None, last: datetime | None) -> None:
    days = 0
    with opening.current_database(settings.read()) as database:
        for office, span in _pieces(database, codes, _day(first), _day(last)):
            with database.read() as session:
                found = updating.verify(session, catalogue.current(session), office, *span)
            if found is not None:
                raise click.ClickException(_difference(office, found))
            days += (span[1] - span[0]).days + 1
    said = N_("Every stored figure is what the events tell. Days of offices compared: %(days)s")
    click.echo(gettext(said, days=days))


@command.command("indicators", help=gettext(N_("Print every indicator, as a table in Markdown.")))
def indicators() -> None:
    click.echo(page.indicators(), nl=False)


def _pieces(
    database: Database, codes: tuple[str, ...], first: date | None, last: date | None
) -> Iterator[tuple[Office, updating.Span]]:
    """Spans of days small enough for one transaction each."""
    with database.read() as session:
        configured = catalogue.current(session)
        spans = [
            (office, span)
            for office in _offices(configured, codes)
            for span in updating.spans(session, office, first, last)
        ]
    yield from spans


def _advance(database: Database, codes: tuple[str, ...]) -> int:
    with database.read() as session:
        configured = catalogue.current(session)
    total = 0
    for office in _offices(configured, codes):
        while True:
            with database.write() as session:
                taken_in = updating.advance(session, configured, office, TICKED)
            total += taken_in
            if taken_in < TICKED:
                break
    return total


def _offices(configured: Catalogue, codes: tuple[str, ...]) -> list[Office]:
    if codes:
        return [configured.office(code) for code in codes]
    return list(configured.offices_by_id.values())


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None


def _difference(office: Office, found: updating.Difference) -> str:
    return gettext(
        N_(
            "The first difference: %(table)s, office %(office)s, %(key)s, %(column)s: stored "
            "%(stored)s, but the events tell %(derived)s. “turnero statistics rebuild” mends it."
        ),
        table=found.table,
        office=office.code,
        key=found.key,
        column=found.column,
        stored=_short(found.stored),
        derived=_short(found.derived),
    )


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
