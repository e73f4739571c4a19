"""The demonstration's reader: what is chosen on its page is typed at the office's open kiosks."""

import queue
from collections.abc import Iterator

from flask import Blueprint, Flask, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from turnero_core import live
from turnero_core.errors import Forbidden, Invalid
from turnero_core.i18n import N_, pick
from turnero_core.live import Hub
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.csrf import protect
from turnero_core.web.runtime import runtime
from turnero_hardware.scanning import LONGEST
from turnero_hardware.scanning.samples import SAMPLES
from turnero_hardware.virtual_scanner import HEADER
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.catalogue import Office
from turnero_queue.live_stream import COMMENT, COMMENT_EVERY_S, RETRY

NAMES = {
    "argentina": N_("Argentina: identity document"),
    "argentina-2009": N_("Argentina: identity document of 2009"),
    "argentina-spanish-keys": N_("Argentina, on a keyboard set to Spanish"),
    "colombia": N_("Colombia: identity document"),
    "peru": N_("Peru: bar code with the number"),
    "peru-electronic": N_("Peru: electronic identity document"),
    "garbage": N_("Garbage"),
    "endless": N_("Ten thousand letters"),
}


def install(blueprint: Blueprint) -> None:
    blueprint.get("/demo/scanner")(show_scanner)
    blueprint.post("/demo/scanner")(choose_scan)
    blueprint.post("/demo/scanner/keys")(protect.exempt(type_keys))
    blueprint.get("/demo/scanner/live/<office>")(follow_scanner)


def attach(app: Flask) -> None:
    """Let the kiosks' pages listen to the reader."""
    app.jinja_env.globals["virtual_scanner"] = lambda office: url_for(
        "demo.follow_scanner", office=office
    )


@access(PUBLIC)
@reads
def show_scanner(unit: Unit) -> str:
    asked = request.args.get("office")
    return render_template(
        "demo/scanner.html",
        offices=unit.catalogue.offices,
        names=NAMES,
        asked=asked,
        pick=pick,
    )


@access(PUBLIC)
@changes
def choose_scan(unit: Unit) -> Answer:
    """A sample, or whatever was written, is held before the readers of an office."""
    office = unit.catalogue.office(request.form.get("office", ""))
    sample = SAMPLES.get(request.form.get("sample", ""))
    _type(unit, office, sample or request.form.get("text", ""))
    return redirect(url_for("demo.show_scanner", office=office.code), 303)


@access(PUBLIC)
@changes
def type_keys(unit: Unit) -> Answer:
    """The same for the virtual reader in a process of its own."""
    if HEADER not in request.headers:
        raise Forbidden(N_("This is for the virtual scanner."))
    told = request.get_json(silent=True)
    if not isinstance(told, dict) or not isinstance(told.get("text"), str):
        raise Invalid(N_("Send an office and a text."))
    _type(unit, unit.catalogue.office(str(told.get("office"))), told["text"])
    return Response(status=204)


@access(PUBLIC)
def follow_scanner(office: str) -> Response:
    """What is typed at the kiosks of one office."""
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    events = _typed(runtime().hub, _topic(office))
    return Response(events, mimetype="text/event-stream", headers=headers)


def _type(unit: Unit, office: Office, text: str) -> None:
    # A little more than any page reads, so that it can be seen to refuse too much.
    live.announce(unit.session, _topic(office.code), 0, "scan", {"text": text[: LONGEST * 2]})


def _topic(office: str) -> str:
    return f"demo-scanner/{office}"


def _typed(hub: Hub, topic: str) -> Iterator[bytes]:
    subscription = hub.subscribe(topic)
    try:
        yield RETRY
        while True:
            try:
                message = subscription.get(COMMENT_EVERY_S)
            except queue.Empty:
                yield COMMENT
                continue
            if message is not None:
                yield message.encoded
    finally:
        hub.unsubscribe(subscription)
