"""Signing in and out."""

from typing import Any

from flask import (
    Flask,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from sqlalchemy.orm import Session

from turnero_admin import code_step, next_page
from turnero_admin.blueprint import YEAR_S, blueprint
from turnero_admin.forms import LoginForm
from turnero_core.errors import Unauthorized
from turnero_core.i18n import LANGUAGES, gettext
from turnero_core.web import language
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.runtime import runtime
from turnero_queue import city_sign_in, desk_view, password_rule, staff
from turnero_queue.api import signed_in
from turnero_queue.api.edge import Unit, changes
from turnero_queue.models import Staff

# Lock-out protects one account; this keeps one machine from trying many.
GUESSES = "20 per minute"


@blueprint.get("/login")
@access(PUBLIC)
def login() -> Response:
    if signed_in.person() is not None:
        return make_response(redirect(_destination(), 303))
    return _page(LoginForm())


@blueprint.post("/login", endpoint="sign_in")
@access(PUBLIC)
@changes
def sign_in(unit: Unit) -> Response:
    form = LoginForm()
    if not form.validate():
        return _page(form, status=422)
    found = staff.authenticate(
        unit.session, form.login.data, form.password.data, unit.now, may=_may_use_a_password
    )
    if isinstance(found, Unauthorized):
        return _page(form, gettext(found.detail), 401)
    session.clear()
    if found.totp_secret is not None:
        return code_step.ask(found, unit.now, _asked())
    return welcome(unit, found)


@blueprint.post("/logout")
@access(PUBLIC)
@changes
def logout(unit: Unit) -> Response:
    """Sign out; desks that this person left open and empty close."""
    person = signed_in.person()
    came = person.way if person else ""
    if person is not None:
        desk_view.leave_desks(unit.session, unit.catalogue, person.caller.actor, unit.now)
    signed_in.sign_out(unit.session, unit.now)
    session.clear()
    # Whoever came through the provider may still be signed in there: the door offers to end that.
    left = came if came == "provider" else None
    return make_response(redirect(url_for("admin.login", left=left), 303))


def limit_guesses(app: Flask) -> None:
    """Count attempts to sign in by address, in this process."""
    limiter = Limiter(get_remote_address, storage_uri="memory://", app=app)
    for endpoint in ("admin.sign_in", "admin.check_code", "admin.come_back"):
        limited: Any = limiter.limit(GUESSES)(app.view_functions[endpoint])
        app.view_functions[endpoint] = limited


def _may_use_a_password(session: Session, person: Staff) -> bool:
    return not password_rule.needs_provider(session, person)


def _page(form: LoginForm, refusal: str = "", status: int = 200) -> Response:
    return door(form, refusal, status, _asked())


def door(form: LoginForm, refusal: str, status: int, next_: str | None) -> Response:
    """The page where people sign in, with what kept them out."""
    with runtime().database.read() as reading:
        provider = city_sign_in.current(reading)
    page = render_template(
        "admin/login.html", form=form, refusal=refusal, next=next_, provider=provider
    )
    return make_response(page, status)


def welcome(unit: Unit, person: Staff, way: str = "password", next_: str | None = None) -> Response:
    """Open the session of somebody who has proved who they are."""
    signed_in.sign_in(unit.session, person, unit.now, way)
    response = make_response(redirect(next_page.safe(next_ or _asked()), 303))
    if person.language in LANGUAGES:
        response.set_cookie(language.COOKIE, person.language, max_age=YEAR_S, samesite="Lax")
    return response


def _asked() -> str | None:
    return request.values.get("next")


def _destination() -> str:
    return next_page.safe(_asked())
