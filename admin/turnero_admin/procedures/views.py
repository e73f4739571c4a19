"""Download the standard's file, see what another one would change, put it in force."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from turnero_admin.procedures.blueprint import CITY, blueprint
from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext, ngettext
from turnero_core.web.access import access
from turnero_core.web.bodies import takes
from turnero_core.web.runtime import base_url
from turnero_queue import audit, configuration, procedures
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.configuration import appearance
from turnero_queue.procedures import Procedure

LARGEST = procedures.MAX_BYTES + 64 * 1024


@blueprint.get("", strict_slashes=False)
@access(CITY)
@reads
def index(unit: Unit) -> str:
    return _index(unit)


@blueprint.get("/tramites.json")
@access(CITY)
@changes
def download(unit: Unit) -> Response:
    """The services in use as the standard has them; that they were taken is in the log."""
    number = request.args.get("province", type=int)
    whole = procedures.export(
        appearance.in_force(unit.session),
        base_url=base_url(),
        day=unit.now.date(),
        province=number if number in procedures.PROVINCES else None,
    )
    audit.record(
        unit.session,
        actor=unit.actor,
        action="export.procedures",
        subject=f"{whole['metadata']['count']} services",
        now=unit.now,
    )
    headers = {"Content-Disposition": 'attachment; filename="tramites.json"'}
    return Response(procedures.render(whole), mimetype="application/json", headers=headers)


@blueprint.post("", strict_slashes=False)
@access(CITY)
@takes(LARGEST)
@reads
def check(unit: Unit) -> Response | str:
    try:
        text = _text()
        return _shown(unit, text, procedures.read(text))
    except Invalid as problem:
        return make_response(_index(unit, problem.extra["errors"]), 422)


@blueprint.post("/apply")
@access(CITY)
@takes(LARGEST)
def apply() -> Response | str:
    """Put in force what was shown; if something else changed meanwhile, it is shown again."""
    text = _text()
    done = _apply(procedures.read(text))
    if done is None:
        return make_response(_again(text), 409)
    flash(ngettext("%(n)s change is in force.", "%(n)s changes are in force.", done), "ok")
    return make_response(redirect(url_for("procedures.index"), 303))


@changes
def _apply(unit: Unit, found: list[Procedure]) -> int | None:
    configuration.hold(unit.session)
    before = appearance.in_force(unit.session)
    if request.form.get("seen") != _mark(before):
        return None
    plan = procedures.plan(before, found)
    done = configuration.apply(unit.session, plan.wanted, actor=unit.actor)
    audit.record(
        unit.session,
        actor=unit.actor,
        action="import.procedures",
        subject=request.form.get("name", "")[:120] or "tramites.json",
        after={"changes": len(done)},
        now=unit.now,
    )
    return len(done)


@reads
def _again(unit: Unit, text: str) -> str:
    return _shown(unit, text, procedures.read(text), changed=True)


def _index(unit: Unit, errors: dict[str, list[str]] | None = None) -> str:
    return render_template(
        "admin/procedures/index.html",
        provinces=procedures.PROVINCES,
        errors=errors or {},
        without_theme=procedures.without_theme(appearance.in_force(unit.session)),
        themes=procedures.THEMES,
        switcher=None,
    )


def _shown(unit: Unit, text: str, found: list[Procedure], *, changed: bool = False) -> str:
    before = appearance.in_force(unit.session)
    plan = procedures.plan(before, found)
    return render_template(
        "admin/procedures/changes.html",
        plan=plan,
        changes=configuration.diff(unit.session, plan.wanted),
        count=len(found),
        text=text,
        mark=_mark(before),
        changed=changed,
        switcher=None,
    )


def _mark(before: configuration.Configuration) -> str:
    return appearance.mark(configuration.render(before))


def _text() -> str:
    """What the file holds; Invalid when it is no text."""
    file = request.files.get("file")
    if file is not None and file.filename:
        try:
            return str(file.read(), "utf-8-sig")
        except UnicodeDecodeError as error:
            said = N_("is not UTF-8 text: save the file with the encoding UTF-8")
            raise Invalid(errors={"file": [gettext(said)]}) from error
    return request.form.get("text", "")
