"""Forms of money: what a form's key did once is not done again, however often it is sent."""

from collections.abc import Callable

from flask import Response, flash, make_response, redirect, request

from turnero_core.errors import Conflict, Invalid
from turnero_core.i18n import N_, gettext
from turnero_core.ids import new_id
from turnero_queue import idempotency
from turnero_queue.api.edge import Unit, changes
from turnero_queue.idempotency import Answer

KEY = "key"
SENT = N_("This form was sent before. Look at what it did, and begin again.")
Errors = dict[str, list[str]]


def key() -> str:
    """What makes a form one operation: the key it came with, or a new one."""
    return request.form.get(KEY) or new_id()


def once(act: Callable[[Unit], str]) -> str:
    """Run `act` in one transaction for the form's key and give the address it leads to; the same
    address, and nothing else, when the form was sent before."""

    @changes
    def committed(unit: Unit) -> str:
        caller = unit.caller.id if unit.caller else ""
        body = {name: texts for name, texts in request.form.lists() if name != "csrf_token"}
        asked = idempotency.fingerprint("POST", request.path, body)
        before = idempotency.claim(unit.session, caller, request.form.get(KEY, ""), asked, unit.now)
        if before is not None and before.body:
            return str(before.body["to"])
        to = act(unit)
        idempotency.keep(unit.session, caller, request.form[KEY], Answer(303, {"to": to}))
        return to

    done: str = committed()
    return done


def submit(act: Callable[[Unit], str], again: Callable[[Errors], str], otherwise: str) -> Response:
    """Answer a form: where `act` leads; the form `again` with what is wrong; or, when what it
    wants is not possible now, the page `otherwise` with the reason."""
    try:
        return to(once(act))
    except Invalid as problem:
        if problem.slug == "idempotency-key-reused":
            flash(gettext(SENT), "warn")
            return to(otherwise)
        if KEY in problem.extra.get("errors", {}) or "errors" not in problem.extra:
            raise
        return make_response(again(problem.extra["errors"]), 422)
    except Conflict as problem:
        flash(gettext(problem.detail, **problem.params), "danger")
        return to(otherwise)


def to(address: str) -> Response:
    return make_response(redirect(address, 303))
