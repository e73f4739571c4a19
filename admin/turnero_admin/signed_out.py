"""Whoever is not signed in, or no longer, is sent to sign in and then back to where they were."""

from flask import Flask, Response, flash, make_response, redirect, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from turnero_admin import next_page
from turnero_core.errors import Unauthorized
from turnero_core.i18n import N_, gettext
from turnero_core.web import access, problems
from turnero_queue.api import signed_in

Answer = Response | HTTPException


def install(app: Flask) -> None:
    app.register_error_handler(Unauthorized, ask_to_sign_in)
    app.register_error_handler(CSRFError, token_refused)


def ask_to_sign_in(problem: Unauthorized) -> Response:
    """A page is sent to the login; a part of a page is told 401, so that the whole page goes."""
    target = url_for("admin.login", next=next_page.asked_for() or None)
    if "HX-Request" in request.headers:
        return make_response("", 401, {"HX-Redirect": target})
    if "X-Region" in request.headers:
        return make_response("", 401)
    if problems.wants_page() and "Authorization" not in request.headers:
        return make_response(redirect(target, 303))
    return problems.problem_response(problem)


def token_refused(error: CSRFError) -> Answer:
    """A form whose session has ended is no attack: its owner signs in again and repeats."""
    if access.PUBLIC not in access.of_request() and signed_in.person() is None:
        return ask_to_sign_in(Unauthorized(N_("Sign in to go on.")))
    if request.endpoint in ("admin.sign_in", "admin.logout"):
        flash(gettext(N_("This page had been open for too long. Try again.")), "warn")
        return make_response(redirect(url_for("admin.login"), 303))
    return problems.http_response(error)
