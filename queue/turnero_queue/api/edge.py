"""The API's edge: who asks, one unit of work per request, and requests repeated."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from flask import Response, g, jsonify, make_response, request
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.errors import TokenNeeded, Unauthorized
from turnero_core.i18n import N_
from turnero_core.web import access
from turnero_core.web.runtime import runtime
from turnero_queue import catalogue, idempotency, sequence, tokens
from turnero_queue.api import signed_in
from turnero_queue.catalogue import Catalogue, Office
from turnero_queue.idempotency import Answer
from turnero_queue.sequence import Moment
from turnero_queue.tokens import Caller

SCOPE = access.SCOPE
View = Callable[..., Any]


@dataclass
class Unit:
    """One request's transaction, the configuration in force, and who asks."""

    session: Session
    catalogue: Catalogue
    now: datetime
    caller: Caller | None

    @property
    def actor(self) -> str:
        return self.caller.actor if self.caller else "public"

    def office(self, code: str) -> Office:
        """The office called `code`, when the caller may act in it."""
        office = self.catalogue.office(code)
        self.require_office(office.id)
        return office

    def require_office(self, office_id: str) -> None:
        if self.caller is not None:
            self.caller.require_office(office_id)

    def require(self, permission: str, office_id: str | None = None) -> None:
        """Forbidden unless whoever asks may do that, in that office."""
        if self.caller is None:
            raise Unauthorized(N_("Sign in to go on."))
        self.caller.require(permission, office_id)

    def offices_with(self, permission: str) -> list[Office]:
        """The offices where whoever asks may do that."""
        caller = self.caller
        return [
            office
            for office in self.catalogue.offices
            if caller is not None and caller.can(permission, office.id)
        ]

    def hold(self, office_id: str) -> Moment:
        """Hold the office for the rest of the transaction."""
        return sequence.hold(self.session, office_id, self.now)


def authenticate() -> None:
    """Before a request: whoever the route asks for must be asking, by token or signed in."""
    who = access.of_request()
    scopes = [name.removeprefix(SCOPE) for name in who if name.startswith(SCOPE)]
    g.caller = None
    if access.PUBLIC in who:
        return
    if scopes and ("Authorization" in request.headers or not _takes_staff(who)):
        g.caller = token_holder()
        g.caller.require_scope(*scopes)
    else:
        g.caller = signed_in.caller_for(who, (request.view_args or {}).get("office"))
        signed_in.note_presence()


def _takes_staff(who: tuple[str, ...]) -> bool:
    return any(
        name in (signed_in.STAFF, signed_in.OWN)
        or name.startswith((signed_in.CAN, signed_in.EVERYWHERE))
        for name in who
    )


def token_holder() -> Caller:
    """Who holds the API token of this request; Unauthorized when nobody does."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise TokenNeeded(N_("Send “Authorization: Bearer” with an API token."))
    with runtime().database.glance() as connection:
        return tokens.authenticate(connection, secret.strip())


def reads(view: View) -> View:
    """Run a view in a read transaction, given as its first argument."""

    @wraps(view)
    def run(*args: Any, **kwargs: Any) -> Any:
        with runtime().database.read() as session:
            return view(_unit(session), *args, **kwargs)

    return run


def changes(view: View) -> View:
    """Run a page's view in a write transaction, given as its first argument."""

    @wraps(view)
    def run(*args: Any, **kwargs: Any) -> Any:
        with runtime().database.write() as session:
            return view(_unit(session), *args, **kwargs)

    return run


def writes(status: int = 200) -> Callable[[View], View]:
    """Run a view in a write transaction; a repeated Idempotency-Key gets the first answer.

    The view gives the answer's body, or None for 204.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def run(*args: Any, **kwargs: Any) -> Any:
            with runtime().database.write() as session:
                unit = _unit(session)
                key = request.headers.get("Idempotency-Key")
                if key is None:
                    return _respond(Answer(status, view(unit, *args, **kwargs)))
                return _once(unit, key, status, lambda: view(unit, *args, **kwargs))

        return run

    return decorate


def _unit(session: Session) -> Unit:
    # From where it was asked, for the audit log.
    session.info["address"] = request.remote_addr or ""
    return Unit(session, catalogue.current(session), clock.now(), g.caller)


def _once(unit: Unit, key: str, status: int, act: Callable[[], Any]) -> Response:
    caller = unit.caller.id if unit.caller else "public"
    body = request.get_json(silent=True) if request.data else None
    asked = idempotency.fingerprint(request.method, request.path, body)
    before = idempotency.claim(unit.session, caller, key, asked, unit.now)
    if before is not None:
        response = _respond(before)
        response.headers["Idempotent-Replayed"] = "true"
        return response
    body = act()
    answer = Answer(status if body is not None else 204, body)
    idempotency.keep(unit.session, caller, key, answer)
    return _respond(answer)


def _respond(answer: Answer) -> Response:
    if answer.body is None:
        return make_response("", 204)
    return make_response(jsonify(answer.body), answer.status)
