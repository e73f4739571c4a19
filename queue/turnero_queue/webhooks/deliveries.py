"""The outbox and the log: what is to be sent now, and how each try ended.

A subscription's deliveries go one after another, the oldest first. When its receiver cannot be
reached, or says that it is broken or busy, all of them wait; when it refuses one (a 4xx answer),
that one waits and those behind it go on. Each is tried until it is taken, for two days.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from turnero_core import live
from turnero_core.errors import Conflict, NotFound
from turnero_core.i18n import N_
from turnero_queue import audit
from turnero_queue.models.webhooks import Webhook, WebhookDelivery
from turnero_queue.webhooks import noting, subscriptions
from turnero_queue.webhooks.events import PING

GIVE_UP = timedelta(hours=48)
PAUSE_AFTER = timedelta(hours=48)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=30)
#: Answers that speak of the receiver's state, not of this delivery: too long, too early, too many.
BUSY = frozenset({408, 425, 429})
KEPT, KEPT_IN_VAIN = timedelta(days=14), timedelta(days=30)
TRIED_OUT_WITHIN = timedelta(minutes=1)
EXCERPT = 400
_D, _W = WebhookDelivery, Webhook


@dataclass(frozen=True)
class Outcome:
    """How a try ended: `status` 0 when nobody answered, then `answer` says why. `after` is the
    pause that the receiver asked for."""

    status: int
    answer: str = ""
    took_ms: int = 0
    after: timedelta | None = None

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        return 400 <= self.status < 500 and self.status not in BUSY


def waiting(session: Session, now: datetime) -> list[str]:
    """The ids of the subscriptions that have something to send now."""
    due = exists().where(_D.webhook_id == _W.id, _D.state == "pending", _D.next_at <= now)
    query = select(_W.id).where(_W.active, _is_ready(now), due).order_by(_W.id)
    return list(session.scalars(query))


def next_of(session: Session, webhook_id: str, now: datetime) -> WebhookDelivery | None:
    """What a subscription is sent next, if anything may be sent now."""
    query = (
        select(_D)
        .join(_W, _W.id == _D.webhook_id)
        .where(_D.webhook_id == webhook_id, _D.state == "pending", _D.next_at <= now)
        .where(_W.active, _is_ready(now))
        .order_by(_D.number)
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def settle(session: Session, number: int, outcome: Outcome, now: datetime) -> None:
    """Note how a try ended. A second note of one that is over changes nothing."""
    delivery = session.get(_D, number, with_for_update=True)
    if delivery is None or delivery.state != "pending":
        return
    webhook = session.get_one(_W, delivery.webhook_id, with_for_update=True)
    delivery.attempts += 1
    delivery.tried_at, delivery.took_ms = now, outcome.took_ms
    delivery.status, delivery.answer = outcome.status or None, outcome.answer[:EXCERPT]
    if delivery.event == PING and not outcome.taken:
        # Only whoever tried it wanted to know.
        delivery.state, delivery.ended_at = "given_up", now
        return
    if outcome.taken:
        delivery.state, delivery.ended_at = "delivered", now
        webhook.failures, webhook.failing_since, webhook.rests_until = 0, None, None
        return
    _failed(session, webhook, delivery, outcome, now)


def pause(tries: int) -> timedelta:
    """The wait after so many tries: 5, 10, 20 seconds … half an hour, each a quarter more or less,
    so that what failed together does not return together."""
    doublings: int = 1 << min(max(tries - 1, 0), 12)
    return min(FIRST_PAUSE * doublings, LONGEST_PAUSE) * random.uniform(0.75, 1.25)  # noqa: S311


def ping(session: Session, webhook: Webhook, now: datetime) -> WebhookDelivery:
    """A delivery that says nothing, to see whether the receiver takes it: whoever asks for it
    sends it, so that the outbox leaves it alone for a while."""
    body = noting.body_of(PING, None, now, {"webhook": webhook.id})
    delivery = noting.put(session, webhook.id, PING, body, now)
    delivery.next_at = now + TRIED_OUT_WITHIN
    session.flush()
    return delivery


def replay(session: Session, delivery_id: str, now: datetime, *, actor: str) -> WebhookDelivery:
    """Send once more what is over, under the same id."""
    delivery = by_id(session, delivery_id)
    webhook = subscriptions.find(session, delivery.webhook_id)
    if delivery.state == "pending":
        raise Conflict(N_("It is still being sent."), slug="still-pending")
    if not webhook.active:
        raise Conflict(N_("The webhook is switched off. Switch it on first."), slug="webhook-off")
    delivery.state, delivery.ended_at, delivery.next_at = "pending", None, now
    audit.record(
        session,
        actor=actor,
        action="webhook.replay",
        subject=f"delivery:{delivery.id}",
        office_id=webhook.office_id,
        now=now,
    )
    live.announce(session, noting.TOPIC, 0, "due", {})
    return delivery


def by_id(session: Session, delivery_id: str) -> WebhookDelivery:
    found = session.scalars(select(_D).where(_D.id == delivery_id)).one_or_none()
    if found is None:
        raise NotFound(N_("There is no such delivery."))
    return found


def listed(
    session: Session, webhook_id: str, most: int, *, state: str = "", before: int | None = None
) -> list[WebhookDelivery]:
    """The newest first."""
    query = select(_D).where(_D.webhook_id == webhook_id)
    if state:
        query = query.where(_D.state == state)
    if before is not None:
        query = query.where(_D.number < before)
    return list(session.scalars(query.order_by(_D.number.desc()).limit(most)))


def counts(session: Session) -> dict[str, dict[str, int]]:
    """Subscription id -> how many of its deliveries are in which state."""
    found: dict[str, dict[str, int]] = {}
    query = select(_D.webhook_id, _D.state, func.count()).group_by(_D.webhook_id, _D.state)
    for webhook_id, state, count in session.execute(query):
        found.setdefault(webhook_id, {})[state] = count
    return found


def forget_old(session: Session, now: datetime) -> int:
    """Deliveries that were over long ago; how many."""
    old = or_(
        (_D.state == "delivered") & (_D.ended_at < now - KEPT),
        (_D.state == "given_up") & (_D.ended_at < now - KEPT_IN_VAIN),
        # What was off when its time was over is not sent when it is switched on again.
        (_D.state == "pending") & (_D.created_at < now - KEPT_IN_VAIN),
    )
    gone = session.execute(delete(_D).where(old))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _is_ready(now: datetime) -> ColumnElement[bool]:
    return or_(_W.rests_until.is_(None), _W.rests_until <= now)


def _failed(
    session: Session, webhook: Webhook, delivery: WebhookDelivery, outcome: Outcome, now: datetime
) -> None:
    webhook.failing_since = webhook.failing_since or now
    if outcome.refused:
        delivery.next_at = now + pause(delivery.attempts)
    else:
        webhook.failures += 1
        rest = max(pause(webhook.failures), outcome.after or timedelta(0))
        webhook.rests_until = now + min(rest, LONGEST_PAUSE * 1.25)
    if now - delivery.created_at > GIVE_UP:
        delivery.state, delivery.ended_at = "given_up", now
    if now - webhook.failing_since > PAUSE_AFTER:
        subscriptions.pause(session, webhook, now)
