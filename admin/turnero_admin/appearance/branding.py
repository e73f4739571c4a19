"""The municipality's name, logo and colour."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from turnero_admin.appearance.blueprint import CITY, blueprint, shown
from turnero_admin.appearance.contrast import Judged, judged
from turnero_core.colour import DEFAULT_BRAND, theme_css
from turnero_core.errors import Invalid, NotFound
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_core.web.bodies import takes
from turnero_core.web.runtime import runtime
from turnero_queue import logo
from turnero_queue.api import drafts
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.configuration import appearance
from turnero_queue.configuration.appearance import ChangedMeanwhile

SAVED = N_("Saved. Screens follow within a minute, slips at once.")
THEMES = ("light", "dark")
LARGEST = logo.LARGEST_BYTES + 64 * 1024


@blueprint.get("/branding")
@access(CITY)
@reads
def branding(unit: Unit) -> Response:
    return _page(unit)


@blueprint.post("/branding")
@access(CITY)
@takes(LARGEST)
def set_branding() -> Response:
    try:
        _written(_brought())
    except Invalid as problem:
        answer: Response = _refused(422, errors=problem.extra["errors"])
        return answer
    except ChangedMeanwhile:
        answer = _refused(409, changed=True)
        return answer
    flash(gettext(SAVED), "ok")
    return make_response(redirect(url_for("appearance.branding"), 303))


@blueprint.post("/branding/contrast")
@access(CITY)
def contrast() -> str:
    """What becomes of the colour that is being chosen."""
    return render_template("admin/appearance/_contrast.html", found=_judged(_colour()))


@blueprint.route("/branding/sample/<theme>", methods=["GET", "POST"])
@access(CITY)
@reads
def sample(unit: Unit, theme: str) -> str:
    """A tile, a button and a hall's plate in that colour, by day or by night."""
    if theme not in THEMES:
        raise NotFound(N_("There is nothing at this address."))
    colour = _judged(_colour() or unit.catalogue.colour).chosen
    return render_template("admin/appearance/sample.html", theme=theme, colour=colour[1:])


@blueprint.get("/branding/<colour>.css")
@access(CITY)
def sample_theme(colour: str) -> Response:
    return Response(theme_css(_judged(f"#{colour}").chosen), mimetype="text/css")


def _colour() -> str:
    return request.values.get("colour", "").strip()


def _judged(colour: str | None) -> Judged:
    try:
        return judged(colour or DEFAULT_BRAND)
    except ValueError:
        return judged(DEFAULT_BRAND)


def _brought() -> str | None:
    """The name of the logo that was brought, now among the instance's files."""
    file = request.files.get("logo")
    if file is None or not file.filename:
        return None
    return logo.keep(runtime().settings.instance, logo.prepared(file.read()))


@changes
def _written(unit: Unit, brought: str | None) -> None:
    form = request.form
    now = None if "without_logo" in form else appearance.in_force(unit.session).municipality.logo
    appearance.set_branding(
        unit.session,
        form.get("name", ""),
        _colour() or None,
        brought or now,
        drafts.seen(),
        actor=unit.actor,
    )


@reads
def _refused(unit: Unit, status: int, **context: Any) -> Response:
    given = {"name": request.form.get("name", ""), "colour": _colour()}
    return _page(unit, status, given=given, **context)


def _page(unit: Unit, status: int = 200, **context: Any) -> Response:
    now = appearance.branding(appearance.in_force(unit.session))
    given: dict[str, Any] = context.pop("given", now)
    return shown(
        unit,
        "branding",
        status,
        **{"errors": {}, "changed": False, **context},
        given=given,
        now=now,
        found=_judged(given["colour"]),
        usual=DEFAULT_BRAND,
        mark=appearance.mark(now),
        themes=THEMES,
        switcher=None,
    )
