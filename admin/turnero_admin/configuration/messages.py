"""How messages leave the house: each channel set up, and tried."""

from dataclasses import dataclass

from flask import Response, current_app, render_template, request, url_for

from turnero_admin.configuration import message_fields as asked_of
from turnero_admin.configuration import saving, secrets
from turnero_admin.configuration.blueprint import ADMINISTRATOR, blueprint, looking
from turnero_admin.configuration.fields import Plain
from turnero_admin.configuration.forms import form_context
from turnero_admin.configuration.saving import OPENED, State
from turnero_core.errors import NotFound
from turnero_core.i18n import N_
from turnero_core.web.access import access
from turnero_core.web.runtime import runtime
from turnero_queue.api.edge import Unit
from turnero_queue.configuration import editing
from turnero_queue.configuration import tree as trees
from turnero_queue.configuration.tree import Path, Tree
from turnero_queue.models.notices import Channel
from turnero_queue.notices import listing, settings

PATH = ("municipality", "notices")
INTRODUCTIONS = {
    Channel.EMAIL: N_("Confirmations, reminders and receipts, for whoever gave an address."),
    Channel.SMS: N_("For whoever gave a telephone and no e-mail address."),
    Channel.WHATSAPP: N_("For whoever gave a telephone, where SMS is not set up."),
}


@dataclass(frozen=True)
class Row:
    """A channel as the list shows it."""

    channel: Channel
    stored: Plain
    secret: secrets.Secret | None

    @property
    def way(self) -> str:
        return str(self.stored.get("provider", asked_of.OFF))

    @property
    def where(self) -> str:
        """The computer that takes its messages."""
        if self.way == "smtp":
            return str(self.stored["host"])
        return str(self.stored["url"]).split("/")[2] if self.way == "http" else ""


@blueprint.get("/messages")
@access(ADMINISTRATOR)
def messages() -> str:
    return listing_page({})


@blueprint.get("/messages/<channel>", endpoint="message_channel")
@access(ADMINISTRATOR)
def show(channel: str) -> str:
    return _page(known(channel), OPENED)


@blueprint.post("/messages/<channel>", endpoint="save_message_channel")
@access(ADMINISTRATOR)
def save(channel: str) -> Response:
    this = known(channel)
    path, opened = _path(this), request.form.get("opened", "")

    def edit(tree: Tree) -> None:
        stored = trees.find(tree, path) or {}
        editing.check_opened(stored, opened)
        tree["municipality"].setdefault("notices", {})
        trees.put(tree, path, asked_of.typed(request.form, this, stored))

    return saving.answer(
        edit,
        path,
        page=lambda state: _page(this, state),
        then=url_for("configuration.messages"),
        told=N_("Saved. Messages leave that way from now on; send a test to be sure."),
    )


def known(channel: str) -> Channel:
    try:
        return Channel(channel)
    except ValueError:
        raise NotFound(N_("There is nothing at this address.")) from None


def _path(channel: Channel) -> Path:
    return (*PATH, str(channel))


@looking
def listing_page(unit: Unit, tried: Plain) -> str:
    """The channels; `tried` is what there is to say of one that was just tried."""
    stored = trees.find(editing.present(unit.session), PATH) or {}
    rows = [
        Row(channel, found, secrets.looked_at(found.get("secret_file")))
        for channel in Channel
        for found in [stored.get(str(channel), {})]
    ]
    always: settings.Settings | None = current_app.extensions.get(settings.EXTENSION)
    return render_template(
        "admin/configuration/messages.html",
        rows=rows,
        names=listing.CHANNEL_NAMES,
        introductions=INTRODUCTIONS,
        ways=asked_of.WAYS,
        always=always is not None,
        without_links=not runtime().settings.base_url,
        tried=tried,
        switcher=None,
    )


@looking
def _page(unit: Unit, channel: Channel, state: State) -> str:
    stored = trees.find(editing.present(unit.session), _path(channel)) or {}
    if state.overtaken and state.stored is None:
        state = saving.with_stored(state, {})
    shown = asked_of.typed(request.form, channel, stored) or {} if request.form else stored
    own = asked_of.asked(channel)
    return render_template(
        "admin/configuration/message_channel.html",
        channel=channel,
        name=listing.CHANNEL_NAMES[channel],
        ways=asked_of.ways(channel),
        way=shown.get("provider", asked_of.OFF),
        sender=[field for field in own if field in asked_of.SENDER],
        fields=[field for field in own if field not in asked_of.SENDER],
        secret=secrets.looked_at(stored.get("secret_file")),
        **form_context(unit, state, {**asked_of.USUAL, **shown}, stored, own),
    )
