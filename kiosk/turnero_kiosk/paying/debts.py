"""The debts of whoever stands at the kiosk: asked of the city's system, then compared with what
has been paid here. The asking takes a while and is never inside a transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import request

from turnero_core.web.runtime import runtime
from turnero_kiosk import machine
from turnero_kiosk.paying.basket import Basket, word
from turnero_queue import connectors
from turnero_queue.api.edge import Unit
from turnero_queue.connectors import Debt
from turnero_queue.devices import Guesses
from turnero_queue.models import Payment
from turnero_queue.payments import starting, states
from turnero_queue.payments.starting import MOST_ITEMS

#: Of one address that is no enrolled kiosk's, in ten minutes.
questions = Guesses(most=60, window_s=600)
DUE, UNDER_WAY, UNSURE, PAID, SHOWN = "due", "under_way", "unsure", "paid", "shown"


@dataclass(frozen=True)
class Owed:
    """A debt and what may be done about it: due, under_way, unsure, paid, or shown only."""

    debt: Debt
    word: str
    state: str
    chosen: bool
    payment: Payment | None = None


def ask(basket: Basket, *, fresh: bool = False) -> list[Debt]:
    """What the city's system says now; `DebtsUnavailable` when it does not."""
    return connector(basket.connector).lookup(basket.query, fresh=fresh)


def count_question() -> None:
    """Before a number is looked up: TooManyGuesses for a browser that goes through numbers. A
    kiosk that was set up stands in a hall, where each asks for themselves."""
    if machine.current() is None:
        questions.count(request.remote_addr or "")


def connector(code: str) -> connectors.Guarded:
    """The system `code`, ready to be asked; NotFound."""
    with runtime().database.read() as session:
        return connectors.connector(session, code, runtime().settings.instance)


def compare(unit: Unit, basket: Basket, debts: Sequence[Debt]) -> list[Owed]:
    """The debts with what is known here of each; by default as many as may be are chosen."""
    left = {
        debt.key for debt in connectors.outstanding(unit.session, basket.connector, debts, unit.now)
    }
    found, chosen = [], 0
    for debt in debts:
        payment = starting.holder(unit.session, f"debt:{basket.connector}:{debt.key}")
        state = _state(debt, debt.key in left, payment)
        name = word(debt.key)
        wanted = state == DUE and name not in basket.off and chosen < MOST_ITEMS
        chosen += wanted
        found.append(Owed(debt, name, state, wanted, payment))
    return found


def total(owed: Sequence[Owed]) -> int:
    return sum(each.debt.amount_minor for each in owed if each.chosen)


def due_first(owed: Sequence[Owed]) -> list[Owed]:
    """What can be paid, the oldest first; then the rest."""
    return sorted(owed, key=lambda each: (each.state != DUE, each.debt.due or date.max))


def _state(debt: Debt, outstanding: bool, payment: Payment | None) -> str:
    if payment is not None and payment.state in states.OPEN:
        return UNSURE if payment.unsure else UNDER_WAY
    if not outstanding or payment is not None:
        return PAID
    return DUE if debt.payable else SHOWN
