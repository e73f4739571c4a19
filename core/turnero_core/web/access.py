"""Every route declares who may use it; a test walks the routes to prove it."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
SCOPE = "scope:"


def access(*who: str) -> Callable[[View], View]:
    """Declare who may use a view: "public", or any of "scope:NAME", "can:PERMISSION", "staff" …

    "everywhere:PERMISSION" wants a role that allows it in every office.
    """

    def mark(view: View) -> View:
        view.access = who  # type: ignore[attr-defined]
        return view

    return mark


def declare(app: Flask, endpoint: str, *who: str) -> None:
    """Declare who may use a view that a library registered."""
    view = app.view_functions[endpoint]

    def declared_view(**kwargs: Any) -> Any:
        return view(**kwargs)

    app.view_functions[endpoint] = access(*who)(declared_view)


def declared(view: Callable[..., Any]) -> tuple[str, ...]:
    """What a view declares, or nothing at all."""
    found: tuple[str, ...] = getattr(view, "access", ())
    return found


def of_request() -> tuple[str, ...]:
    """What the view that this request goes to declares."""
    view = current_app.view_functions.get(request.endpoint or "")
    return declared(view) if view else (PUBLIC,)
