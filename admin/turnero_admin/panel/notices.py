"""Messages to citizens: what became of each, one more try, and how every kind of them looks."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from turnero_admin.panel import offices
from turnero_admin.panel.blueprint import blueprint
from turnero_core.errors import Forbidden, Problem
from turnero_core.i18n import LANGUAGES, N_, gettext
from turnero_core.web.access import access
from turnero_queue import audit
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.api.mail_page import framing, mail_page
from turnero_queue.models import Municipality
from turnero_queue.models.notices import Channel, NoticeState
from turnero_queue.notices import due, kinds, listing, reading, settings
from turnero_queue.notices.contacts import masked
from turnero_queue.notices.message import Message
from turnero_queue.notices.policy import rules_of
from turnero_queue.notices.rendering import QR_ID, house_of, message
from turnero_queue.notices.samples import sample
from turnero_queue.permissions import Permission
from turnero_queue.tokens import ELSEWHERE

PAGE = 50
MAY = "can:configuration.edit"
TONES = {
    NoticeState.SENT: "ok",
    NoticeState.QUEUED: "info",
    NoticeState.SENDING: "info",
    NoticeState.FAILED: "danger",
    NoticeState.BOUNCED: "warn",
    NoticeState.WITHDRAWN: "",
}


@blueprint.get("/notices")
@access(MAY)
@reads
def notices(unit: Unit) -> str:
    state, address = request.args.get("state", ""), request.args.get("address", "")
    office = offices.chosen(unit, Permission.CONFIGURATION_EDIT)
    within = _within(unit)
    found = listing.find(
        unit.session,
        state=state,
        address=address,
        offices=[office.id] if office else within,
        before=request.args.get("before", ""),
        most=PAGE + 1,
    )
    asked = (("state", state), ("address", address), ("office", office and office.code))
    kept = {name: value for name, value in asked if value}
    return render_template(
        "admin/panel/notices.html",
        notices=found[:PAGE],
        counts=listing.counts(unit.session, within),
        names=listing,
        tones=TONES,
        masked=masked,
        zone=ZoneInfo(unit.catalogue.timezone),
        asked=kept,
        older=_here(kept, before=found[PAGE - 1].id) if found[PAGE:] else None,
        newest=_here(kept) if request.args.get("before") else None,
        may_retry=due.may_retry,
        **_sending(unit.session),
    )


def _within(unit: Unit) -> frozenset[str] | None:
    """The offices whose messages one may see; None is all of them."""
    grants = unit.caller.grants if unit.caller else None
    return grants.offices(Permission.CONFIGURATION_EDIT) if grants else frozenset()


@blueprint.post("/notices/<notice_id>/retry")
@access(MAY)
def retry_notice(notice_id: str) -> Answer:
    """Have a message sent that was given up, or is waiting for its next try."""
    try:
        _retry(notice_id)
        flash(gettext(N_("It is being sent again.")), "ok")
    except Problem as problem:
        flash(gettext(problem.detail, **problem.params), "danger")
    return redirect(url_for("panel.notices"), 303)


@changes
def _retry(unit: Unit, notice_id: str) -> None:
    notice = due.try_again(unit.session, notice_id, unit.now)
    within = _within(unit)
    if within is not None and notice.office_id not in within:
        raise Forbidden(ELSEWHERE)
    audit.record(
        unit.session,
        actor=unit.actor,
        action="notice.retry",
        subject=notice.key,
        office_id=notice.office_id,
        now=unit.now,
    )


@blueprint.get("/notices/preview")
@access(MAY)
@reads
def notices_preview(unit: Unit) -> Response:
    """Every kind of message with invented data, as a mail and as a short message."""
    kind, language = _asked(request.args.get("kind"), request.args.get("lang"))
    page = render_template(
        "admin/panel/notices_preview.html",
        kind=kind,
        language=language,
        languages=LANGUAGES,
        names=listing,
        mail=_sample(unit, kind, language, Channel.EMAIL),
        short=_sample(unit, kind, language, Channel.SMS),
    )
    return framing(page)


@blueprint.get("/notices/preview/<kind>/<language>.html")
@access(MAY)
@reads
def notices_sample(unit: Unit, kind: str, language: str) -> Response:
    """The mail's own page, for the frame."""
    if (kind, language) != _asked(kind, language):
        abort(404)
    mail = _sample(unit, kind, language, Channel.EMAIL)
    files = [reading.File(one.name, one.kind, one.content) for one in mail.images]
    return mail_page(reading.with_pictures(mail.html, dict(zip([QR_ID], files, strict=False))))


def _here(kept: Mapping[str, str], **more: str) -> str:
    values: dict[str, Any] = {**kept, **more}
    return url_for("panel.notices", **values)


def _asked(kind: str | None, language: str | None) -> tuple[str, str]:
    return (
        kind if kind and kind in kinds.KINDS else kinds.CONFIRMED,
        language if language and language in LANGUAGES else LANGUAGES[0],
    )


def _sample(unit: Unit, kind: str, language: str, channel: Channel) -> Message:
    catalogue = unit.catalogue
    return message(
        kind,
        sample(kind, language, catalogue.timezone, catalogue.currency),
        house_of(unit.session),
        to="rosa@example.com" if channel is Channel.EMAIL else "+51987654321",
        language=language,
        channel=channel,
        message_id="<sample@turnero.invalid>",
    )


def _sending(session: Session) -> dict[str, object]:
    """How each channel sends now, and when nobody is disturbed."""
    row = session.get_one(Municipality, 1)
    always: settings.Settings | None = current_app.extensions.get(settings.EXTENSION)
    found = always or settings.from_stored(row.notices)
    return {
        "providers": {channel: _provider(found.providers.get(channel)) for channel in Channel},
        "quiet": rules_of(row, None).notices_quiet_hours,
    }


def _provider(provider: settings.Provider | None) -> str:
    match provider:
        case settings.Smtp():
            return f"SMTP · {provider.host}"
        case settings.Http():
            return f"HTTP · {provider.url.split('/')[2]}"
        case settings.Inbox():
            return gettext(N_("Inbox of this machine"))
        case None:
            return gettext(N_("Not configured"))
