"""The demonstration's inbox: every mail and short message that citizens would get, to be read."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import quote

from babel.dates import format_datetime, get_timezone
from flask import Blueprint, Response, abort, render_template, request

from turnero_core.i18n import N_, current_language
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.runtime import runtime
from turnero_queue.api.edge import Unit, reads
from turnero_queue.api.mail_page import framing, mail_page
from turnero_queue.models.notices import Channel
from turnero_queue.notices import reading
from turnero_queue.notices.providers import inbox
from turnero_queue.notices.settings import Inbox, Settings

CHANNELS = {
    Channel.EMAIL: N_("E-mail"),
    Channel.SMS: N_("SMS"),
    Channel.WHATSAPP: N_("WhatsApp"),
}
ICONS = {Channel.EMAIL: "mail", Channel.SMS: "smartphone", Channel.WHATSAPP: "message-square"}
# Whatever is configured: a demonstration writes to nobody.
SETTINGS = Settings(
    sender="turnos@jacaranda.example",
    providers={channel: Inbox() for channel in Channel},
)


@dataclass(frozen=True)
class Opened:
    """The message being read; `mail` is None for a short message."""

    kept: inbox.Kept
    mail: reading.Mail | None


def install(blueprint: Blueprint) -> None:
    blueprint.get("/demo/inbox")(show_inbox)
    blueprint.get("/demo/inbox/list")(inbox_list)
    blueprint.get("/demo/inbox/<name>.html")(inbox_mail)
    blueprint.get("/demo/inbox/<name>/<int:number>")(inbox_file)


@access(PUBLIC)
@reads
def show_inbox(unit: Unit) -> Response:
    """All messages, and the one that is open."""
    return framing(render_template("demo/inbox.html", **_shown(unit)))


@access(PUBLIC)
@reads
def inbox_list(unit: Unit) -> str:
    """The part of the page that follows what arrives."""
    return render_template("demo/_inbox.html", **_shown(unit))


@access(PUBLIC)
def inbox_mail(name: str) -> Response:
    """A mail's page, for the frame."""
    return mail_page(_mail(name).html)


@access(PUBLIC)
def inbox_file(name: str, number: int) -> Response:
    """An attachment, always to be saved and never shown."""
    files = _mail(name).files
    if number >= len(files):
        abort(404)
    file = files[number]
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}"}
    return Response(file.content, mimetype=file.kind, headers=headers)


def _shown(unit: Unit) -> dict[str, object]:
    messages = inbox.newest(runtime().settings.instance)
    name = request.args.get("open") or (messages[0].name if messages else "")
    return {
        "messages": messages,
        "opened": _opened(name),
        "channels": CHANNELS,
        "icons": ICONS,
        "moment": partial(_moment, zone=unit.catalogue.timezone),
    }


def _opened(name: str) -> Opened | None:
    found = inbox.kept(runtime().settings.instance, name)
    if found is None:
        return None
    return Opened(found, reading.read(found.mime.encode()) if found.mime else None)


def _mail(name: str) -> reading.Mail:
    found = _opened(name)
    if found is None or found.mail is None:
        abort(404)
    return found.mail


def _moment(at: str, zone: str) -> str:
    moment = datetime.fromisoformat(at)
    return str(
        format_datetime(moment, "d MMM, H:mm", get_timezone(zone), locale=current_language())
    )
