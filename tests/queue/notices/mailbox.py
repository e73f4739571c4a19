"""A mail server on this machine that real SMTP is spoken to, and the mailboxes behind it."""

import asyncio
import os
import signal
import threading
from collections import Counter, defaultdict
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class MailServer:
    """`delivered` is all that was accepted; `mailboxes` hold each Message-ID once, as people's do.

    An address of `refused` does not exist; one of `busy` is told to come back as many times. When
    `victim` is a process, it is killed as soon as a mail is accepted and before it can hear so,
    as many times for each mail as `kills` says.
    """

    def __init__(self) -> None:
        self.delivered: list[EmailMessage] = []
        self.mailboxes: dict[str, dict[str, EmailMessage]] = defaultdict(dict)
        self.refused: set[str] = set()
        self.busy: Counter[str] = Counter()
        self.victim = 0
        self.kills = 0
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="mail-server", daemon=True)

    def start(self) -> "MailServer":
        self._thread.start()
        assert self._ready.wait(60)
        return self

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)

    def inbox(self, address: str) -> list[EmailMessage]:
        return list(self.mailboxes[address].values())

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        serving = self._loop.create_server(lambda: SMTP(self, loop=self._loop), "127.0.0.1", 0)
        server = self._loop.run_until_complete(serving)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    # What aiosmtpd calls.

    async def handle_RCPT(  # noqa: N802 - the library's own name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 No such mailbox here"
        if self.busy[address]:
            self.busy[address] -= 1
            return "451 4.3.0 Come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the library's own name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=policy.default)
        self.delivered.append(mail)
        same = [one for one in self.delivered if one["Message-ID"] == mail["Message-ID"]]
        for address in envelope.rcpt_tos:
            self.mailboxes[address].setdefault(str(mail["Message-ID"]), mail)
        if self.victim and len(same) <= self.kills:
            os.kill(self.victim, signal.SIGKILL)
        return "250 Accepted"
