"""What the paying screens say when something cannot be done: the truth about the money first."""

from typing import Any

import structlog
from flask import Blueprint, request

from turnero_core.errors import Conflict, Invalid, NotFound, Problem
from turnero_core.i18n import N_, gettext
from turnero_kiosk import machine, pages, refusals
from turnero_kiosk.paying import till
from turnero_queue.api.edge import Unit, reads
from turnero_queue.connectors import DebtsUnavailable
from turnero_queue.devices import TooManyGuesses
from turnero_queue.models import Payment
from turnero_queue.payments import states

log = structlog.get_logger()
Page = tuple[str, int]

_NOT_NOW = N_("We cannot see this at the moment")
_ADVICE = N_("Ask at the cash desk, or come back to this screen in a few minutes.")
_SAFE = N_("Nothing was charged.")
_GONE = (
    N_("Let us look again"),
    N_("That screen is no longer valid. What you owe is shown as it is now, paid or not."),
)
_BROKEN = (
    N_("Something went wrong here"),
    N_("Before paying again, look up what you owe: what has arrived is shown as paid."),
)
_ENOUGH = (
    N_("Please wait a moment"),
    N_("Many numbers were looked up from here. Wait a few minutes, or ask at the cash desk."),
)
_TAKEN = {
    "already-paid": (
        N_("This is paid already"),
        N_("You need not pay again. The receipt was given when it was paid."),
    ),
    "payment-open": (
        N_("Somebody is paying this right now"),
        N_("Wait until that payment ends, or finish it. It is never charged twice."),
    ),
    "not-offered": (
        N_("This is not possible here"),
        N_("Choose another way to pay, or ask at the cash desk."),
    ),
}


def install(blueprint: Blueprint) -> None:
    refusals.install(blueprint)
    blueprint.register_error_handler(DebtsUnavailable, _unavailable)
    blueprint.register_error_handler(TooManyGuesses, _too_many)
    blueprint.register_error_handler(Conflict, _conflict)
    blueprint.register_error_handler(NotFound, _gone)
    blueprint.register_error_handler(Invalid, _gone)
    blueprint.register_error_handler(Exception, _unexpected)


def _unavailable(problem: DebtsUnavailable) -> Page:
    log.warning("kiosk_debts_unavailable", why=problem.why)
    said = (gettext(_NOT_NOW), f"{gettext(_SAFE)} {gettext(_ADVICE)}")
    page: Page = _page(*said, 503, again=request.method == "GET")
    return page


def _too_many(problem: TooManyGuesses) -> Page:
    log.warning("kiosk_lookups_refused", address=request.remote_addr)
    page: Page = _page(gettext(_ENOUGH[0]), gettext(_ENOUGH[1]), problem.status)
    return page


def _conflict(problem: Conflict) -> Page:
    if problem.slug in ("already-paid", "payment-open"):
        page: Page = _taken(problem)
        return page
    if problem.slug == "method-not-offered":
        title, advice = _TAKEN["not-offered"]
        page = _page(gettext(title), gettext(advice), 409)
        return page
    page = _gone(problem)
    return page


def _gone(problem: Problem) -> Page:
    log.warning("kiosk_paying_refused", slug=problem.slug, path=request.path)
    page: Page = _page(gettext(_GONE[0]), gettext(_GONE[1]), problem.status)
    return page


def _unexpected(error: Exception) -> Page:
    log.exception("unexpected_error", path=request.path)
    page: Page = _page(gettext(_BROKEN[0]), gettext(_BROKEN[1]), 500)
    return page


@reads
def _taken(unit: Unit, problem: Conflict) -> Page:
    """Another payment is for the same thing: this kiosk's own may be gone on with."""
    other = unit.session.get(Payment, problem.extra.get("payment", ""))
    slug = "already-paid" if other and other.state in states.PAID else "payment-open"
    mine = other is not None and slug == "payment-open" and is_ours(unit, other)
    title, advice = (gettext(text) for text in _TAKEN[slug])
    context: dict[str, Any] = {"payment": other if mine else None}
    page: Page = _page(title, advice, 409, **context)
    return page


def is_ours(unit: Unit, payment: Payment) -> bool:
    """Whether a payment was begun at this very kiosk: then its screen may be shown here again."""
    office = machine.office(unit.catalogue, (request.view_args or {})["office"])
    return (
        payment.origin == till.ORIGIN
        and payment.device == till.device()
        and payment.office_id == office.id
    )


@reads
def _page(unit: Unit, title: str, advice: str, status: int, **context: Any) -> Page:
    office = machine.office(unit.catalogue, (request.view_args or {})["office"])
    told = {"payment": None, "again": False, **context, "title": title, "advice": advice}
    return pages.render("paying/refused", unit.catalogue, office, **told), status
