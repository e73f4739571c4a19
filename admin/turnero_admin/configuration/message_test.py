"""One test message through a channel, and what became of it in plain words."""

from collections.abc import Mapping

from flask import Response, current_app, make_response, request

from turnero_admin.configuration.blueprint import ADMINISTRATOR, blueprint, looking
from turnero_admin.configuration.messages import known, listing_page
from turnero_core.errors import Invalid
from turnero_core.i18n import N_, current_language, gettext
from turnero_core.web.access import access
from turnero_core.web.runtime import runtime
from turnero_queue import audit
from turnero_queue.api.edge import Unit, changes
from turnero_queue.models import Municipality
from turnero_queue.models.notices import Channel
from turnero_queue.notices import settings, trying
from turnero_queue.notices.contacts import Contact, contact
from turnero_queue.notices.rendering import House, house_of
from turnero_queue.notices.trying import Fate, Tried

# What became of it: tone, in one line, and what that means.
WORDS: Mapping[Fate, tuple[str, str, str]] = {
    Fate.SENT: (
        "ok",
        N_("The test message was handed over."),
        N_(
            "Look whether it has come. It may take some minutes; a mail may be among the unwanted"
            " ones."
        ),
    ),
    Fate.KEPT: (
        "info",
        N_("The test message was kept in the folder “inbox” of this machine."),
        N_("Nobody receives it: this way is for trying things out."),
    ),
    Fate.REFUSED: (
        "danger",
        N_("The test message was refused."),
        N_("The other side does not take messages for this address."),
    ),
    Fate.DOUBTFUL: (
        "warn",
        N_("Nobody knows whether the test message was taken."),
        N_("The connection broke off, or the other side was in trouble. Look whether it has come."),
    ),
    Fate.FAILED: (
        "danger",
        N_("The test message was not sent."),
        N_("Real messages would wait, and be tried again. Look at what is set up."),
    ),
}


@blueprint.post("/messages/<channel>/test", endpoint="test_message_channel")
@access(ADMINISTRATOR)
def test(channel: str) -> Response:
    this = known(channel)
    try:
        chosen, to, house = _prepared(this)
    except Invalid as problem:
        errors = problem.extra["errors"]
        wrong = gettext(next(iter(errors.values()))[0])
        said = {"channel": this, "error": wrong, "to": request.form.get("to", "")}
        return make_response(listing_page(said), 422)
    # Nothing is held while the other side is waited for.
    tried = trying.send(chosen, this, to, house, runtime().settings.instance)
    _note(this, tried)
    tone, title, text = WORDS[tried.fate]
    said = {
        "channel": this,
        "tone": tone,
        "title": gettext(title),
        "text": gettext(text),
        "detail": tried.detail,
        "to": request.form.get("to", ""),
    }
    return make_response(listing_page(said))


@looking
def _prepared(unit: Unit, channel: Channel) -> tuple[settings.Provider, Contact, House]:
    """What is saved of the channel, to whom, and who writes; Invalid for no address."""
    row = unit.session.get_one(Municipality, 1)
    always: settings.Settings | None = current_app.extensions.get(settings.EXTENSION)
    found = always or settings.from_stored(row.notices)
    chosen = found.providers.get(channel)
    if chosen is None:
        raise Invalid(errors={"to": [N_("Set it up first: it has no way to send.")]})
    text = request.form.get("to", "")
    by_mail = channel is Channel.EMAIL
    to = contact(
        email=text if by_mail else None,
        phone=None if by_mail else text,
        language=current_language(),
        region=settings.region_of(row),
    )
    if not to.reachable:
        raise Invalid(errors={"to": [N_("Write to whom it is sent.")]})
    return chosen, to, house_of(unit.session, found)


@changes
def _note(unit: Unit, channel: Channel, tried: Tried) -> None:
    """In the log stands that it was tried and what came of it; to whom is nobody's business."""
    audit.record(
        unit.session,
        actor=unit.actor,
        action="notice.test",
        subject=str(channel),
        after={"outcome": str(tried.fate)},
        now=unit.now,
    )
