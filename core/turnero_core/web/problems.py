"""Errors as RFC 9457 problems for programs and as a page for people; never a traceback."""

import json
from typing import Any

import structlog
from flask import Flask, Response, render_template, request
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from turnero_core.errors import Conflict, Problem, Unavailable
from turnero_core.i18n import N_, gettext

log = structlog.get_logger()

_HTTP_DETAILS = {
    400: N_("The request cannot be read. Send JSON in UTF-8."),
    404: N_("There is nothing at this address."),
    405: N_("This address does not take that method."),
    413: N_("The request is too large. Send at most %(kib)s KiB."),
    415: N_("Send the body as application/json."),
    422: N_("Correct the fields listed and send it again."),
    429: N_("Too many requests. Wait a moment and try again."),
}


def install(app: Flask) -> None:
    app.register_error_handler(Problem, problem_response)
    app.register_error_handler(HTTPException, http_response)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(PoolTimeout, _database)
    app.register_error_handler(IntegrityError, _integrity)
    app.register_error_handler(Exception, _unexpected)


def problem_body(problem: Problem) -> dict[str, Any]:
    """The problem in the reader's language."""
    return {
        "type": f"/problems/{problem.slug}",
        "title": gettext(problem.title),
        "status": problem.status,
        "detail": gettext(problem.detail, **problem.params),
        **problem.extra,
    }


def problem_response(problem: Problem) -> Response:
    return _respond(problem_body(problem))


def wants_page() -> bool:
    """Whether a person in a browser is asking, rather than a program."""
    if request.path.startswith(("/api/", "/live/", "/healthz", "/readyz", "/metrics")):
        return False
    return request.accept_mimetypes.accept_html and "text/html" in str(request.accept_mimetypes)


def _respond(body: dict[str, Any]) -> Response:
    if wants_page():
        shown = {name: body[name] for name in ("status", "title", "detail")}
        page = render_template("core/problem.html", **shown)
        return Response(page, body["status"], mimetype="text/html")
    text = json.dumps(body, ensure_ascii=False)
    response = Response(text, body["status"], mimetype="application/problem+json")
    if body["status"] == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def http_response(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:
        return error
    body: dict[str, Any] = {
        "type": f"/problems/{error.name.lower().replace(' ', '-')}",
        "title": gettext(error.name),
        "status": error.code,
        "detail": _detail(error, error.code),
    }
    fields = _fields(error)
    if fields:
        body |= {"type": "/problems/invalid", "errors": fields}
    response = _respond(body)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def _detail(error: HTTPException, status: int) -> str:
    text = _HTTP_DETAILS.get(status) or error.description or error.name
    if status != 413:
        return gettext(text)
    return gettext(text, kib=(request.max_content_length or 0) // 1024)


def _fields(error: HTTPException) -> dict[str, list[str]]:
    """webargs keeps messages as {location: {field: [text] or {index: …}}}; here field -> texts.

    What is wrong inside of an object has its path: contact.phone, items.0.amount.
    """
    messages = getattr(error, "data", {}).get("messages", {})
    fields: dict[str, list[str]] = {}
    for location, found in messages.items():
        if isinstance(found, dict):
            for name, texts in found.items():
                fields.update(_paths(str(name), texts))
        else:
            fields[str(location)] = _flat(found)
    return fields


def _paths(path: str, texts: object) -> dict[str, list[str]]:
    if not isinstance(texts, dict):
        return {path: _flat(texts)}
    found: dict[str, list[str]] = {}
    for key, inner in texts.items():
        # An entry of a list has no name of its own, unless it is an object with fields.
        own = key != "_schema" and (isinstance(key, str) or isinstance(inner, dict))
        for name, said in _paths(f"{path}.{key}" if own else path, inner).items():
            found.setdefault(name, []).extend(said)
    return found


def _flat(texts: object) -> list[str]:
    if isinstance(texts, list):
        return [gettext(str(text)) for text in texts]
    return [gettext(str(texts))]


def _database(error: Exception) -> Response:
    log.error("database_unavailable", error=str(getattr(error, "orig", error)))
    return problem_response(
        Unavailable(
            N_("The database does not answer or its disk is full. Nothing was changed; try again."),
            slug="database-unavailable",
        )
    )


def _integrity(error: IntegrityError) -> Response:
    log.warning("constraint_refused", error=str(error.orig))
    return problem_response(
        Conflict(N_("Somebody else was faster. Nothing was changed; look again and repeat."))
    )


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected_error", path=request.path)
    return problem_response(
        Problem(N_("An unexpected error was logged. Nothing was changed; try again."))
    )
