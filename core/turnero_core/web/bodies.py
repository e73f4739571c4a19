"""What a request's address and body must be before anybody looks inside them."""

from flask import Flask, request
from werkzeug.exceptions import BadRequest, NotFound, RequestEntityTooLarge, UnsupportedMediaType

LARGEST_BODY = 256 * 1024


def install(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.before_request(_check)


def _check() -> None:
    # No address of the product holds a null character, and PostgreSQL takes none.
    if "\0" in request.path or b"%00" in request.query_string:
        raise NotFound
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
        # Read here first, where a body nested too deeply is the sender's mistake.
        request.get_json()
    except (UnicodeDecodeError, RecursionError) as error:
        raise BadRequest from error
