"""One view for every list about money, at the address of each."""

from collections.abc import Callable
from typing import Any

from turnero_admin.configuration.blueprint import CITY, blueprint
from turnero_admin.configuration.payments.kinds import KINDS
from turnero_core.web.access import access

View = Callable[..., Any]


def each(method: str, endpoint: str, rest: str = "") -> Callable[[View], View]:
    """The view answers `method` at `/payments/<the list>` and `rest`; it is given the list's slug
    as `kind`."""

    def register(view: View) -> View:
        guarded = access(CITY)(view)
        for kind in KINDS:
            blueprint.add_url_rule(
                f"/payments/{kind}{rest}",
                endpoint,
                guarded,
                methods=[method],
                defaults={"kind": kind},
            )
        return guarded

    return register
