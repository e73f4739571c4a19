"""A notice as the message that goes out: subject, plain text, HTML, calendar file."""

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import qrcode  # type: ignore[import-untyped]
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]
from sqlalchemy.orm import Session

from turnero_core.colour import DEFAULT_BRAND, theme_for
from turnero_core.i18n import gettext, ngettext, speaking
from turnero_queue.models.catalogue import Municipality
from turnero_queue.models.notices import Channel, Notice
from turnero_queue.notices import calendar, kinds
from turnero_queue.notices.content import Content, content
from turnero_queue.notices.message import Attachment, Message
from turnero_queue.notices.outbox import content_of
from turnero_queue.notices.settings import Settings, from_stored

TEMPLATES = Path(__file__).parent / "templates"
QR_NAME, QR_ID = "qr.png", "qr"
NO_SENDER = "turnos@turnero.invalid"


@dataclass(frozen=True)
class House:
    """Who writes: the municipality as its mails show it."""

    name: str
    colour: str = DEFAULT_BRAND
    sender: str = NO_SENDER
    reply_to: str = ""
    locale: str = ""
    base_url: str = ""


def house_of(session: Session, chosen: Settings | None = None, base_url: str = "") -> House:
    """The municipality, writing as `chosen` says, or as it is configured; its pages are below
    `base_url`."""
    row = session.get_one(Municipality, 1)
    found = chosen or from_stored(row.notices)
    return House(
        row.name,
        row.colour or DEFAULT_BRAND,
        found.sender or NO_SENDER,
        found.reply_to,
        row.locale,
        base_url,
    )


def message_of(notice: Notice, house: House) -> Message:
    """What is sent for a notice; ValueError when its contents were forgotten."""
    if notice.address is None:
        raise ValueError("the address of this message was forgotten")
    return message(
        notice.kind,
        content_of(notice),
        house,
        to=notice.address,
        language=notice.language,
        channel=Channel(notice.channel),
        message_id=notice.message_id,
    )


def message(
    kind: str,
    data: kinds.NoticeData,
    house: House,
    *,
    to: str,
    language: str,
    channel: Channel,
    message_id: str,
) -> Message:
    data = kinds.addressed(data, house.base_url)
    with speaking(language):
        said = content(kind, data, house.locale)
        mails = channel is Channel.EMAIL
        return Message(
            id=message_id,
            channel=channel,
            to=to,
            language=language,
            subject=one_line(said.subject),
            text=plain(said, house) if mails else said.short,
            html=html(said, house, language) if mails else "",
            sender=house.sender,
            sender_name=one_line(house.name),
            reply_to=house.reply_to,
            attachments=_attachments(kind, data, house, to) if mails else (),
            images=_images(said) if mails else (),
        )


def one_line(text: str) -> str:
    """`text` without anything that could end the line of a header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def plain(said: Content, house: House) -> str:
    parts = [gettext("Hello %(name)s,", name=said.name)] if said.name else []
    parts.append(said.lead)
    parts.append("\n".join(f"{label}: {value}" for label, value in said.facts))
    if said.items:
        parts.append("\n".join([said.items_title, *(f"- {item}" for item in said.items)]))
    parts.append(said.closing)
    parts.extend(f"{label}:\n{url}" for label, url in said.links)
    parts.append(f"-- \n{house.name}\n{gettext('This message was sent by a machine.')}")
    return "\n\n".join(part for part in parts if part) + "\n"


def html(said: Content, house: House, language: str) -> str:
    links = [(label, url) for label, url in said.links if urlsplit(url).scheme in ("http", "https")]
    return _page().render(
        said=said,
        links=links,
        house=house,
        language=language,
        tones=theme_for(house.colour),
        qr_source=f"cid:{QR_ID}" if said.qr else "",
    )


@cache
def _page() -> Template:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # The language is the one spoken at the moment, not that of the first mail.
    environment.globals.update(_=gettext, gettext=gettext, ngettext=ngettext)
    return environment.get_template("mail.html")


def _attachments(
    kind: str, data: kinds.NoticeData, house: House, to: str
) -> tuple[Attachment, ...]:
    if not isinstance(data, kinds.AppointmentData):
        return ()
    cancelled = kind == kinds.CANCELLED
    file = calendar.ics(
        data, cancelled=cancelled, organizer=(house.name, house.sender), attendee=to
    )
    method = calendar.method(cancelled, invites=True)
    return (Attachment(calendar.NAME, f"{calendar.MEDIA_TYPE}; method={method}", file),)


def _images(said: Content) -> tuple[Attachment, ...]:
    if not said.qr:
        return ()
    code = qrcode.QRCode(border=4, box_size=6, error_correction=ERROR_CORRECT_M)
    code.add_data(said.qr)
    picture = BytesIO()
    code.make_image().save(picture)
    return (Attachment(QR_NAME, "image/png", picture.getvalue()),)
