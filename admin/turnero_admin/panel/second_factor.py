"""Setting up the second factor of one's own account."""

import qrcode  # type: ignore[import-untyped]
from flask import (
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from markupsafe import Markup
from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]
from qrcode.image.svg import SvgPathFillImage  # type: ignore[import-untyped]

from turnero_admin.panel.account import me
from turnero_admin.panel.blueprint import blueprint
from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_queue import second_factor as factor
from turnero_queue import staff
from turnero_queue.api.edge import Unit, changes, reads

# The secret offered stays in the browser's own cookie until its owner proves to have it.
OFFERED = "second_factor"


@blueprint.get("/account/second-factor")
@access("own")
@reads
def second_factor(unit: Unit) -> Response:
    session[OFFERED] = factor.new_secret()
    return _page(unit)


@blueprint.post("/account/second-factor")
@access("own")
@changes
def enrol_second_factor(unit: Unit) -> Response:
    if OFFERED not in session:
        return make_response(redirect(url_for("panel.second_factor"), 303))
    try:
        codes = factor.enrol(
            unit.session, me(unit), session[OFFERED], request.form.get("code", ""), unit.now
        )
    except Invalid as problem:
        return _page(unit, problem.extra["errors"], 422)
    del session[OFFERED]
    page = make_response(
        render_template("admin/panel/backup_codes.html", codes=codes, switcher=None)
    )
    page.headers["Cache-Control"] = "no-store"
    return page


@blueprint.post("/account/second-factor/remove")
@access("own")
@changes
def remove_own_second_factor(unit: Unit) -> Response:
    person = me(unit)
    if staff.is_password(person, request.form.get("password", "")):
        factor.remove(unit.session, person, unit.now, actor=unit.actor)
        flash(gettext(N_("The second factor is off.")), "ok")
    else:
        flash(gettext(N_("This is not your password.")), "danger")
    return make_response(redirect(url_for("panel.account"), 303))


def _page(unit: Unit, errors: dict[str, list[str]] | None = None, status: int = 200) -> Response:
    secret, login = session[OFFERED], me(unit).login
    page = render_template(
        "admin/panel/second_factor.html",
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        picture=_picture(factor.address(secret, login, unit.catalogue.name)),
        errors=errors or {},
        switcher=None,
    )
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _picture(text: str) -> Markup:
    """The QR code as part of the page: it must not have an address of its own."""
    code = qrcode.QRCode(border=4, error_correction=ERROR_CORRECT_M)
    code.add_data(text)
    drawn: bytes = code.make_image(image_factory=SvgPathFillImage).to_string()
    return Markup(drawn.decode().partition("?>")[2] or drawn.decode())  # noqa: S704 - made here
