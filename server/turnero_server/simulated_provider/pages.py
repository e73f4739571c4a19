"""What the citizen's bank app would be, and the switches: pages and a small API, all SIMULADO."""

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from turnero_core import clock
from turnero_core.i18n import (
    LANGUAGES,
    N_,
    current_language,
    gettext,
    negotiate,
    set_language,
)
from turnero_server.simulated_provider.contract import faults, ledger
from turnero_server.simulated_provider.faults import Faults
from turnero_server.simulated_provider.ledger import Refused

LATEST = 30
# What a person may do with an order that waits: status and detail that it then has.
OUTCOMES = {
    "pay": ("processed", "accredited"),
    "reject": ("failed", "insufficient_amount"),
}
STATES = {
    "created": N_("waiting to be paid"),
    "processed": N_("paid"),
    "failed": N_("rejected"),
    "canceled": N_("cancelled"),
    "expired": N_("expired"),
    "refunded": N_("refunded"),
}
blueprint = Blueprint(
    "pages",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)


@blueprint.before_request
def _speak() -> None:
    set_language(negotiate(request.headers.get("Accept-Language"), LANGUAGES, "es"))


@blueprint.after_request
def _safely(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'"
    )
    return answer


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    return {
        "_": gettext,
        "language": current_language(),
        "state": lambda order: gettext(STATES[order["status"]]),
    }


@blueprint.get("/")
def start() -> str:
    return render_template(
        "simulated/start.html", orders=ledger().latest(LATEST), sums=ledger().sums()
    )


@blueprint.get("/pay/<order_id>")
def show(order_id: str) -> str:
    try:
        order = ledger().order(order_id, clock.now())
    except Refused as error:
        raise NotFound from error
    return render_template("simulated/order.html", order=order)


@blueprint.post("/pay/<order_id>")
def decide(order_id: str) -> Answer:
    """As the person's app would: `outcome` is pay or reject. Deciding twice changes nothing."""
    outcome = request.form.get("outcome", "")
    if outcome not in OUTCOMES:
        raise NotFound
    try:
        ledger().move(order_id, *OUTCOMES[outcome], clock.now())
    except Refused as error:
        if error.status == 404:
            raise NotFound from error
    return redirect(f"/pay/{order_id}", 303)


@blueprint.get("/ledger")
def books() -> Response:
    return jsonify(ledger().sums())


@blueprint.get("/waiting")
def waiting() -> Response:
    found = [
        {"id": row["id"], "external_reference": row["external_reference"], "amount": row["amount"]}
        for row in ledger().waiting()
    ]
    return jsonify({"orders": found})


@blueprint.get("/faults")
def show_faults() -> Response:
    return jsonify(faults().now.plain())


@blueprint.post("/faults")
def set_faults() -> Response | tuple[Response, int]:
    """The faults in force from now on, as JSON; see `faults.Faults`."""
    try:
        wanted = Faults.of(request.get_json(force=True))
    except (ValueError, TypeError) as error:
        return jsonify({"error": str(error)}), 422
    faults().set(wanted)
    return jsonify(wanted.plain())
