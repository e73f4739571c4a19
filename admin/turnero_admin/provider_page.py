"""Signing in through the city's own provider: there, back with an answer, and out of it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Response, make_response, redirect, request, session, url_for

from turnero_admin import code_step
from turnero_admin.blueprint import blueprint
from turnero_admin.forms import LoginForm
from turnero_admin.sign_in import door, welcome
from turnero_core import clock
from turnero_core.errors import NotFound
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.runtime import base_url, runtime
from turnero_queue import audit, city_sign_in, staff
from turnero_queue.api.edge import Unit, changes
from turnero_queue.city_sign_in import Begun, SignIn, Trouble

# What this browser keeps while its owner is at the provider; read once.
KEY = "city_sign_in"


@blueprint.get("/login/city")
@access(PUBLIC)
def go_out() -> Response:
    """Off to the provider."""
    try:
        address, begun = city_sign_in.begin(_settings(), _back(), clock.now())
    except Trouble as trouble:
        return _turn_away(trouble, request.args.get("next"))
    session[KEY] = {**asdict(begun), "next": request.args.get("next")}
    return make_response(redirect(address, 303))


@blueprint.get("/login/city/back")
@access(PUBLIC)
def come_back() -> Response:
    """Back with the provider's answer, which is good for once."""
    kept = session.pop(KEY, None) or {}
    next_ = kept.pop("next", None)
    try:
        claims = city_sign_in.finish(
            _settings(),
            Begun(**kept) if kept else None,
            request.args,
            _back(),
            runtime().settings.instance,
            clock.now(),
        )
        return _let_in(claims, next_)
    except Trouble as trouble:
        return _turn_away(trouble, next_)


@blueprint.get("/login/city/out")
@access(PUBLIC)
def leave_provider() -> Response:
    """On to where the provider ends its own session, when it can."""
    address = None
    try:
        address = city_sign_in.way_out(_settings(), _address("admin.login"), clock.now())
    except Trouble:
        address = None
    return make_response(redirect(address or url_for("admin.login"), 303))


def _let_in(claims: Mapping[str, Any], next_: str | None) -> Response:
    # A unit of work of its own, begun when the provider has answered: nobody waits for that.
    entered: Response = changes(_enter)(claims, next_)
    return entered


def _turn_away(trouble: Trouble, next_: str | None) -> Response:
    turned: Response = changes(_note)(trouble, next_)
    return turned


def _enter(unit: Unit, claims: Mapping[str, Any], next_: str | None) -> Response:
    settings = _settings()
    person = city_sign_in.admit(unit.session, settings, claims, unit.now)
    if isinstance(person, Trouble):
        return _note(unit, person, next_)
    session.clear()
    if person.totp_secret is not None and not settings.vouches:
        return code_step.ask(person, unit.now, next_, "provider")
    staff.welcome(unit.session, person, unit.now, "provider")
    return welcome(unit, person, "provider", next_)


def _note(unit: Unit, trouble: Trouble, next_: str | None) -> Response:
    audit.record(
        unit.session,
        actor=staff.PUBLIC,
        action="sign-in.refused",
        subject="provider",
        reason=trouble.why,
        now=unit.now,
    )
    return door(LoginForm(formdata=None), gettext(trouble.detail), trouble.status, next_)


def _settings() -> SignIn:
    with runtime().database.read() as reading:
        found = city_sign_in.current(reading)
    if found is None:
        raise NotFound(N_("Nobody signs in that way here."))
    return found


def _back() -> str:
    return _address("admin.come_back")


def _address(endpoint: str) -> str:
    return f"{base_url()}{url_for(endpoint)}"
