"""The session's cookie is Secure whenever the page came over TLS."""

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface


class SessionCookie(SecureCookieSessionInterface):
    def get_cookie_secure(self, app: Flask) -> bool:
        # By request, not by setting: one server may be reached by TLS and from its own machine.
        return request.is_secure or super().get_cookie_secure(app)


def install(app: Flask) -> None:
    app.session_interface = SessionCookie()
