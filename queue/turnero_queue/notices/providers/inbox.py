"""Messages put into a folder, where a demonstration shows them; nobody receives them."""

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path

from turnero_core import clock
from turnero_queue.notices.message import Message, mime
from turnero_queue.notices.providers.base import ProviderError

FOLDER = "inbox"
SENDER = "turnos@turnero.invalid"


class InboxProvider:
    """One file for each Message-ID: what comes twice is there once, as mailboxes do."""

    def __init__(self, instance: Path) -> None:
        self._folder = instance / FOLDER

    def send(self, message: Message) -> str:
        name = hashlib.sha256(message.id.encode()).hexdigest()[:32]
        file = self._folder / f"{name}.json"
        if file.exists():
            return name
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            draft = self._folder / f".{name}.{os.getpid()}"
            draft.write_text(json.dumps(_kept(message), ensure_ascii=False), "utf-8")
            draft.replace(file)
        except (OSError, ValueError) as error:
            raise ProviderError(f"the inbox cannot be written: {error}") from error
        return name


def _kept(message: Message) -> dict[str, str]:
    sender = message.sender or SENDER
    return {
        "id": message.id,
        "channel": message.channel,
        "to": message.to,
        "from": f"{message.sender_name} <{sender}>",
        "at": clock.rfc3339(clock.now()),
        "subject": message.subject,
        "text": message.text,
        "mime": _mail(message, sender),
    }


def _mail(message: Message, sender: str) -> str:
    if not message.html:
        return ""
    return mime(replace(message, sender=sender)).as_bytes().decode("ascii")
