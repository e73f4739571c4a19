"""Who wants to hear of what. A change counts from the transaction it is made in on: it makes a
new version of the configuration, which is what every process looks at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from turnero_core.errors import Invalid, NotFound
from turnero_core.i18n import N_, gettext
from turnero_queue import audit, catalogue, signatures
from turnero_queue.models.webhooks import Webhook, WebhookDelivery
from turnero_queue.webhooks.events import EVENTS

LONGEST_URL, LONGEST_DESCRIPTION = 500, 200
#: A receiver has this long to learn the new secret: until then both sign.
OVERLAP = timedelta(hours=24)


@dataclass(frozen=True)
class Wanted:
    """What a subscription is asked to be; `office_id` None is every office."""

    url: str
    events: tuple[str, ...]
    office_id: str | None = None
    description: str = ""


def listed(session: Session) -> list[Webhook]:
    return list(session.scalars(select(Webhook).order_by(Webhook.created_at, Webhook.id)))


def find(session: Session, webhook_id: str) -> Webhook:
    found = session.get(Webhook, webhook_id)
    if found is None:
        raise NotFound(N_("There is no such webhook."))
    return found


def paused(session: Session) -> list[Webhook]:
    """Those that were switched off because nobody answered for too long."""
    query = select(Webhook).where(Webhook.paused_at.is_not(None)).order_by(Webhook.paused_at)
    return list(session.scalars(query))


def create(session: Session, wanted: Wanted, now: datetime, *, actor: str) -> tuple[Webhook, str]:
    """The subscription and its secret, which is shown this once."""
    values = _checked(wanted)
    secret = signatures.new_key()
    webhook = Webhook(**values, secret=secret, created_at=now)
    session.add(webhook)
    session.flush()
    _changed(session, webhook, "webhook.create", now, actor, after=_told(webhook))
    return webhook, secret


def change(
    session: Session, webhook: Webhook, wanted: Wanted, now: datetime, *, actor: str
) -> None:
    before = _told(webhook)
    for name, value in _checked(wanted).items():
        setattr(webhook, name, value)
    _changed(session, webhook, "webhook.change", now, actor, before=before, after=_told(webhook))


def switch(session: Session, webhook: Webhook, active: bool, now: datetime, *, actor: str) -> None:
    """On or off by hand; on again it begins as if it had never failed."""
    before = _told(webhook)
    webhook.active, webhook.paused_at = active, None
    webhook.failures, webhook.failing_since, webhook.rests_until = 0, None, None
    _changed(session, webhook, "webhook.change", now, actor, before=before, after=_told(webhook))


def pause(session: Session, webhook: Webhook, now: datetime) -> None:
    """Off, for it has failed too long."""
    webhook.active, webhook.paused_at = False, now
    _changed(session, webhook, "webhook.pause", now, audit.SYSTEM, after=_told(webhook))


def rotate(session: Session, webhook: Webhook, now: datetime, *, actor: str) -> str:
    """A new secret, shown this once; the old one signs beside it for a day."""
    secret = signatures.new_key()
    webhook.old_secret, webhook.old_until = webhook.secret, now + OVERLAP
    webhook.secret = secret
    _changed(session, webhook, "webhook.rotate", now, actor)
    return secret


def remove(session: Session, webhook: Webhook, now: datetime, *, actor: str) -> None:
    """The subscription with its log; what was not delivered is not sent any more."""
    before = _told(webhook)
    session.execute(delete(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id))
    session.delete(webhook)
    _changed(session, webhook, "webhook.remove", now, actor, before=before)


def keys_of(webhook: Webhook, now: datetime) -> list[str]:
    """What a delivery is signed with now, the present secret first."""
    old = webhook.old_secret if webhook.old_until and webhook.old_until > now else None
    return [webhook.secret, *([old] if old else [])]


def _checked(wanted: Wanted) -> dict[str, Any]:
    events = list(dict.fromkeys(wanted.events))
    errors = {
        "url": _wrong_url(wanted.url.strip()),
        "events": _wrong_events(events),
        "description": []
        if len(wanted.description) <= LONGEST_DESCRIPTION
        else [gettext(N_("At most %(most)s characters."), most=LONGEST_DESCRIPTION)],
    }
    if found := {field: texts for field, texts in errors.items() if texts}:
        raise Invalid(errors=found)
    return {
        "url": wanted.url.strip(),
        "events": events,
        "office_id": wanted.office_id,
        "description": " ".join(wanted.description.split()),
    }


def _wrong_url(url: str) -> list[str]:
    try:
        parts = urlsplit(url)
        # Reading the port is what finds one that is no number.
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        whole = None
    if not whole or len(url) > LONGEST_URL or any(mark.isspace() for mark in url):
        return [gettext(N_("Write a whole address, as in https://citizens.example/turnero."))]
    if parts.username is not None or parts.password is not None:
        return [gettext(N_("Leave name and password out: the signature says who is calling."))]
    return []


def _wrong_events(events: Iterable[str]) -> list[str]:
    unknown = [event for event in events if event not in EVENTS]
    if unknown:
        return [gettext(N_("Unknown: %(names)s"), names=", ".join(unknown))]
    return [] if events else [gettext(N_("Choose at least one."))]


def _told(webhook: Webhook) -> dict[str, Any]:
    """For the audit log; an address may carry a key behind its question mark."""
    return {
        "url": webhook.url.partition("?")[0],
        "events": list(webhook.events),
        "office": webhook.office_id,
        "active": webhook.active,
    }


def _changed(
    session: Session, webhook: Webhook, action: str, now: datetime, actor: str, **seen: Any
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"webhook:{webhook.id}",
        office_id=webhook.office_id,
        now=now,
        **seen,
    )
    catalogue.bump_version(session)
