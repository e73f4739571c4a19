"""A mail as somebody's mail program shows it."""

import base64
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

CID = "cid:"


@dataclass(frozen=True)
class File:
    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """`html` has its inline pictures inside it; empty when the mail is plain text alone."""

    sender: str
    to: str
    subject: str
    text: str
    html: str
    files: tuple[File, ...]


def read(raw: bytes) -> Mail:
    mail = message_from_bytes(raw, policy=policy.default)
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))
    return Mail(
        str(mail["From"]),
        str(mail["To"]),
        str(mail["Subject"]),
        str(text.get_content()) if text else "",
        with_pictures(str(page.get_content()), _pictures(mail)) if page else "",
        tuple(_file(part) for part in mail.iter_attachments() if part.get_filename()),
    )


def with_pictures(html: str, pictures: dict[str, File]) -> str:
    """`html` with each picture that it names by its cid: written into it."""
    for cid, file in pictures.items():
        data = base64.b64encode(file.content).decode()
        html = html.replace(f'"{CID}{cid}"', f'"data:{file.kind};base64,{data}"')
    return html


def _pictures(mail: EmailMessage) -> dict[str, File]:
    found = [part for part in mail.walk() if part["Content-ID"]]
    return {str(part["Content-ID"]).strip("<>"): _file(part) for part in found}


def _file(part: EmailMessage) -> File:
    content = part.get_payload(decode=True)
    kept = content if isinstance(content, bytes) else b""
    return File(part.get_filename() or "", part.get_content_type(), kept)
