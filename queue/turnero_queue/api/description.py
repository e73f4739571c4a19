"""What the OpenAPI document says beside what the views declare of their bodies: who may ask, what
makes a repeated request harmless, and the calls that have no schemas."""

from typing import Any

from apispec import APISpec, BasePlugin
from flask import Flask
from werkzeug.routing import Rule

from turnero_core.web import access
from turnero_queue.api.device_edge import DEVICE
from turnero_queue.api.edge import SCOPE

TOKEN, DEVICE_TOKEN = "token", "device_token"
KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "minLength": 1, "maxLength": 64},
    "description": "the same key with the same body gets the first answer again",
}
LAST_EVENT = {
    "in": "query",
    "name": "last_event_id",
    "schema": {"type": "integer"},
    "description": "the last event that you have, also as the header Last-Event-ID",
}
STREAMS = {
    "live.follow_office": "What a hall may show of an office, as it happens.",
    "live.follow_desk": "What a desk needs to hear, as it happens.",
    "live.follow_ticket": "One person's calls, by the end of the ticket's `status_url`.",
}
WEBHOOK = "webhooks.payment_told"


class WhoMayAsk(BasePlugin):
    """Adds to each call the tokens and scopes it asks for, as its view declares them."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def operation_helper(
        self, path: str | None = None, operations: dict[str, Any] | None = None, **more: Any
    ) -> None:
        if more.get("rule") is None:
            return
        who = access.declared(self.app.view_functions[more["rule"].endpoint])
        for method, operation in (operations or {}).items():
            scopes = [name.removeprefix(SCOPE) for name in who if name.startswith(SCOPE)]
            operation["security"], operation["description"] = _needs(who, scopes)
            if method == "post" and scopes:
                operation.setdefault("parameters", []).append(KEY)


def _needs(who: tuple[str, ...], scopes: list[str]) -> tuple[list[dict[str, list[str]]], str]:
    if scopes:
        return [{TOKEN: []}], f"Scope: {' or '.join(scopes)}."
    if DEVICE in who:
        return [{DEVICE_TOKEN: []}], "For a device, with the token of its enrolment."
    return [], "Public."


def complete(app: Flask, spec: APISpec) -> None:
    """Add the kinds of tokens, what providers of payments send, and the streams."""
    for name, said in (
        (TOKEN, "made with `turnero token create`"),
        (DEVICE_TOKEN, "given at a device's enrolment"),
    ):
        scheme = {"type": "http", "scheme": "bearer", "description": said}
        spec.components.security_scheme(name, scheme)
    told = {
        "summary": "What a provider of payments tells, proved by its signature.",
        "tags": ["payments"],
        "responses": {"200": {"description": "taken"}, "default": "DEFAULT_ERROR"},
    }
    spec.path(rule=_rule(app, WEBHOOK), operations={"post": told})
    for endpoint, summary in STREAMS.items():
        spec.path(rule=_rule(app, endpoint), operations={"get": _stream(summary)})


def _rule(app: Flask, endpoint: str) -> Rule:
    return next(app.url_map.iter_rules(endpoint))


def _stream(summary: str) -> dict[str, Any]:
    events = {"text/event-stream": {"schema": {"type": "string"}}}
    return {
        "summary": summary,
        "tags": ["live"],
        "parameters": [LAST_EVENT],
        "responses": {
            "200": {"description": "server-sent events", "content": events},
            "default": "DEFAULT_ERROR",
        },
    }
