"""One's own password: changed on demand, or before anything else when it must be."""

from flask import Flask, Response, flash, make_response, redirect, render_template, request, url_for

from turnero_admin import next_page
from turnero_admin.blueprint import blueprint, htmx
from turnero_admin.forms import PasswordForm
from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_core.web import problems
from turnero_core.web.access import access
from turnero_queue import staff
from turnero_queue.api import signed_in
from turnero_queue.api.edge import Unit, changes
from turnero_queue.models import Staff


def install(app: Flask) -> None:
    app.register_error_handler(signed_in.Unsettled, change_first)


def change_first(problem: signed_in.Unsettled) -> Response:
    """Whoever has something to do for their account first gets no further than that."""
    if not problems.wants_page() and not htmx:
        return problems.problem_response(problem)
    endpoint = "admin.password" if problem.slug == "change-password" else "panel.second_factor"
    target = url_for(endpoint, next=next_page.asked_for() or None)
    if htmx:
        return make_response("", 200, {"HX-Redirect": target})
    return make_response(redirect(target, 303))


@blueprint.get("/password")
@access("own")
def password() -> Response:
    return _page(PasswordForm())


@blueprint.post("/password")
@access("own")
@changes
def change_password(unit: Unit) -> Response:
    form = PasswordForm()
    if not form.validate():
        return _page(form, status=422)
    person = unit.session.get_one(Staff, unit.caller.id if unit.caller else "")
    try:
        staff.change_password(unit.session, person, form.current.data, form.new.data)
    except Invalid as problem:
        return _page(form, problem.extra["errors"], 422)
    # The old session ended with the old password.
    signed_in.sign_in(unit.session, person, unit.now)
    flash(gettext(N_("Your password has been changed.")), "ok")
    return make_response(redirect(next_page.safe(request.values.get("next")), 303))


def _page(
    form: PasswordForm, errors: dict[str, list[str]] | None = None, status: int = 200
) -> Response:
    page = render_template(
        "admin/password.html",
        form=form,
        errors=errors or {},
        minimum=staff.PASSWORD_MINIMUM,
        next=request.values.get("next"),
    )
    return make_response(page, status)
