"""One message sent on demand, to see whether a channel works: past the outbox, and never twice."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from turnero_core.i18n import N_, gettext, speaking
from turnero_core.ids import new_id
from turnero_queue.models.notices import Channel
from turnero_queue.notices import settings
from turnero_queue.notices.contacts import Contact
from turnero_queue.notices.message import Message
from turnero_queue.notices.providers import ProviderError, provider_for
from turnero_queue.notices.rendering import House

SUBJECT = N_("Test message of %(house)s")
TEXT = N_("This is a test: messages of %(house)s by this way arrive. There is nothing to do.")


class Fate(StrEnum):
    """KEPT: in this machine's inbox. REFUSED: by the receiver. DOUBTFUL: it may have arrived."""

    SENT = "sent"
    KEPT = "kept"
    REFUSED = "refused"
    DOUBTFUL = "doubtful"
    FAILED = "failed"


@dataclass(frozen=True)
class Tried:
    """`detail` is what the other side said, in its own words; it tells no secret."""

    fate: Fate
    detail: str = ""


def send(
    chosen: settings.Provider, channel: Channel, to: Contact, house: House, instance: Path
) -> Tried:
    """Hand one test message over now. It may take as long as the provider's timeout: hold no
    transaction."""
    try:
        provider_for(chosen, instance).send(_message(channel, to, house))
    except ProviderError as error:
        fate = Fate.REFUSED if error.permanent else Fate.FAILED
        return Tried(Fate.DOUBTFUL if error.doubtful else fate, str(error))
    except ValueError as error:
        # A name that no computer can have, in whatever library it was found out.
        return Tried(Fate.FAILED, type(error).__name__)
    return Tried(Fate.KEPT if isinstance(chosen, settings.Inbox) else Fate.SENT)


def _message(channel: Channel, to: Contact, house: House) -> Message:
    domain = house.sender.rpartition("@")[2] or settings.NOWHERE
    with speaking(to.language):
        subject, text = gettext(SUBJECT, house=house.name), gettext(TEXT, house=house.name)
    return Message(
        id=f"<{new_id()}@{domain}>",
        channel=channel,
        to=to.email or to.phone or "",
        language=to.language,
        subject=subject,
        text=text,
        sender=house.sender,
        sender_name=house.name,
        reply_to=house.reply_to,
    )
