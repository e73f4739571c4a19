"""Where somebody goes after signing in: only ever to a page of this site."""

from urllib.parse import urlsplit

from flask import request, url_for

from turnero_queue.api import signed_in
from turnero_queue.permissions import Role


def safe(target: str | None) -> str:
    """`target` when it is a path of this site, else where this person's work begins."""
    if target and _is_path(target) and not _is_sign_in(target):
        return target
    return landing()


def landing() -> str:
    """The desks for whoever only attends at them, the panel for everybody else."""
    person = signed_in.person()
    if person is None or person.grants.roles <= {Role.ATTENDANT}:
        return url_for("admin.choose_desk")
    return url_for("panel.home")


def _is_path(target: str) -> bool:
    # Browsers read \ as / and drop control characters: neither may get past the checks below.
    if "\\" in target or any(ord(char) <= 32 for char in target):
        return False
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc and parts.path[:1] == "/" != parts.path[1:2]


def _is_sign_in(target: str) -> bool:
    return urlsplit(target).path in (url_for("admin.login"), url_for("admin.logout"))


def asked_for() -> str:
    """The path of the page that the person sees: this one, or the one that sent this request."""
    if request.method == "GET" and "HX-Request" not in request.headers:
        return request.full_path.removesuffix("?")
    page = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "")
    if page.netloc != request.host:
        return ""
    return page._replace(scheme="", netloc="", fragment="").geturl()
