"""The agent's line to the server: every answer is either what was asked for or one of three."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from turnero_core.clock import now
from turnero_core.errors import Invalid, Problem, Unavailable
from turnero_core.i18n import N_, gettext
from turnero_hardware.agent.state import Identity

BASE = "/api/v1"
_TIMEOUT = httpx.Timeout(10.0, connect=5.0)
# What a claim may take longer than it asked to wait.
_PATIENCE_S = 10.0


class AwayError(Exception):
    """The server cannot be reached or does not answer as it should: try again."""


class RevokedError(Exception):
    """The server does not know this agent's token any more."""


class InUseError(Exception):
    """Another installation works with this agent's token."""


class RefusedError(Exception):
    """The server will never take this request; `slug` says why."""

    def __init__(self, status: int, slug: str, detail: str) -> None:
        super().__init__(f"{status} {slug}: {detail}")
        self.slug, self.detail = slug, detail


@dataclass(frozen=True)
class Told:
    """The body of an answer and how much the server's clock is ahead of this machine's."""

    body: dict[str, Any]
    offset: timedelta | None


def check_address(server: str, *, insecure: bool) -> str:
    """The server's address without a slash at its end; Invalid when it is none, and for plain
    http to another machine unless that is said to be meant."""
    parts = urlsplit(server.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        said = gettext(N_("Write the server's address as https://turnos.example."))
        raise Invalid(errors={"server": [said]})
    if parts.scheme == "http" and not insecure and not _is_loopback(parts.hostname):
        said = gettext(N_("Only https keeps the token secret; --insecure uses http all the same."))
        raise Invalid(errors={"server": [said]})
    return server.strip().rstrip("/")


def open_client(server: str, ca: str | None) -> httpx.Client:
    """A client of the server alone; a proxy of the environment is used, except to this machine."""
    try:
        verify = ssl.create_default_context(cafile=ca)
    except (OSError, ssl.SSLError) as error:
        raise Unavailable(
            N_("%(path)s cannot be read: %(reason)s"), path=ca, reason=str(error)
        ) from error
    own = _is_loopback(urlsplit(server).hostname or "")
    return httpx.Client(base_url=server + BASE, verify=verify, timeout=_TIMEOUT, trust_env=not own)


class Link:
    """What the agent asks of the server, with its token; safe to use from several threads."""

    def __init__(self, identity: Identity, instance: str) -> None:
        check_address(identity.server, insecure=identity.insecure)
        self._client = open_client(identity.server, identity.ca)
        self._client.headers["Authorization"] = f"Bearer {identity.token}"
        self._client.headers["Turnero-Instance"] = instance

    def claim(self, holds: list[str], wait_s: int) -> Told:
        timeout = httpx.Timeout(wait_s + _PATIENCE_S, connect=5.0)
        body = {"holds": holds, "wait_s": wait_s}
        return _ask(self._client, "/print-jobs/claim", body, "jobs", timeout)

    def report(self, job_id: str, body: Mapping[str, Any]) -> Told:
        told = _ask(self._client, f"/print-jobs/{job_id}/report", body, "state")
        if told.body.get("id") != job_id:
            raise AwayError("the answer is about another job")
        return told

    def beat(self, body: Mapping[str, Any]) -> Told:
        return _ask(self._client, "/devices/heartbeat", body, "commands")


def enrol(client: httpx.Client, code: str, version: str) -> dict[str, Any]:
    """The answer to an invitation's code: `token` and `device`."""
    return _ask(client, "/devices/enrol", {"code": code, "version": version}, "token").body


def ask_to_enrol(client: httpx.Client, version: str) -> dict[str, Any]:
    """`code` for people to see, `secret` to collect with."""
    body = {"kind": "agent", "version": version}
    return _ask(client, "/devices/enrol/requests", body, "code").body


def collect(client: httpx.Client, secret: str) -> str | None:
    """The token, once somebody has approved."""
    told = _ask(client, "/devices/enrol/collect", {"secret": secret}, "")
    return told.body.get("token")


def in_words(error: Exception) -> Problem:
    """For the command line: what went wrong, said to a person."""
    if isinstance(error, RefusedError):
        return Unavailable(error.detail or N_("The server refused."))
    return Unavailable(N_("The server cannot be reached: %(reason)s"), reason=str(error))


def _ask(
    client: httpx.Client,
    path: str,
    body: Mapping[str, Any],
    expected: str,
    timeout: httpx.Timeout = _TIMEOUT,
) -> Told:
    sent = now()
    try:
        answer = client.post(path, json=body, timeout=timeout)
    except (httpx.HTTPError, httpx.InvalidURL, RuntimeError) as error:
        # RuntimeError is what a client says that was closed because the agent stops.
        raise AwayError(f"{type(error).__name__}: {error}") from error
    if answer.status_code >= 300:
        raise _refusal(answer)
    if answer.status_code == 204 and not expected:
        return Told({}, None)
    found = _json(answer)
    if expected and expected not in found:
        # A captive portal says 200 to everything.
        raise AwayError("something else answered in the server's place")
    return Told(found, _offset(found, sent, now()))


def _refusal(answer: httpx.Response) -> Exception:
    found = _json(answer)
    slug = str(found.get("type", "")).rsplit("/", 1)[-1]
    if answer.status_code == 401:
        return RevokedError(str(found.get("detail", "")))
    if slug == "device-in-use":
        return InUseError(str(found.get("detail", "")))
    if not slug or answer.status_code >= 500 or answer.status_code in (408, 429):
        return AwayError(f"answered {answer.status_code} {slug}".strip())
    return RefusedError(answer.status_code, slug, str(found.get("detail", "")))


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError as error:
        raise AwayError(f"answered {answer.status_code} without JSON") from error
    if not isinstance(found, dict):
        raise AwayError(f"answered {answer.status_code} without an object")
    return found


def _offset(body: Mapping[str, Any], sent: datetime, received: datetime) -> timedelta | None:
    """Counted from the middle of the exchange, which is when the server most likely looked. An
    answer that took long, such as to a claim that waited, tells nothing exact."""
    try:
        theirs = datetime.fromisoformat(str(body.get("server_time")))
    except ValueError:
        return None
    if not timedelta(0) <= received - sent < timedelta(seconds=2):
        return None
    return theirs - (sent + (received - sent) / 2)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
