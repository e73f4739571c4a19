"""The second step of signing in: the code of the authenticator, or one from paper."""

from flask import Response, make_response, redirect, render_template, request, session, url_for

from turnero_admin import code_step
from turnero_admin.blueprint import blueprint
from turnero_admin.sign_in import welcome
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import PUBLIC, access
from turnero_queue import password_rule, second_factor
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.models import Staff

WRONG = N_("This code is not right, or was used before. Wait for the next one.")


@blueprint.get("/login/code")
@access(PUBLIC)
@reads
def code(unit: Unit) -> Response:
    return _page() if code_step.waiting(unit.now) else _from_the_start()


@blueprint.post("/login/code")
@access(PUBLIC)
@changes
def check_code(unit: Unit) -> Response:
    person_id = code_step.waiting(unit.now)
    person = unit.session.get(Staff, person_id) if person_id else None
    if person is None:
        return _from_the_start()
    if not second_factor.confirm(unit.session, person, request.form.get("code", ""), unit.now):
        return _page(gettext(WRONG), 401)
    came = code_step.way()
    session.clear()
    if came == "password" and password_rule.needs_provider(unit.session, person):
        # That may have changed since the password was right.
        return _from_the_start()
    return welcome(unit, person, came)


def _from_the_start() -> Response:
    return make_response(redirect(url_for("admin.login", next=request.values.get("next")), 303))


def _page(refusal: str = "", status: int = 200) -> Response:
    page = render_template("admin/code.html", refusal=refusal, next=request.values.get("next"))
    return make_response(page, status)
