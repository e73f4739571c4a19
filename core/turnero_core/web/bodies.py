"""What a request's body must be before anybody looks inside it."""

from flask import Flask, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

LARGEST_BODY = 256 * 1024


def install(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.before_request(_check)


def _check() -> None:
    if request.method not in ("POST", "PUT", "PATCH") or not request.path.startswith("/api/"):
        return
    if request.content_length and request.content_length > LARGEST_BODY:
        raise RequestEntityTooLarge
    body = request.get_data(cache=True)
    if not body:
        return
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest from error
