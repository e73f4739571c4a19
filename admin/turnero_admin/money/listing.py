"""Payments listed and searched, and those that somebody has to look at."""

from typing import Any

from flask import request, url_for
from sqlalchemy import Select, func, or_, select

from turnero_admin.money import words
from turnero_admin.money.blueprint import VIEW, blueprint, office_ids, page
from turnero_admin.panel import offices
from turnero_core import sealed
from turnero_core.errors import Invalid
from turnero_core.web.access import access
from turnero_queue import connectors, payments_report, receipts
from turnero_queue.api.edge import Unit, reads
from turnero_queue.models import Difference, Payment, Receipt, Reconciliation
from turnero_queue.payments import states
from turnero_queue.permissions import Permission

PAGE = 50
MOST_RUNS = 10
FILTERS = ("q", "state", "method", "office")


@blueprint.get("/payments")
@access(VIEW)
@reads
def payments(unit: Unit) -> str:
    found = list(unit.session.scalars(_query(unit).limit(PAGE + 1)))
    asked: dict[str, Any] = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    older = found[PAGE - 1].id if len(found) > PAGE else None
    shown = found[:PAGE]
    return page(
        "payments.html",
        unit,
        payments=shown,
        numbers=_numbers(unit, shown),
        asked=asked,
        words=words,
        newest=url_for("money.payments", **asked) if request.args.get("before") else None,
        older=url_for("money.payments", **asked, before=older) if older else None,
        **_troubles(unit),
    )


@blueprint.get("/payments/unknown")
@access(VIEW)
@reads
def unknown(unit: Unit) -> str:
    """Payments of which nobody knows yet what became of them."""
    query = _unsure(unit).order_by(Payment.created_at)
    return page(
        "unknown.html", unit, payments=list(unit.session.scalars(query.limit(500))), words=words
    )


@blueprint.get("/payments/differences")
@access(VIEW)
@reads
def differences(unit: Unit) -> str:
    """What the last comparisons with the providers' lists found."""
    query = select(Reconciliation).order_by(Reconciliation.at.desc()).limit(MOST_RUNS)
    runs = list(unit.session.scalars(query))
    everywhere = _everywhere(unit)
    return page(
        "differences.html",
        unit,
        runs=[(run, _differences(unit, [run.id])) for run in runs],
        totals=everywhere,
        words=words,
        zone=unit.catalogue.timezone,
    )


def _query(unit: Unit) -> Select[Payment]:
    query = select(Payment).where(Payment.office_id.in_(office_ids(unit, Permission.PAYMENTS_VIEW)))
    asked = request.args
    if asked.get("q", "").strip():
        query = query.where(_like(unit, asked["q"].strip()))
    if asked.get("state") in words.STATE_NAMES:
        query = query.where(Payment.state == asked["state"])
    if asked.get("method") in words.METHOD_NAMES:
        query = query.where(Payment.method == asked["method"])
    if asked.get("before"):
        query = query.where(Payment.id < asked["before"])
    # Ids are made in the order of time.
    return query.order_by(Payment.id.desc())


def _like(unit: Unit, text: str) -> Any:
    """By receipt, verification code, voucher, the provider's reference or who paid."""
    mine = offices.within(unit, Permission.PAYMENTS_VIEW)
    papers = payments_report.search(unit.session, text, mine)
    voucher = "".join(letter for letter in text.upper() if letter.isalnum())
    return or_(
        Payment.id.in_([paper.payment_id for paper in papers]),
        Payment.id == text.lower(),
        Payment.voucher == voucher,
        Payment.provider_reference == text,
        Payment.payer_digest.in_([sealed.digest(text), _document(text)]),
    )


def _document(text: str) -> str:
    try:
        return sealed.digest(connectors.asked("document", text).value)
    except Invalid:
        return "-"


def _numbers(unit: Unit, shown: list[Payment]) -> dict[str, str]:
    """The receipt's number of each payment that has one."""
    query = select(Receipt).where(
        Receipt.payment_id.in_([payment.id for payment in shown]), Receipt.kind == "receipt"
    )
    return {row.payment_id: receipts.number_of(row) for row in unit.session.scalars(query)}


def _unsure(unit: Unit) -> Select[Payment]:
    return select(Payment).where(
        Payment.office_id.in_(office_ids(unit, Permission.PAYMENTS_VIEW)),
        Payment.unsure.is_(True),
        Payment.state.in_(states.OPEN),
    )


def _troubles(unit: Unit) -> dict[str, int]:
    """How many payments wait for an answer, and how much differed at the last comparison with each
    provider."""
    last = select(func.max(Reconciliation.at)).group_by(Reconciliation.provider)
    runs = unit.session.scalars(select(Reconciliation.id).where(Reconciliation.at.in_(last)))
    return {
        "unsure": len(unit.session.scalars(_unsure(unit).limit(500)).all()),
        "differing": len(_differences(unit, list(runs))),
    }


def _differences(unit: Unit, runs: list[str]) -> list[tuple[Difference, Payment | None]]:
    """Those of the offices in reach; one that is no payment here concerns them all."""
    ids = office_ids(unit, Permission.PAYMENTS_VIEW)
    query = (
        select(Difference, Payment)
        .outerjoin(Payment, Payment.id == Difference.payment_id)
        .where(Difference.reconciliation_id.in_(runs))
        .order_by(Difference.id)
    )
    found: list[tuple[Difference, Payment | None]] = [
        (difference, payment) for difference, payment in unit.session.execute(query)
    ]
    everywhere = _everywhere(unit)
    return [
        (difference, payment)
        for difference, payment in found
        if (everywhere if payment is None else payment.office_id in ids)
    ]


def _everywhere(unit: Unit) -> bool:
    grants = unit.caller.grants if unit.caller else None
    return grants is not None and grants.everywhere(Permission.PAYMENTS_VIEW)
