"""turnero webhook add, list, test, rotate, remove"""

import click
from sqlalchemy.orm import Session

from turnero_core import clock, settings
from turnero_core.i18n import N_, gettext
from turnero_queue import catalogue
from turnero_queue.models.webhooks import Webhook
from turnero_queue.webhooks import deliveries, sending, subscriptions
from turnero_queue.webhooks.events import EVENTS
from turnero_queue.webhooks.subscriptions import Wanted
from turnero_server import opening

ACTOR = "turnero webhook"
SECRET = N_("The secret, which cannot be shown again: %(secret)s")


@click.group(help=gettext(N_("Tell other systems what happens; see docs/webhooks.md.")))
def command() -> None:
    pass


@command.command("add", help=gettext(N_("Make a webhook; prints its id and its secret.")))
@click.option("--url", required=True, help=gettext(N_("Where to post to.")))
@click.option(
    "--event",
    "events",
    multiple=True,
    type=click.Choice(tuple(EVENTS)),
    help=gettext(N_("What to tell; repeat for several.")),
)
@click.option("--all-events", is_flag=True, help=gettext(N_("Tell everything.")))
@click.option("--office", help=gettext(N_("The code of the one office to tell of.")))
@click.option("--description", default="", help=gettext(N_("What it is for.")))
def add(
    url: str, events: tuple[str, ...], all_events: bool, office: str | None, description: str
) -> None:
    chosen = tuple(EVENTS) if all_events else events
    with opening.current_database(settings.read()) as database, database.write() as session:
        office_id = catalogue.current(session).office(office).id if office else None
        wanted = Wanted(url, chosen, office_id, description)
        webhook, secret = subscriptions.create(session, wanted, clock.now(), actor=ACTOR)
        made = webhook.id
    click.echo(made)
    click.echo(gettext(SECRET, secret=secret))


@command.command("list", help=gettext(N_("List the webhooks, and what they have still to send.")))
def listed() -> None:
    with opening.current_database(settings.read()) as database, database.read() as session:
        counts = deliveries.counts(session)
        for webhook in subscriptions.listed(session):
            waiting = counts.get(webhook.id, {}).get("pending", 0)
            row = (webhook.id, _state(webhook), _office(session, webhook), str(waiting))
            click.echo("\t".join((*row, webhook.url, ",".join(webhook.events))))


@command.command("test", help=gettext(N_("Post a ping now, and show what was answered.")))
@click.argument("webhook_id", metavar="ID")
def test(webhook_id: str) -> None:
    with opening.current_database(settings.read()) as database:
        outcome = sending.try_out(database, webhook_id, sending.send)
    said = f"{outcome.status or '-'} {outcome.answer} ({outcome.took_ms} ms)"
    if not outcome.taken:
        raise click.ClickException(said)
    click.echo(said)


@command.command("rotate", help=gettext(N_("A new secret; the old one signs beside it for a day.")))
@click.argument("webhook_id", metavar="ID")
def rotate(webhook_id: str) -> None:
    with opening.current_database(settings.read()) as database, database.write() as session:
        webhook = subscriptions.find(session, webhook_id)
        secret = subscriptions.rotate(session, webhook, clock.now(), actor=ACTOR)
    click.echo(gettext(SECRET, secret=secret))


@command.command("remove", help=gettext(N_("Remove a webhook, its log, and what it had to send.")))
@click.argument("webhook_id", metavar="ID")
def remove(webhook_id: str) -> None:
    with opening.current_database(settings.read()) as database, database.write() as session:
        webhook = subscriptions.find(session, webhook_id)
        subscriptions.remove(session, webhook, clock.now(), actor=ACTOR)


def _state(webhook: Webhook) -> str:
    if webhook.paused_at:
        return gettext(N_("paused"))
    return gettext(N_("on")) if webhook.active else gettext(N_("off"))


def _office(session: Session, webhook: Webhook) -> str:
    if webhook.office_id is None:
        return "*"
    return catalogue.current(session).offices_by_id[webhook.office_id].code
