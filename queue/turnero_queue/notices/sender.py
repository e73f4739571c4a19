"""Takes what is due from the outbox to the providers, one message at a time."""

import os
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import structlog
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.db import Database
from turnero_core.ids import new_id
from turnero_core.sealed import SealedError
from turnero_queue.models.catalogue import Municipality, Office
from turnero_queue.models.notices import Channel, Notice, NoticeState
from turnero_queue.notices import due, kinds, settings
from turnero_queue.notices.message import Message
from turnero_queue.notices.outbox import content_of
from turnero_queue.notices.policy import Verdict, judge
from turnero_queue.notices.providers import Provider, ProviderError, provider_for
from turnero_queue.notices.rendering import House, house_of, message_of

log = structlog.get_logger(__name__)
Providers = Callable[[settings.Provider, Path], Provider]


class Claimed(NamedTuple):
    notice: Notice
    attempt: int
    house: House
    chosen: settings.Provider


class Sender:
    """`always` holds instead of the configured settings; links that begin with / are below
    `base_url`. No transaction is open while a provider
    is spoken to. A process that dies between sending and noting leaves a lease that runs out; the
    message then goes again with its Message-ID."""

    def __init__(
        self,
        database: Database,
        instance: Path,
        *,
        lease: timedelta = due.LEASE,
        provider_for: Providers = provider_for,
        always: settings.Settings | None = None,
        base_url: str = "",
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._database, self._instance, self._always = database, instance, always
        self._lease, self._provider_for = lease, provider_for
        self.name = f"{socket.gethostname()}:{os.getpid()}:{new_id()[-8:]}"

    def run_once(self, most: int = 100) -> int:
        """Send what is due, up to `most` messages; how many were tried."""
        tried = 0
        while tried < most and self.is_due():
            claimed = self._claim()
            if claimed is None:
                break
            self._send(claimed)
            tried += 1
        return tried

    def is_due(self) -> bool:
        """Asked by reading, so that an idle outbox costs nobody a write lock."""
        with self._database.read() as session:
            found = self._settings(session)
            return due.is_due(session, tuple(found.providers), clock.now())

    def _settings(self, session: Session) -> settings.Settings:
        """The configured ones, unless this sender was given some that always hold."""
        if self._always is not None:
            return self._always
        row = session.get(Municipality, 1)
        return settings.from_stored(row.notices) if row else settings.Settings()

    def _claim(self) -> Claimed | None:
        """The next message to send now, its try noted; those that must not go now are moved on."""
        with self._database.write() as session:
            found, now = self._settings(session), clock.now()
            while notice := due.next_due(session, tuple(found.providers), now):
                if claimed := self._take(session, notice, found, now):
                    return claimed
        return None

    def _take(
        self, session: Session, notice: Notice, found: settings.Settings, now: datetime
    ) -> Claimed | None:
        verdict = _verdict(session, notice, now)
        attempt = notice.attempts + 1
        if verdict.until:
            due.put_off(session, notice, verdict.until)
        elif verdict.end:
            due.end(session, notice, verdict.end, verdict.why)
        elif due.claim(session, notice, self.name, now, self._lease):
            house = house_of(session, found, self._base_url)
            return Claimed(notice, attempt, house, found.providers[Channel(notice.channel)])
        return None

    def _send(self, claimed: Claimed) -> None:
        notice, attempt = claimed.notice, claimed.attempt
        try:
            message = self._with_papers(notice, message_of(notice, claimed.house))
            provider = self._provider_for(claimed.chosen, self._instance)
            reference = provider.send(message)
        except ProviderError as error:
            self._note_failed(claimed, str(error), error.permanent, error.doubtful)
        except Exception as error:
            # A message that cannot be made must not hold up the others.
            log.exception("notice_broke", notice=notice.id, kind=notice.kind)
            self._note_failed(claimed, f"{type(error).__name__}: not sent", False, False)
        else:
            with self._database.write() as session:
                due.note_sent(session, notice, attempt, reference, clock.now())

    def _with_papers(self, notice: Notice, message: Message) -> Message:
        """A receipt's mail brings the receipt itself."""
        if notice.kind != kinds.RECEIPT or not notice.subject_id or not message.html:
            return message
        # Receipts send messages, so they cannot be known here from the start.
        from turnero_queue.receipts.mailing import attachments

        with self._database.read() as session:
            papers = attachments(session, notice.subject_id, self._base_url)
        return replace(message, attachments=(*message.attachments, *papers))

    def _note_failed(self, claimed: Claimed, why: str, permanent: bool, doubtful: bool) -> None:
        notice = claimed.notice
        log.warning("notice_not_sent", notice=notice.id, kind=notice.kind, permanent=permanent)
        with self._database.write() as session:
            due.note_failed(
                session,
                notice,
                claimed.attempt,
                why,
                clock.now(),
                permanent=permanent,
                doubtful=doubtful,
            )


def _verdict(session: Session, notice: Notice, now: datetime) -> Verdict:
    municipality = session.get_one(Municipality, 1)
    office = session.get(Office, notice.office_id) if notice.office_id else None
    try:
        data = content_of(notice)
    except (ValueError, SealedError) as error:
        return Verdict(end=NoticeState.FAILED, why=f"cannot be read: {type(error).__name__}")
    return judge(session, notice, data, municipality, office, now)
