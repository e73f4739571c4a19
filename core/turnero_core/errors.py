"""What can go wrong, said so that a person can mend it.

A `Problem` carries English message ids; the edge that shows it (HTTP, page, command line)
translates them into the reader's language. `slug` becomes the RFC 9457 `type`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from turnero_core.i18n import N_


class Problem(Exception):
    """An expected refusal: `slug`, HTTP `status`, `title`, `detail` (msgid), and what fills it."""

    status = 500
    slug = "internal-error"
    title = N_("Something went wrong")

    def __init__(
        self,
        detail: str = "",
        /,
        *,
        slug: str | None = None,
        title: str | None = None,
        extra: Mapping[str, Any] | None = None,
        **params: Any,
    ) -> None:
        super().__init__(detail % params if params else detail)
        self.detail = detail
        self.params = params
        self.slug = slug or self.slug
        self.title = title or self.title
        self.extra = dict(extra or {})


class NotFound(Problem):
    status = 404
    slug = "not-found"
    title = N_("Not found")


class Conflict(Problem):
    status = 409
    slug = "conflict"
    title = N_("Not possible now")


class Unauthorized(Problem):
    status = 401
    slug = "unauthorized"
    title = N_("Sign in first")


class TokenNeeded(Unauthorized):
    """For programs and machines, which have no account to sign in with."""

    title = N_("A valid token is needed")


class Forbidden(Problem):
    status = 403
    slug = "forbidden"
    title = N_("Not allowed")


class Unavailable(Problem):
    status = 503
    slug = "unavailable"
    title = N_("Not available at the moment")


class Invalid(Problem):
    """Input that cannot be used; `errors` maps each field to what is wrong with it."""

    status = 422
    slug = "invalid"
    title = N_("Some of the data cannot be used")

    def __init__(
        self,
        detail: str = N_("Correct the fields listed and send it again."),
        /,
        *,
        errors: Mapping[str, Sequence[str]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(detail, **kwargs)
        if errors:
            self.extra["errors"] = {field: list(texts) for field, texts in errors.items()}
