"""The API's documentation for people, drawn from its OpenAPI document."""

from flask import Blueprint, Flask, render_template
from flask_smorest import Api

from turnero_core.web.access import PUBLIC, access, declare

DESCRIPTION = (
    "Queue of a municipality: offices, turns, calls. Times are RFC 3339 in UTC, durations whole "
    "seconds in keys that end in _s, errors RFC 9457 problems. Send tokens as “Authorization: "
    "Bearer”, and an Idempotency-Key with every POST that must not happen twice. A token has the "
    "scopes that it was made with; the scope all stands for every one."
)


def install(app: Flask, api: Api) -> None:
    blueprint = Blueprint("api_docs", __name__, template_folder="templates")

    @blueprint.get("/api/docs")
    @access(PUBLIC)
    def docs() -> str:
        return render_template("api/docs.html", spec=api.spec.to_dict())

    app.register_blueprint(blueprint)
    declare(app, "api-docs.openapi_json", PUBLIC)
