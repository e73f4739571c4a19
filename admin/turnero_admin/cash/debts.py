"""What the city's own systems say that somebody owes, paid at the cash desk.

A system is asked outside of any transaction, and asked again by itself before anything is
charged: no amount is ever taken from a form."""

from dataclasses import dataclass

from flask import Response, flash, request, url_for

from turnero_admin.cash import beginning
from turnero_admin.cash.blueprint import OPERATE, blueprint, drawer, page
from turnero_admin.once import Errors, once, to
from turnero_core import clock
from turnero_core.errors import Conflict, Invalid, NotFound
from turnero_core.i18n import N_, gettext, pick
from turnero_core.web.access import access
from turnero_core.web.runtime import runtime
from turnero_queue import connectors
from turnero_queue.api.edge import Unit, reads
from turnero_queue.connectors import Debt, DebtsUnavailable, DocumentOrAccount
from turnero_queue.models import Payment
from turnero_queue.payments.starting import Errand, Item, Payer


@dataclass(frozen=True)
class Found:
    """What one system answered; `trouble` says why it did not."""

    connector: str
    query: DocumentOrAccount | None
    debts: tuple[Debt, ...] = ()
    trouble: str = ""


@blueprint.get("/cash/debts")
@access(OPERATE)
def debts() -> str:
    return _show(request.args.get("value", ""))


@blueprint.post("/cash/debts")
@access(OPERATE)
def charge_debts() -> Response | tuple[str, int]:
    form = request.form
    found = _look(form.get("connector", ""), form.get("kind", ""), form.get("value", ""))
    if found.trouble:
        flash(found.trouble, "danger")
        return to(url_for("cash.debts"))
    try:
        return to(once(lambda unit: _charge(unit, found)))
    except Invalid as problem:
        errors = problem.extra.get("errors", {})
        return _page(found, errors), 422
    except Conflict as problem:
        return to(_otherwise(problem))


def _charge(unit: Unit, found: Found) -> str:
    row = drawer(unit)
    left = connectors.outstanding(unit.session, found.connector, found.debts, unit.now)
    wanted = set(request.form.getlist("debt"))
    chosen = [debt for debt in left if debt.key in wanted and debt.payable]
    if not chosen or len(chosen) < len(wanted):
        message = gettext(N_("Choose what is to be paid. What is owed may have changed."))
        raise Invalid(errors={"debt": [message]})
    language = unit.catalogue.locale.split("_")[0]
    lines = [
        Item(
            {language: " ".join(filter(None, (debt.description, debt.period)))},
            debt.amount_minor,
            debt_key=f"{found.connector}:{debt.key}",
        )
        for debt in chosen
    ]
    query = found.query
    who = Payer(document=query.value) if query and query.kind == "document" else Payer()
    errand = Errand("debt", str(lines[0].debt_key)[:120])
    payment = beginning.start(unit, row, lines, errand, who)
    return url_for("cash.pay", payment_id=payment.id)


@reads
def _otherwise(unit: Unit, problem: Conflict) -> str:
    """Where to go on: the voucher that somebody has for it already, when it is one of here."""
    flash(gettext(problem.detail, **problem.params), "warn")
    other = unit.session.get(Payment, problem.extra.get("payment", ""))
    row = drawer(unit)
    if other is not None and other.office_id == row.office_id:
        return url_for("cash.pay", payment_id=other.id)
    return url_for("cash.debts")


def _show(value: str) -> str:
    if not value.strip():
        return str(_page(Found("", None), {}))
    connector, _, kind = request.args.get("where", "").partition(":")
    try:
        found = _look(connector, kind, value)
    except Invalid as problem:
        texts = next(iter(problem.extra["errors"].values()))
        return str(_page(Found("", None), {"value": [gettext(text) for text in texts]}))
    return str(_page(found, {}))


def _look(connector: str, kind: str, value: str) -> Found:
    """Ask the system; for a moment no transaction is open."""
    with runtime().database.read() as session:
        known = connectors.configured(session)
        if not known:
            raise NotFound(N_("No system of debts is configured."))
        named = connectors.named(known, connector or known[0].code)
        asked_by = next((one for one in named.asks_for if one == kind), named.asks_for[0])
        query = connectors.asked(asked_by, value)
        opened = connectors.connector(session, named.code, runtime().settings.instance)
    try:
        return Found(named.code, query, tuple(opened.lookup(query, fresh=True)))
    except DebtsUnavailable as problem:
        return Found(named.code, query, trouble=gettext(problem.detail))


@reads
def _page(unit: Unit, found: Found, errors: Errors) -> str:
    row = drawer(unit)
    open_ = connectors.outstanding(unit.session, found.connector, found.debts, clock.now())
    return page(
        "debts.html",
        unit,
        row=row,
        found=found,
        debts=open_,
        wheres=_wheres(unit),
        value=request.values.get("value", ""),
        where=request.args.get("where", ""),
        errors=errors,
    )


def _wheres(unit: Unit) -> list[tuple[str, str]]:
    """Every system and what it is asked by."""
    names = {"document": gettext(N_("Document")), "account": gettext(N_("Account"))}
    return [
        (f"{one.code}:{kind}", f"{pick(one.name) or one.code} · {names[kind]}")
        for one in connectors.configured(unit.session)
        for kind in one.asks_for
    ]
