"""A made-up tax office, for the demonstration: every document has the same debts every time."""

from __future__ import annotations

import fcntl
import hashlib
import os
from datetime import date
from pathlib import Path

from babel.numbers import get_currency_precision

from turnero_core.i18n import N_, gettext
from turnero_queue.connectors.debt import Debt, DocumentOrAccount, NonsenseAnswer, Paid
from turnero_queue.connectors.options import Connector

#: With these the demonstration always goes the same way.
TWO_DEBTS, NO_DEBTS, NO_ANSWER = "12345678", "87654321", "99999999"
PAID = "demo_paid_debts"
_WHAT = (
    ("PREDIAL", N_("Property tax"), 9_450),
    ("LIMPIEZA", N_("Street cleaning"), 2_310),
    ("PARQUES", N_("Parks and gardens"), 1_275),
    ("VEHICULO", N_("Vehicle tax"), 21_800),
    ("MULTA", N_("Parking fine"), 4_400),
)
_YEAR = 2026
_SOMETIMES = 4


class DemoDebts:
    """Deterministic; what was paid is kept in a file of the instance folder."""

    def __init__(self, options: Connector, currency: str, instance: Path) -> None:
        self._currency = currency
        self._paid = instance / f"{PAID}_{options.code}"

    def lookup(self, query: DocumentOrAccount) -> list[Debt]:
        if query.value == NO_ANSWER:
            raise NonsenseAnswer(N_("the demonstration's document that never gets an answer"))
        paid = set(self._paid.read_text("utf-8").split()) if self._paid.is_file() else set()
        return [debt for debt in self._debts(query.value) if debt.key not in paid]

    def report_paid(self, debt: Debt, paid: Paid) -> None:
        descriptor = os.open(self._paid, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "r+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if debt.key not in file.read().split():
                file.write(f"{debt.key}\n")
                file.flush()
                os.fsync(file.fileno())

    def close(self) -> None:
        """Nothing is kept open."""

    def _debts(self, value: str) -> list[Debt]:
        seed = hashlib.sha256(f"turnero demo {value}".encode()).digest()
        count = {TWO_DEBTS: 2, NO_DEBTS: 0}.get(value, seed[0] % _SOMETIMES)
        unit = 10 ** get_currency_precision(self._currency)
        found = []
        for place in range(count):
            what, name, hundredths = _WHAT[(seed[1] + place) % len(_WHAT)]
            amount = (hundredths + seed[2 + place] * 5) * unit // 100
            quarter = 1 + (seed[8] + place) % 4
            found.append(
                Debt(
                    key=f"{what}-{_YEAR}-{quarter}-{seed.hex()[:12].upper()}",
                    description=gettext(name),
                    period=f"{_YEAR}-{quarter}",
                    due=date(_YEAR, quarter * 3, 28),
                    amount_minor=max(1, amount),
                    currency=self._currency,
                )
            )
        return found
