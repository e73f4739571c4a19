"""A webhook is made, changed, and given a new secret, which its own page shows once."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from turnero_admin.webhooks.blueprint import MAY, blueprint
from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.models import Webhook
from turnero_queue.webhooks import subscriptions
from turnero_queue.webhooks.events import EVENTS
from turnero_queue.webhooks.subscriptions import Wanted


@blueprint.get("/new")
@access(MAY)
@reads
def new(unit: Unit) -> Response:
    return _form(unit, None, Wanted("https://", ()))


@blueprint.post("/new")
@access(MAY)
@changes
def create(unit: Unit) -> Response:
    wanted = _asked(unit)
    try:
        webhook, secret = subscriptions.create(unit.session, wanted, unit.now, actor=unit.actor)
    except Invalid as problem:
        return _form(unit, None, wanted, problem.extra["errors"])
    return _secret(webhook, secret, 201)


@blueprint.get("/<webhook_id>/change")
@access(MAY)
@reads
def edit(unit: Unit, webhook_id: str) -> Response:
    found = subscriptions.find(unit.session, webhook_id)
    now = Wanted(found.url, tuple(found.events), found.office_id, found.description)
    return _form(unit, found, now)


@blueprint.post("/<webhook_id>/change")
@access(MAY)
@changes
def save(unit: Unit, webhook_id: str) -> Response:
    found, wanted = subscriptions.find(unit.session, webhook_id), _asked(unit)
    try:
        subscriptions.change(unit.session, found, wanted, unit.now, actor=unit.actor)
    except Invalid as problem:
        return _form(unit, found, wanted, problem.extra["errors"])
    flash(gettext(N_("Saved.")), "ok")
    return make_response(redirect(url_for("hooks.one", webhook_id=found.id), 303))


@blueprint.post("/<webhook_id>/rotate")
@access(MAY)
@changes
def rotate(unit: Unit, webhook_id: str) -> Response:
    found = subscriptions.find(unit.session, webhook_id)
    return _secret(found, subscriptions.rotate(unit.session, found, unit.now, actor=unit.actor))


def _asked(unit: Unit) -> Wanted:
    form = request.form
    code = form.get("office", "")
    return Wanted(
        form.get("url", ""),
        tuple(form.getlist("events")),
        unit.catalogue.office(code).id if code else None,
        form.get("description", ""),
    )


def _form(
    unit: Unit, webhook: Webhook | None, wanted: Wanted, errors: dict[str, Any] | None = None
) -> Response:
    page = render_template(
        "admin/webhooks/form.html",
        switcher=None,
        webhook=webhook,
        wanted=wanted,
        errors=errors or {},
        event_names=EVENTS,
        unit=unit,
    )
    return make_response(page, 422 if errors else 200)


def _secret(webhook: Webhook, secret: str, status: int = 200) -> Response:
    page = render_template(
        "admin/webhooks/secret.html", switcher=None, webhook=webhook, secret=secret
    )
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
