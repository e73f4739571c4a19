"""One view for every list about money: at the address of each, for whoever may change it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import url_for

from turnero_admin.configuration.blueprint import blueprint
from turnero_admin.configuration.payments.kinds import KINDS, Kind
from turnero_core.web.access import access

View = Callable[..., Any]


def each(method: str, name: str, rest: str = "") -> Callable[[View], View]:
    """The view answers `method` at `/payments/<the list>` and `rest`, given the list's slug as
    `kind`; `address` says where by `name`."""

    def register(view: View) -> View:
        for kind in KINDS.values():
            blueprint.add_url_rule(
                f"/payments/{kind.slug}{rest}",
                f"{name}_{kind.key}",
                access(kind.who)(_of(kind, view)),
                methods=[method],
            )
        return view

    return register


def address(name: str, slug: str, **values: Any) -> str:
    """Where the view registered by `name` is for the list at `slug`."""
    return url_for(f"configuration.{name}_{KINDS[slug].key}", **values)


def _of(kind: Kind, view: View) -> View:
    @wraps(view)
    def run(**values: Any) -> Any:
        return view(kind.slug, **values)

    return run


blueprint.context_processor(lambda: {"money_address": address})
