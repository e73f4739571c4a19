"""A message as it is sent, whatever sends it."""

from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from turnero_core import clock
from turnero_queue.models.notices import Channel

# Old servers on the way take nothing else.
SEVEN_BIT = policy.SMTP.clone(cte_type="7bit")


@dataclass(frozen=True)
class Attachment:
    """`kind` is a media type with its parameters, such as text/calendar; method=REQUEST."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Message:
    """`id` is the Message-ID with its < and >, the same at every try; `text` alone goes to a
    telephone. The HTML shows an image named qr.png as cid:qr."""

    id: str
    channel: Channel
    to: str
    language: str
    subject: str
    text: str
    html: str = ""
    sender: str = ""
    sender_name: str = ""
    reply_to: str = ""
    attachments: tuple[Attachment, ...] = ()
    images: tuple[Attachment, ...] = ()


def mime(message: Message) -> EmailMessage:
    """The mail; ValueError when a line break would put something else into its headers."""
    mail = EmailMessage(SEVEN_BIT)
    mail["Subject"] = message.subject
    mail["From"] = formataddr((message.sender_name, message.sender))
    mail["To"] = message.to
    if message.reply_to:
        mail["Reply-To"] = message.reply_to
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = message.id
    mail["Content-Language"] = message.language
    # Nobody's automatic answer is wanted (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    if message.html:
        _add_html(mail, message)
    for attachment in message.attachments:
        _attach(mail, attachment)
    return mail


def _add_html(mail: EmailMessage, message: Message) -> None:
    mail.add_alternative(message.html, subtype="html")
    *_, page = mail.iter_parts()
    for image in message.images:
        main, _, sub = image.kind.partition("/")
        name = image.name.partition(".")[0]
        page.add_related(
            image.content, main, sub, cid=f"<{name}>", filename=image.name, disposition="inline"
        )


def _attach(mail: EmailMessage, attachment: Attachment) -> None:
    media, *rest = (part.strip() for part in attachment.kind.split(";"))
    main, _, sub = media.partition("/")
    params = dict(part.split("=", 1) for part in rest)
    if main == "text":
        mail.add_attachment(
            attachment.content.decode(),
            subtype=sub,
            filename=attachment.name,
            params=params,
            cte="base64",
        )
    else:
        mail.add_attachment(attachment.content, main, sub, filename=attachment.name, params=params)
