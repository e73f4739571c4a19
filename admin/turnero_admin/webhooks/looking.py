"""The webhooks, one of them, and its log."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request

from turnero_admin.webhooks.blueprint import MAY, STATES, blueprint
from turnero_core.web.access import access
from turnero_queue.api.edge import Unit, reads
from turnero_queue.webhooks import deliveries, subscriptions
from turnero_queue.webhooks.events import EVENTS

PAGE = 50


@blueprint.get("", strict_slashes=False)
@access(MAY)
@reads
def index(unit: Unit) -> str:
    return render_template(
        "admin/webhooks/index.html",
        switcher=None,
        webhooks=subscriptions.listed(unit.session),
        counts=deliveries.counts(unit.session),
        **_words(unit),
    )


@blueprint.get("/<webhook_id>")
@access(MAY)
@reads
def one(unit: Unit, webhook_id: str) -> str:
    webhook = subscriptions.find(unit.session, webhook_id)
    return render_template(
        "admin/webhooks/one.html",
        switcher=None,
        webhook=webhook,
        counts=deliveries.counts(unit.session).get(webhook.id, {}),
        **_log(unit, webhook.id),
    )


@blueprint.get("/<webhook_id>/log")
@access(MAY)
@reads
def log(unit: Unit, webhook_id: str) -> str:
    """The part of the page that changes by itself."""
    webhook = subscriptions.find(unit.session, webhook_id)
    return render_template("admin/webhooks/_log.html", webhook=webhook, **_log(unit, webhook.id))


@blueprint.get("/deliveries/<delivery_id>")
@access(MAY)
@reads
def delivery(unit: Unit, delivery_id: str) -> str:
    """What exactly was posted, and what was answered last."""
    found = deliveries.by_id(unit.session, delivery_id)
    return render_template(
        "admin/webhooks/delivery.html",
        switcher=None,
        delivery=found,
        webhook=subscriptions.find(unit.session, found.webhook_id),
        **_words(unit),
    )


def _log(unit: Unit, webhook_id: str) -> dict[str, Any]:
    state, before = request.args.get("state", ""), request.args.get("before", type=int)
    found = deliveries.listed(
        unit.session, webhook_id, PAGE + 1, state=state if state in STATES else "", before=before
    )
    return {
        "deliveries": found[:PAGE],
        "asked": state,
        "newest": before is not None,
        "older": found[PAGE - 1].number if found[PAGE:] else None,
        **_words(unit),
    }


def _words(unit: Unit) -> dict[str, Any]:
    return {
        "states": STATES,
        "event_names": EVENTS,
        "zone": ZoneInfo(unit.catalogue.timezone),
        "offices": unit.catalogue.offices_by_id,
    }
