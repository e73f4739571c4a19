"""Trying a system of debts: one number is asked, and what comes back is shown to who asks.

The system itself is asked, not what is remembered of it, and a failure here makes nobody else
wait. The number goes into no address, no log and no audit entry."""

import time
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_decimal
from flask import Flask, g, render_template, request
from flask_limiter import Limiter

from turnero_admin import amounts
from turnero_admin.configuration.blueprint import ADMINISTRATOR, blueprint, looking
from turnero_admin.configuration.payments.names import ASKED
from turnero_core.errors import Invalid
from turnero_core.i18n import current_language, gettext, pick
from turnero_core.web.access import access
from turnero_core.web.runtime import runtime
from turnero_queue import audit, connectors
from turnero_queue.api.edge import Unit, changes
from turnero_queue.connectors import (
    Connector,
    Debt,
    DebtsUnavailable,
    DocumentOrAccount,
    Guarded,
    registry,
)

TRIES = "10 per minute"
PATH = "/payments/connectors/try/<code>"


@dataclass(frozen=True)
class Tried:
    """What came back, in how long; `trouble` says why nothing did."""

    debts: tuple[Debt, ...] = ()
    trouble: str = ""
    seconds: float = 0.0


@blueprint.get(PATH, endpoint="try_connector")
@access(ADMINISTRATOR)
def show(code: str) -> str:
    return _page(code)


@blueprint.post(PATH, endpoint="ask_connector")
@access(ADMINISTRATOR)
def ask(code: str) -> str | tuple[str, int]:
    try:
        options, currency, query = _asked(code)
    except Invalid as problem:
        texts = next(iter(problem.extra["errors"].values()))
        return _page(code, errors=[gettext(text) for text in texts]), 422
    tried = _try(options, currency, query)
    _note(code, query.kind, tried)
    return _page(code, tried=tried)


def limit_tries(app: Flask) -> None:
    """So often may one person ask, in this process: a system of the city's is not for browsing."""
    limiter = Limiter(lambda: g.caller.actor, storage_uri="memory://", app=app)
    endpoint = "configuration.ask_connector"
    limited: Any = limiter.limit(TRIES)(app.view_functions[endpoint])
    app.view_functions[endpoint] = limited


@looking
def _asked(unit: Unit, code: str) -> tuple[Connector, str, DocumentOrAccount]:
    options = connectors.named(connectors.configured(unit.session), code)
    wanted = request.form.get("kind")
    kind = next((one for one in options.asks_for if one == wanted), options.asks_for[0])
    query = connectors.asked(kind, request.form.get("value", ""))
    return options, unit.catalogue.currency, query


def _try(options: Connector, currency: str, query: DocumentOrAccount) -> Tried:
    """Outside of any transaction: it may take its time."""
    began = time.monotonic()
    behind = registry.built(options, currency, runtime().settings.instance)
    # A guard of its own, which nobody else is behind.
    system = Guarded(options, behind)
    try:
        debts = system.lookup(query, fresh=True)
    except DebtsUnavailable as problem:
        return Tried(trouble=problem.told(), seconds=time.monotonic() - began)
    finally:
        system.close()
    return Tried(tuple(debts), seconds=time.monotonic() - began)


@changes
def _note(unit: Unit, code: str, kind: str, tried: Tried) -> None:
    audit.record(
        unit.session,
        actor=unit.actor,
        action="connector.tried",
        subject=f"connector:{code}",
        after={"by": kind, "answered": not tried.trouble, "debts": len(tried.debts)},
        now=unit.now,
    )


@looking
def _page(
    unit: Unit, code: str, tried: Tried | None = None, errors: list[str] | None = None
) -> str:
    options = connectors.named(connectors.configured(unit.session), code)
    words = dict(ASKED)
    return render_template(
        "admin/configuration/payments/try.html",
        code=code,
        name=pick(options.name) or code,
        kinds=[(kind, gettext(words[kind])) for kind in options.asks_for],
        kind=request.form.get("kind", ""),
        typed=request.form.get("value", ""),
        wrong=" ".join(errors or ()) or None,
        seconds=options.timeout_s,
        tried=tried,
        spent=format_decimal(tried.seconds, "0.0", current_language()) if tried else "",
        money=amounts.writer(unit),
        switcher=None,
    )
