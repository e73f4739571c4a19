"""Messages put into a folder, where a demonstration shows them; nobody receives them."""

import hashlib
import json
import os
import re
from dataclasses import dataclass, replace
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


@dataclass(frozen=True)
class Kept:
    """A message in the inbox; `mime` is the whole mail, empty for a short message."""

    name: str
    channel: str
    to: str
    at: str
    subject: str
    text: str
    mime: str


def newest(instance: Path, most: int = 100) -> list[Kept]:
    """The messages of the inbox, the last to come first."""
    files = sorted((instance / FOLDER).glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
    found = (kept(instance, file.stem) for file in reversed(files[-most:]))
    return [one for one in found if one is not None]


def kept(instance: Path, name: str) -> Kept | None:
    """The message of that name, if there is one."""
    if not re.fullmatch(r"[0-9a-f]{32}", name):
        return None
    try:
        values = json.loads((instance / FOLDER / f"{name}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    keys = ("channel", "to", "at", "subject", "text", "mime")
    return Kept(name, **{key: str(values.get(key, "")) for key in keys})
