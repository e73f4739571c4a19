"""The conversation with the provider: where it is, what is asked, a code for an ID token."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.discovery import get_well_known_url

from turnero_queue.city_sign_in import tokens
from turnero_queue.city_sign_in import trouble as said
from turnero_queue.city_sign_in.settings import SignIn
from turnero_queue.city_sign_in.trouble import Trouble
from turnero_queue.connectors.debt import DebtsUnavailable
from turnero_queue.connectors.secret_files import read_secret

TIMEOUT_S = 6.0
KEPT = timedelta(minutes=10)
WITHIN = timedelta(minutes=10)
LONGEST_ANSWER = 300_000
LONGEST_CODE = 2_000
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_LOCAL = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Begun:
    """What this browser keeps until it comes back; it works once, and for some minutes."""

    state: str
    nonce: str
    verifier: str
    until: float


_known: dict[str, tuple[datetime, dict[str, Any]]] = {}


def begin(settings: SignIn, back: str, now: datetime) -> tuple[str, Begun]:
    """Where to send the browser, and what it has to bring back to `back`."""
    place = _discover(settings, now)
    begun = Begun(
        secrets.token_urlsafe(24),
        secrets.token_urlsafe(24),
        secrets.token_urlsafe(48),
        (now + WITHIN).timestamp(),
    )
    address = prepare_grant_uri(
        place["authorization_endpoint"],
        settings.client_id,
        "code",
        redirect_uri=back,
        scope=["openid", *settings.scopes],
        state=begun.state,
        nonce=begun.nonce,
        code_challenge=create_s256_code_challenge(begun.verifier),
        code_challenge_method="S256",
    )
    return str(address), begun


def finish(
    settings: SignIn,
    begun: Begun | None,
    answer: Mapping[str, str],
    back: str,
    instance: Path,
    now: datetime,
) -> dict[str, Any]:
    """What the provider says of whoever came back with `answer`; Trouble when nothing is sure."""
    state = answer.get("state", "")
    if begun is None or now.timestamp() > begun.until:
        raise Trouble(said.AGAIN, "no sign-in was begun in this browser")
    if not secrets.compare_digest(begun.state.encode(), state.encode("utf-8", "replace")):
        raise Trouble(said.AGAIN, "wrong state")
    code = answer.get("code", "")
    if not code or len(code) > LONGEST_CODE:
        raise Trouble(said.REFUSED, "the provider gave no code")
    place = _discover(settings, now)
    told = _redeem(settings, place, code, begun.verifier, back, instance)
    return tokens.believed(
        told, settings, begun.nonce, lambda fresh: _keys(place, now, fresh=fresh), now
    )


def way_out(settings: SignIn, back: str, now: datetime) -> str | None:
    """Where a browser is signed out of the provider too, when that can be done."""
    endpoint = _discover(settings, now).get("end_session_endpoint")
    if not isinstance(endpoint, str) or not _is_safe(endpoint):
        return None
    asked = urlencode({"client_id": settings.client_id, "post_logout_redirect_uri": back})
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{asked}"


def forget() -> None:
    """Ask anew for what is remembered of providers."""
    _known.clear()


def _discover(settings: SignIn, now: datetime) -> dict[str, Any]:
    found = _remembered(get_well_known_url(settings.issuer, external=True), now)
    if found.get("issuer") != settings.issuer:
        raise Trouble(said.NOT_BELIEVED, "the provider calls itself something else")
    if not all(isinstance(found.get(name), str) and _is_safe(found[name]) for name in ENDPOINTS):
        raise Trouble(said.NOT_BELIEVED, "the provider does not say where it is")
    return found


def _keys(place: Mapping[str, Any], now: datetime, *, fresh: bool) -> dict[str, Any]:
    if fresh:
        _known.pop(place["jwks_uri"], None)
    return _remembered(place["jwks_uri"], now)


def _remembered(address: str, now: datetime) -> dict[str, Any]:
    known = _known.get(address)
    if known is None or not timedelta(0) <= now - known[0] < KEPT:
        known = _known[address] = (now, _ask("GET", address))
    return known[1]


def _redeem(
    settings: SignIn, place: Mapping[str, Any], code: str, verifier: str, back: str, instance: Path
) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": verifier,
    }
    auth = None
    if settings.client_secret_file:
        secret = _secret(settings, instance)
        ways = place.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if "client_secret_basic" in ways:
            auth = httpx.BasicAuth(quote(settings.client_id, safe=""), quote(secret, safe=""))
        else:
            form |= {"client_id": settings.client_id, "client_secret": secret}
    else:
        form["client_id"] = settings.client_id
    return _ask("POST", place["token_endpoint"], form, auth)


def _secret(settings: SignIn, instance: Path) -> str:
    try:
        return read_secret(instance, settings.client_secret_file)
    except DebtsUnavailable:
        raise Trouble(said.NO_SECRET, "the file of the client's secret cannot be read") from None


def _ask(
    method: str,
    address: str,
    form: Mapping[str, str] | None = None,
    auth: httpx.BasicAuth | None = None,
) -> dict[str, Any]:
    """The JSON object that the provider answers; redirections are not followed."""
    try:
        with httpx.Client(timeout=TIMEOUT_S, follow_redirects=False) as client:
            answer = client.request(method, address, data=form, auth=auth)
    except (httpx.HTTPError, httpx.InvalidURL):
        raise Trouble(said.NO_ANSWER, "the provider does not answer") from None
    if answer.status_code in (400, 401) and method == "POST":
        raise Trouble(said.AGAIN, "the provider refused the code")
    try:
        found = answer.json() if len(answer.content) <= LONGEST_ANSWER else None
    except ValueError:
        found = None
    if answer.status_code != 200 or not isinstance(found, dict):
        raise Trouble(said.NO_ANSWER, f"the provider answered {answer.status_code}")
    return found


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL)
