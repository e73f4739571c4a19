"""What a connector asks and answers: a person's or an account's debts, as checked values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol

from turnero_core.errors import Invalid, Unavailable
from turnero_core.i18n import N_, gettext

Kind = Literal["document", "account"]
_SEPARATORS = re.compile(r"[\s.\-/]+")


@dataclass(frozen=True)
class DocumentOrAccount:
    """Who or what the debts are of; `value` without spaces, dots and dashes, in capitals."""

    kind: Kind
    value: str


def asked(kind: Kind, text: str) -> DocumentOrAccount:
    """The query that somebody typed; Invalid when it cannot be a number of that kind."""
    value = _SEPARATORS.sub("", text).upper()
    if not re.fullmatch(r"[A-Z0-9]{3,40}", value, re.ASCII):
        raise Invalid(errors={kind: [gettext(N_("Use 3 to 40 letters and digits."))]})
    return DocumentOrAccount(kind, value)


@dataclass(frozen=True)
class Debt:
    """`key` names this one debt for ever in the system it comes from; `amount_minor` is above
    zero, in `currency`'s smallest unit; one that is not `payable` is only shown."""

    key: str
    description: str
    period: str
    due: date | None
    amount_minor: int
    currency: str
    payable: bool = True


@dataclass(frozen=True)
class Paid:
    """What a connector is told of a paid debt. `key` is always the same for a payment and debt,
    so that whoever hears it twice books it once."""

    key: str
    receipt: str
    method: str
    amount_minor: int
    currency: str
    at: datetime


class Debts(Protocol):
    """One system that knows of debts. Both calls may take a while: never inside a transaction."""

    def lookup(self, query: DocumentOrAccount) -> list[Debt]:
        """The debts of `query`, none when there are none; `DebtsUnavailable` when not known."""

    def report_paid(self, debt: Debt, paid: Paid) -> None:
        """Tell the system that `debt` was paid; `DebtsUnavailable` when it did not take it."""


# What a debt's values are called in a sentence.
_NAMES = {
    "key": N_("key"),
    "description": N_("description"),
    "period": N_("period"),
    "amount": N_("amount"),
    "currency": N_("currency"),
}


class DebtsUnavailable(Unavailable):
    """Nobody can say now what is owed. `why` is for the log: it names no person and holds no
    secret. `told` says it to an administrator; where `why` is a driver's word, in those of
    `said`."""

    slug = "debts-unavailable"
    title = N_("Debts cannot be looked up at the moment")

    def __init__(self, why: str, /, *, said: str = "", **params: Any) -> None:
        super().__init__(
            N_(
                "The system that knows what is owed does not answer. Try again in a few minutes, "
                "or ask at the cash desk: they will help you."
            )
        )
        self.why = why % params if params else why
        self._said, self._params = said or why, params

    def told(self) -> str:
        """Why, in the reader's language."""
        words = {
            key: gettext(_NAMES[value]) if value in _NAMES else value
            for key, value in self._params.items()
        }
        return gettext(self._said, **words)


class NonsenseAnswer(DebtsUnavailable):
    """An answer came, but it cannot be what was asked for; none of it is used."""


def total(debts: Sequence[Debt]) -> int:
    """What can be paid now, in minor units."""
    return sum(debt.amount_minor for debt in debts if debt.payable)
