"""The notice of paused webhooks, on every page of the panel of whoever may mend them."""

from flask import render_template
from markupsafe import Markup

from turnero_core.web.runtime import runtime
from turnero_queue.api import signed_in
from turnero_queue.permissions import Permission
from turnero_queue.webhooks import subscriptions


def shown_banner() -> Markup:
    person = signed_in.person()
    if person is None or not person.grants.everywhere(Permission.CONFIGURATION_EDIT):
        return Markup()
    with runtime().database.read() as session:
        paused = subscriptions.paused(session)
    if not paused:
        return Markup()
    return Markup(render_template("admin/webhooks/_banner.html", paused=paused))  # noqa: S704
