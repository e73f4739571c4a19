"""Alerts: what ails a device is raised once and cleared once, and whoever looks after the devices
is told of both, by e-mail at once and by a webhook (see `alert_hook`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.i18n import gettext, language_of, pick, speaking
from turnero_hardware.outbox_rows import announce
from turnero_queue import notices
from turnero_queue.devices.health import DeviceHealth, Reason, device_health
from turnero_queue.models import Municipality, Office
from turnero_queue.models.device_alerts import DeviceAlert
from turnero_queue.notices import kinds
from turnero_queue.notices.contacts import Contact
from turnero_queue.rules import Rules, merged
from turnero_queue.webhooks import noting

#: What is worth calling somebody for; the other reasons are to be seen on the page only.
ALERTING = frozenset(
    {"paper-out", "paper-low", "failing", "offline", "agent-offline", "jobs-waiting"}
)
_KEPT = timedelta(days=90)


@dataclass(frozen=True)
class _Ailment:
    health: DeviceHealth
    reason: Reason

    @property
    def key(self) -> tuple[str, str]:
        return self.health.id, self.reason.slug


def review(session: Session, now: datetime) -> int:
    """Compare how the devices are with the alerts that are open; how many began or ended."""
    ailing = {found.key: found for found in _ailments(session, now)}
    open_now = {(alert.subject_id, alert.slug): alert for alert in open_alerts(session)}
    raised = [_raise(session, ailing[key], now) for key in ailing.keys() - open_now.keys()]
    cleared = [open_now[key] for key in open_now.keys() - ailing.keys()]
    for alert in cleared:
        alert.cleared_at, alert.hook_next_at = now, None
    session.flush()
    for alert in (*raised, *cleared):
        _mail(session, alert, now)
        noting.alert_changed(session, alert, now)
    if raised or cleared:
        announce(session, "alert")
    return len(raised) + len(cleared)


def open_alerts(session: Session, office_id: str | None = None) -> list[DeviceAlert]:
    """What ails a device now, the oldest first; of one office when it is named."""
    query = select(DeviceAlert).where(DeviceAlert.cleared_at.is_(None))
    if office_id is not None:
        query = query.where(DeviceAlert.office_id == office_id)
    return list(session.scalars(query.order_by(DeviceAlert.raised_at, DeviceAlert.id)))


def past_alerts(session: Session, subject_id: str, most: int = 20) -> list[DeviceAlert]:
    """What ailed one device, the newest first."""
    query = select(DeviceAlert).where(DeviceAlert.subject_id == subject_id)
    return list(session.scalars(query.order_by(DeviceAlert.raised_at.desc()).limit(most)))


def purge(session: Session, now: datetime) -> int:
    """Forget alerts that were over long ago; how many."""
    old = select(DeviceAlert).where(DeviceAlert.cleared_at < now - _KEPT)
    gone = list(session.scalars(old))
    for alert in gone:
        session.delete(alert)
    return len(gone)


def rules_for(session: Session, office_id: str | None) -> Rules:
    common = session.scalar(select(Municipality.rules)) or {}
    own = session.scalar(select(Office.rules).where(Office.id == office_id)) if office_id else None
    return merged(common, own or {})


def words(alert: DeviceAlert) -> str:
    return gettext(alert.message, **alert.params)


def _ailments(session: Session, now: datetime) -> Iterator[_Ailment]:
    for health in device_health(session, None, now):
        for reason in health.reasons:
            if reason.slug in ALERTING:
                yield _Ailment(health, reason)


def _raise(session: Session, found: _Ailment, now: datetime) -> DeviceAlert:
    health, reason = found.health, found.reason
    alert = DeviceAlert(
        subject_id=health.id,
        kind=health.kind,
        code=health.code,
        name=health.name,
        office_id=health.office_id,
        slug=reason.slug,
        message=reason.message[:200],
        params=dict(reason.params),
        raised_at=now,
    )
    session.add(alert)
    return alert


def _mail(session: Session, alert: DeviceAlert, now: datetime) -> None:
    addresses = rules_for(session, alert.office_id).device_alert_email.split()
    if not addresses:
        return
    municipality = session.get_one(Municipality, 1)
    office = session.get(Office, alert.office_id) if alert.office_id else None
    language = language_of(municipality.locale)
    with speaking(language):
        data = kinds.DeviceAlertData(
            device=alert.name,
            office=pick(office.name) if office else "",
            problem=words(alert),
            since=clock.rfc3339(alert.raised_at),
            until=clock.rfc3339(alert.cleared_at) if alert.cleared_at else "",
            zone=(office.timezone if office and office.timezone else municipality.timezone),
        )
    step = "cleared" if alert.cleared_at else "raised"
    for address in addresses:
        notices.enqueue(
            session,
            kinds.DEVICE_ALERT,
            key=f"device-alert/{alert.id}/{step}/{address}"[:200],
            to=Contact(address, None, language),
            data=data,
            now=now,
            subject_id=alert.id,
            office_id=alert.office_id,
        )
