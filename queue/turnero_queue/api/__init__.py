"""The JSON API: declared input, one call of the domain, the answer."""

from flask import Flask, Response
from flask_smorest import Api
from werkzeug.exceptions import HTTPException

from turnero_core.web import csrf, problems
from turnero_queue.api import (
    appointment_views,
    clearing_house,
    configuration_views,
    description,
    desks_views,
    devices_views,
    docs_views,
    live_views,
    offices_views,
    open_data_views,
    payments_views,
    queue_views,
    schemas,
    statistics_views,
    ticket_views,
    webhooks_views,
)

BASE = "/api/v1"


class ProblemApi(Api):  # type: ignore[misc]
    """An API whose errors are RFC 9457 problems, as everywhere else in the product."""

    ERROR_SCHEMA = schemas.Problem

    def handle_http_exception(self, error: HTTPException) -> Response | HTTPException:
        return problems.http_response(error)


def install(app: Flask) -> Api:
    """Register the API's blueprints and its OpenAPI document."""
    app.config.update(
        API_TITLE="Turnero",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=BASE,
        OPENAPI_JSON_PATH="openapi.json",
    )
    said = {
        "info": {"description": docs_views.DESCRIPTION},
        "extra_plugins": [description.WhoMayAsk(app)],
    }
    api = ProblemApi(app, spec_kwargs=said)
    for module in (
        offices_views,
        ticket_views,
        queue_views,
        desks_views,
        appointment_views,
        devices_views,
        payments_views,
        configuration_views,
        statistics_views,
    ):
        # Programs prove themselves by their token; there is no session to abuse.
        csrf.protect.exempt(module.blueprint)
        api.register_blueprint(module.blueprint, url_prefix=BASE)
    clearing_house.install(app)
    csrf.protect.exempt(webhooks_views.blueprint)
    app.register_blueprint(webhooks_views.blueprint, url_prefix=BASE)
    app.register_blueprint(live_views.blueprint)
    app.register_blueprint(open_data_views.blueprint)
    app.register_blueprint(live_views.blueprint, url_prefix=BASE, name="api_live")
    description.complete(app, api.spec)
    docs_views.install(app, api)
    return api
