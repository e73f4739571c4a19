"""What a request's address and body must be before anybody looks inside them."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request
from werkzeug.exceptions import BadRequest, NotFound, RequestEntityTooLarge, UnsupportedMediaType

LARGEST_BODY = 256 * 1024
View = TypeVar("View", bound=Callable[..., Any])


def takes(limit: int, *kinds: str) -> Callable[[View], View]:
    """Let a view take a body of up to `limit` bytes, such as one with a file; one of the API also
    of the media types `kinds`, beside JSON, which it then reads itself."""

    def mark(view: View) -> View:
        view.largest_body = limit  # type: ignore[attr-defined]
        view.kinds = kinds  # type: ignore[attr-defined]
        return view

    return mark


def install(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    # Before anything else looks into the body, such as for the token of a form.
    app.before_request_funcs.setdefault(None, []).insert(0, _make_room)
    app.before_request(_check)


def _make_room() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    limit: int | None = getattr(view, "largest_body", None)
    if limit is not None:
        request.max_content_length = limit
        request.max_form_memory_size = limit


def _check() -> None:
    # No address of the product holds a null character, and PostgreSQL takes none.
    if "\0" in request.path or b"%00" in request.query_string:
        raise NotFound
    if request.method not in ("POST", "PUT", "PATCH") or not request.path.startswith("/api/"):
        return
    view = current_app.view_functions.get(request.endpoint or "")
    if (request.content_length or 0) > getattr(view, "largest_body", LARGEST_BODY):
        raise RequestEntityTooLarge
    body = request.get_data(cache=True)
    if not body:
        return
    try:
        body.decode("utf-8")
        if request.mimetype in getattr(view, "kinds", ()):
            return
        if not request.is_json:
            raise UnsupportedMediaType
        # Read here first, where a body nested too deeply is the sender's mistake.
        request.get_json()
    except (UnicodeDecodeError, RecursionError) as error:
        raise BadRequest from error
