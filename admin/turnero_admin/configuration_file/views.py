"""Download the file, see what another one would change, put it in force."""

from dataclasses import dataclass

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from turnero_admin.configuration import guard
from turnero_admin.configuration_file import proposal
from turnero_admin.configuration_file.blueprint import CITY, blueprint
from turnero_core.errors import Conflict
from turnero_core.i18n import N_, gettext, ngettext
from turnero_core.web.access import access
from turnero_core.web.bodies import takes
from turnero_core.web.runtime import runtime
from turnero_queue import audit, configuration
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.configuration import Configuration, ConfigurationError

# The file itself, and what a form adds to it.
LARGEST = configuration.MAX_BYTES + 64 * 1024
MOST_FINDINGS = 200
PASTED = N_("the text")


@dataclass(frozen=True)
class Given:
    """What somebody brought: the file's name, for messages, and what it holds."""

    name: str
    content: bytes


@blueprint.get("", strict_slashes=False)
@access(CITY)
@reads
def index(unit: Unit) -> str:
    return render_template("admin/configuration_file/index.html", switcher=None)


@blueprint.get("/download")
@access(CITY)
@changes
def download(unit: Unit) -> Response:
    """Everything configured, as a file that can be loaded; that it was taken is in the log."""
    text = configuration.dump(unit.session)
    day = unit.now.date().isoformat()
    audit.record(
        unit.session,
        actor=unit.actor,
        action="export.configuration",
        subject=f"{len(text.splitlines())} lines",
        now=unit.now,
    )
    headers = {"Content-Disposition": f'attachment; filename="turnero-{day}.yaml"'}
    return Response(text, mimetype="application/yaml", headers=headers)


@blueprint.post("", strict_slashes=False)
@access(CITY)
@takes(LARGEST)
@reads
def check(unit: Unit) -> Response | str:
    """Everything that is wrong with a file, or what it would change."""
    given = _given()
    if not given.content.strip():
        nothing = gettext(N_("Choose a file, or paste its text."))
        return make_response(
            render_template("admin/configuration_file/index.html", missing=nothing, switcher=None),
            422,
        )
    try:
        wanted = configuration.parse(given.content, given.name)
    except ConfigurationError as error:
        return _wrong(given, error)
    return _shown(unit, given, wanted)


@blueprint.post("/apply")
@access(CITY)
@takes(LARGEST)
def apply() -> Response | str:
    """Put in force what was shown; if something else changed meanwhile, it is shown again."""
    given = _given()
    try:
        wanted = configuration.parse(given.content, given.name)
    except ConfigurationError as error:
        return _wrong(given, error)
    try:
        done = _apply(given, wanted)
    except Conflict:
        # Somebody has come to a desk that goes; what is shown again says so.
        return make_response(_again(given, wanted, changed=False), 409)
    if done is None:
        return make_response(_again(given, wanted), 409)
    flash(ngettext("%(n)s change is in force.", "%(n)s changes are in force.", done), "ok")
    return make_response(redirect(url_for("configuration_file.index"), 303))


@changes
def _apply(unit: Unit, given: Given, wanted: Configuration) -> int | None:
    """How many changes; None, and nothing done, when this is not what was shown."""
    configuration.hold(unit.session)
    if request.form.get("version") != str(proposal.version(unit.session)):
        return None
    done = configuration.apply(unit.session, wanted, actor=unit.actor)
    if done:
        guard.check(unit)
    audit.record(
        unit.session,
        actor=unit.actor,
        action="import.configuration",
        subject=given.name,
        after={"changes": len(done)},
        now=unit.now,
    )
    return len(done)


@reads
def _again(unit: Unit, given: Given, wanted: Configuration, *, changed: bool = True) -> str:
    return _shown(unit, given, wanted, changed=changed)


def _shown(unit: Unit, given: Given, wanted: Configuration, *, changed: bool = False) -> str:
    return render_template(
        "admin/configuration_file/changes.html",
        given=given,
        text=given.content.decode("utf-8-sig"),
        found=proposal.of(unit.session, runtime().database, wanted, unit.now),
        kinds=proposal.KINDS,
        changed=changed,
    )


def _wrong(given: Given, error: ConfigurationError) -> Response:
    lines = given.content.decode("utf-8", "replace").splitlines()
    page = render_template(
        "admin/configuration_file/findings.html",
        given=given,
        findings=error.errors[:MOST_FINDINGS],
        more=len(error.errors[MOST_FINDINGS:]),
        line_of=lambda number: lines[number - 1].strip()[:120] if number <= len(lines) else "",
    )
    return make_response(page, 422)


def _given() -> Given:
    file = request.files.get("file")
    if file is not None and file.filename:
        return Given(file.filename[:120], file.read())
    name = request.form.get("name", "")[:120] or gettext(PASTED)
    return Given(name, request.form.get("text", "").replace("\r\n", "\n").encode())
