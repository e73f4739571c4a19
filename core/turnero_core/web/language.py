"""The language of a request: asked for in the address or cookie, or by the browser."""

from flask import Flask, request

from turnero_core.i18n import LANGUAGES, language_of, negotiate, set_language
from turnero_core.web.runtime import runtime

COOKIE = "turnero_language"


def install(app: Flask) -> None:
    app.before_request(_choose)


def _choose() -> None:
    asked = request.args.get("lang") or request.cookies.get(COOKIE)
    if asked in LANGUAGES:
        set_language(asked)
        return
    header = request.headers.get("Accept-Language")
    set_language(negotiate(header, LANGUAGES, _fallback()))


def _fallback() -> str:
    """The municipality's own language, once its configuration has been read."""
    catalogue = runtime().database.cache.get("catalogue")
    return language_of(getattr(catalogue, "locale", "es"))
