"""What is done to a webhook and its deliveries by one button."""

from flask import Response, flash, make_response, redirect, request, url_for

from turnero_admin.webhooks.blueprint import MAY, blueprint
from turnero_core.errors import Conflict
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_core.web.runtime import runtime
from turnero_queue.api.edge import Unit, changes
from turnero_queue.webhooks import deliveries, sending, subscriptions


@blueprint.post("/<webhook_id>/switch")
@access(MAY)
@changes
def switch(unit: Unit, webhook_id: str) -> Response:
    found, active = subscriptions.find(unit.session, webhook_id), "on" in request.form
    subscriptions.switch(unit.session, found, active, unit.now, actor=unit.actor)
    said = N_("It is on from now on.") if active else N_("It is off: nothing is noted for it.")
    return _back(webhook_id, "ok", gettext(said))


@blueprint.post("/<webhook_id>/test")
@access(MAY)
def test(webhook_id: str) -> Response:
    """Posted here and now, between two transactions: a receiver may take its time."""
    outcome = sending.try_out(runtime().database, webhook_id, sending.send)
    if outcome.taken:
        said = N_("It answered %(status)s after %(ms)s ms.")
        return _back(webhook_id, "ok", gettext(said, status=outcome.status, ms=outcome.took_ms))
    if outcome.status:
        said = N_("It refused: %(status)s %(answer)s")
        text = gettext(said, status=outcome.status, answer=outcome.answer)
    else:
        text = gettext(N_("Nobody answered: %(reason)s"), reason=outcome.answer)
    return _back(webhook_id, "danger", text)


@blueprint.post("/<webhook_id>/remove")
@access(MAY)
@changes
def remove(unit: Unit, webhook_id: str) -> Response:
    found = subscriptions.find(unit.session, webhook_id)
    subscriptions.remove(unit.session, found, unit.now, actor=unit.actor)
    flash(gettext(N_("The webhook is removed.")), "ok")
    return make_response(redirect(url_for("hooks.index"), 303))


@blueprint.post("/deliveries/<delivery_id>/again")
@access(MAY)
def again(delivery_id: str) -> Response:
    try:
        webhook_id = _again(delivery_id)
    except Conflict as problem:
        flash(gettext(problem.detail, **problem.params), "warn")
        return make_response(redirect(url_for("hooks.delivery", delivery_id=delivery_id), 303))
    return _back(webhook_id, "ok", gettext(N_("It is being sent once more.")))


@changes
def _again(unit: Unit, delivery_id: str) -> str:
    found = deliveries.replay(unit.session, delivery_id, unit.now, actor=unit.actor)
    return found.webhook_id


def _back(webhook_id: str, kind: str, said: str) -> Response:
    flash(said, kind)
    return make_response(redirect(url_for("hooks.one", webhook_id=webhook_id), 303))
