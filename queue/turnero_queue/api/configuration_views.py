"""The whole configuration: read, compared, put in force. It holds no secret: those are in files."""

import json
from datetime import date
from typing import Any

from flask import Response, jsonify, make_response, request
from flask_smorest import Blueprint

from turnero_core.errors import Forbidden, Invalid, Problem
from turnero_core.i18n import N_
from turnero_core.web.access import access
from turnero_core.web.bodies import takes
from turnero_queue import audit, catalogue, configuration
from turnero_queue.api import configuration_schemas as schemas
from turnero_queue.api.edge import Unit, authenticate, changes
from turnero_queue.configuration import Change, Configuration, ConfigurationError

YAML = ("application/yaml", "application/x-yaml", "text/yaml")
SOURCE = "configuration"
blueprint = Blueprint("configuration_api", __name__, description="The whole configuration.")
blueprint.before_request(authenticate)


class PreconditionRequired(Problem):
    status = 428
    slug = "precondition-required"
    title = N_("Say which version you have seen")


class PreconditionFailed(Problem):
    status = 412
    slug = "changed-meanwhile"
    title = N_("Changed meanwhile")


@blueprint.get("/configuration")
@blueprint.response(200, schemas.Whole)
@blueprint.alt_response(304, description="still the version of If-None-Match")
@access("scope:admin")
@changes
def get_configuration(unit: Unit) -> Response:
    """Everything configured, as JSON or (Accept: application/yaml) as the file that loads it."""
    _require_every_office(unit)
    tag = _tag(unit)
    if tag in request.if_none_match:
        return _tagged(make_response("", 304), tag)
    audit.record(
        unit.session,
        actor=unit.actor,
        action="export.configuration",
        subject=f"version {tag}",
        now=unit.now,
    )
    if request.accept_mimetypes.best_match(("application/json", *YAML)) in YAML:
        answer = Response(configuration.dump(unit.session), mimetype=YAML[0])
    else:
        # Days as the file has them, where Flask would write them as in a header of HTTP.
        text = json.dumps(
            configuration.plain(unit.session), ensure_ascii=False, default=date.isoformat
        )
        answer = Response(text, mimetype="application/json")
    return _tagged(answer, tag)


@blueprint.put("/configuration")
@blueprint.arguments(schemas.Asked, location="query")
@blueprint.response(200, schemas.Outcome)
@blueprint.doc(
    parameters=[{"in": "header", "name": "If-Match", "schema": {"type": "string"}}],
    requestBody={"content": {"application/json": {"schema": {"type": "object"}}}},
)
@access("scope:admin")
@takes(configuration.MAX_BYTES, *YAML)
@changes
def put_configuration(unit: Unit, asked: dict[str, Any]) -> Response:
    """Put a whole configuration in force, in JSON or YAML; with dry_run=1 only say what it would
    change. If-Match names the version that it is made from: another one is not overwritten."""
    _require_every_office(unit)
    dry_run = asked.get("dry_run", False)
    configuration.hold(unit.session)
    _check_version(unit, required=not dry_run)
    wanted = _wanted()
    hurt = configuration.consequences(unit.session, wanted, unit.now)
    done = (
        configuration.diff(unit.session, wanted)
        if dry_run
        else configuration.apply(unit.session, wanted, actor=unit.actor)
    )
    return _tagged(jsonify(_outcome(done, hurt, wanted, applied=not dry_run)), _tag(unit))


def _wanted() -> Configuration:
    try:
        return configuration.parse(_body(), SOURCE)
    except ConfigurationError as refused:
        # The lines of JSON are nobody's: it is read in a form of its own.
        raise Invalid(
            N_("This configuration cannot be used; nothing has been changed."),
            slug=refused.slug,
            title=N_("The configuration cannot be used"),
            errors=refused.by_field(lines=not request.is_json),
        ) from refused


def _body() -> str:
    """The text of either kind, as YAML."""
    if not request.is_json:
        return request.get_data(as_text=True)
    # Read as JSON: a reader of YAML takes its pairs of escapes for two half characters. A half
    # that stands alone stays an escape, for the reader to name.
    text = json.dumps(request.get_json(), ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode()


def _require_every_office(unit: Unit) -> None:
    if unit.caller is not None and unit.caller.office_id is not None:
        raise Forbidden(N_("This needs a token that is not limited to one office."))


def _check_version(unit: Unit, *, required: bool) -> None:
    if not request.if_match:
        if required:
            raise PreconditionRequired(
                N_("Send If-Match with the ETag of the configuration that yours is made from.")
            )
        return
    if _tag(unit) not in request.if_match:
        raise PreconditionFailed(
            N_("Somebody else has changed the configuration. Read it again, then send yours."),
            extra={"version": _tag(unit)},
        )


def _outcome(
    done: list[Change], hurt: list[str], wanted: Configuration, *, applied: bool
) -> dict[str, Any]:
    return {
        "applied": applied,
        "changes": [
            {
                "kind": change.kind,
                "what": change.what,
                "code": change.code,
                "field": change.field,
                "before": change.before,
                "after": change.after,
                "told": str(change),
            }
            for change in done
        ],
        "consequences": hurt,
        "warnings": [f"{warning.field}: {warning.message}" for warning in wanted.warnings],
    }


def _tag(unit: Unit) -> str:
    return str(catalogue.version_in_force(unit.session))


def _tagged(answer: Response, tag: str) -> Response:
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "no-store"
    return answer
