"""turnero payments"""

from datetime import UTC, datetime, timedelta

import click

from turnero_core import clock, settings
from turnero_core.db import Database
from turnero_core.errors import Unavailable
from turnero_core.i18n import N_, gettext
from turnero_queue.models import Difference
from turnero_queue.payments import money, reconcile
from turnero_queue.payments.clearing import Clearing
from turnero_queue.payments.provider import ProviderError
from turnero_queue.payments.reconcile import Report
from turnero_queue.payments.registry import Registry
from turnero_server import opening

KINDS = {
    "missing_here": N_("paid there, unknown here"),
    "missing_there": N_("paid here, unknown there"),
    "state": N_("paid on one side only"),
    "amount": N_("another amount"),
    "refund": N_("another amount given back"),
}
DATES = click.DateTime(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])


@click.group(help=gettext(N_("Compare payments with what the providers have.")))
def command() -> None:
    pass


@command.command("reconcile", help=gettext(N_("Compare, say what differs, and keep the result.")))
@click.option("--provider", help=gettext(N_("One provider's code; all without it.")))
@click.option("--since", type=DATES, help=gettext(N_("From this day or hour (UTC) on.")))
@click.option("--until", type=DATES, help=gettext(N_("Up to this day or hour (UTC).")))
def reconcile_command(provider: str | None, since: datetime | None, until: datetime | None) -> None:
    chosen = settings.read()
    to = until.replace(tzinfo=UTC) if until else clock.now()
    start = since.replace(tzinfo=UTC) if since else to - timedelta(days=1)
    with opening.current_database(chosen) as database:
        registry = Registry(database, chosen.instance)
        codes = [provider] if provider else reconcile.providers(database, start)
        differences = sum(_compare(database, registry, code, start, to) for code in codes)
    if differences:
        raise SystemExit(1)


def _compare(
    database: Database, registry: Registry, code: str, since: datetime, until: datetime
) -> int:
    try:
        provider = registry.get(code)
        report = reconcile.run(database, Clearing(database, registry), provider, since, until)
    except ProviderError as error:
        raise Unavailable(
            N_("The list of %(provider)s cannot be had: %(reason)s"),
            provider=code,
            reason=str(error),
        ) from error
    with database.read() as session:
        currency = reconcile.currency(session)
    _tell(code, report, currency)
    return len(report.differences)


def _tell(code: str, report: Report, currency: str) -> None:
    made = report.reconciliation
    click.echo(
        gettext(
            N_("%(provider)s: %(count)s orders, here %(ours)s, there %(theirs)s %(currency)s"),
            provider=code,
            count=made.compared,
            ours=money.plain(made.ours_minor, currency),
            theirs=money.plain(made.theirs_minor, currency),
            currency=currency,
        )
    )
    for difference in report.differences:
        click.echo(f"  {_line(difference, currency)}")


def _line(difference: Difference, currency: str) -> str:
    ours, theirs = (
        money.plain(minor, currency) if minor is not None else "—"
        for minor in (difference.ours_minor, difference.theirs_minor)
    )
    what = gettext(KINDS[difference.kind])
    return f"{difference.provider_reference}  {what}  {ours} / {theirs}"
