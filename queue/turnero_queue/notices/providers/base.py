"""The one method of every provider, and the one way in which it fails."""

from pathlib import Path
from typing import Protocol

from turnero_queue.notices.message import Message

SECRETS = "secrets"


class Provider(Protocol):
    def send(self, message: Message) -> str:
        """Hand the message over; the provider's own reference, or "". ProviderError if not."""


class ProviderError(Exception):
    """`permanent`: the receiver refuses it, and trying again would change nothing.

    `doubtful`: it may have been taken all the same. The text tells no secret.
    """

    def __init__(self, detail: str, *, permanent: bool = False, doubtful: bool = False) -> None:
        super().__init__(detail)
        self.permanent = permanent
        self.doubtful = doubtful


def secret(instance: Path, name: str) -> str:
    """What the file `secrets/NAME` of the instance holds; ProviderError when it cannot be read."""
    if not name:
        return ""
    try:
        return (instance / SECRETS / name).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ProviderError(f"the file {SECRETS}/{name} of the instance cannot be read") from error
