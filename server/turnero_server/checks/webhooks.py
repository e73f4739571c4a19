"""Webhooks that do not reach whoever wants to hear: paused, or failing since some time."""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.i18n import N_, gettext
from turnero_core.settings import Settings
from turnero_queue.models.webhooks import Webhook, WebhookDelivery
from turnero_queue.webhooks import deliveries, subscriptions
from turnero_server.checks.finding import Finding, ok, warn

LONGEST_NAME = 40
NOBODY = N_("nobody answered")


def webhooks(session: Session, _settings: Settings) -> Iterator[Finding]:
    known = subscriptions.listed(session)
    ailing = [webhook for webhook in known if webhook.paused_at or _is_failing(webhook)]
    counts = deliveries.counts(session)
    for webhook in ailing:
        waiting = counts.get(webhook.id, {}).get("pending", 0)
        yield (
            _paused(webhook, waiting) if webhook.paused_at else _failing(session, webhook, waiting)
        )
    if known and not ailing:
        on = sum(webhook.active for webhook in known)
        yield ok(
            gettext(N_("webhooks")), gettext(N_("%(count)s switched on, none fails"), count=on)
        )


def _is_failing(webhook: Webhook) -> bool:
    return webhook.active and webhook.failing_since is not None


def _paused(webhook: Webhook, waiting: int) -> Finding:
    said = N_("paused since %(time)s, for nobody took anything in two days; waiting: %(count)s")
    mend = N_(
        "Mend its receiver, run “turnero webhook test %(id)s” until it answers, and switch it on "
        "under Webhooks in the panel."
    )
    return warn(
        _about(webhook),
        gettext(said, time=_time(webhook.paused_at), count=waiting),
        gettext(mend, id=webhook.id),
    )


def _failing(session: Session, webhook: Webhook, waiting: int) -> Finding:
    said = N_("failing since %(time)s (%(answer)s); waiting: %(count)s")
    mend = N_(
        "Look at its receiver, and run “turnero webhook test %(id)s”. What waits is sent by "
        "itself; after two days without success the webhook is paused."
    )
    return warn(
        _about(webhook),
        gettext(
            said,
            time=_time(webhook.failing_since),
            answer=_last_answer(session, webhook),
            count=waiting,
        ),
        gettext(mend, id=webhook.id),
    )


def _about(webhook: Webhook) -> str:
    """Without the address's path, which may carry a key."""
    name = (webhook.description or urlsplit(webhook.url).hostname or "")[:LONGEST_NAME]
    return gettext(N_("webhook %(name)s"), name=name)


def _last_answer(session: Session, webhook: Webhook) -> str:
    tried = (
        select(WebhookDelivery.status)
        .where(WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.tried_at.is_not(None))
        .order_by(WebhookDelivery.tried_at.desc())
        .limit(1)
    )
    return str(session.scalar(tried) or gettext(NOBODY))


def _time(moment: datetime | None) -> str:
    return clock.rfc3339(moment) if moment else "-"
