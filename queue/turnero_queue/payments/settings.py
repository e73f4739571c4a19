"""How money is taken here, as configured: methods, providers, cash in coins that exist."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core.errors import Conflict
from turnero_core.i18n import N_
from turnero_queue.models import Municipality
from turnero_queue.models.payments import METHODS
from turnero_queue.payments import money
from turnero_queue.payments.starting import EXPIRY, How

SIMULATED = "simulated"


@dataclass(frozen=True)
class PaymentSettings:
    """`providers` maps a provider's code to its settings as stored; see configuration.payments."""

    methods: tuple[str, ...] = ("cash",)
    provider: str | None = None
    providers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    cash_step: int = 1
    cash_mode: str = "nearest"
    expiry: Mapping[str, timedelta] = field(default_factory=lambda: EXPIRY)

    def how(self, method: str, device: str | None = None) -> How:
        """How a payment by `method` is made; Conflict `method-not-offered` when it is not."""
        if method not in self.methods:
            raise Conflict(
                N_("Payments by this method are not taken here."),
                slug="method-not-offered",
                title=N_("Not offered here"),
            )
        if method == "cash":
            return How("cash", expires_in=self.expiry["cash"])
        code = str(self.provider)
        terminals = self.providers.get(code, {}).get("terminals", {})
        terminal = terminals.get(device or "") or self.providers.get(code, {}).get("terminal")
        return How(
            method,
            provider=code,
            terminal=terminal if method == "card_terminal" else None,
            simulated=code == SIMULATED,
            expires_in=self.expiry[method],
        )

    def cash_amount(self, amount_minor: int) -> int:
        """What a cashier takes for an amount, in coins that exist."""
        return money.rounded_for_cash(amount_minor, self.cash_step, self.cash_mode)


def current(session: Session) -> PaymentSettings:
    """What is configured now; cash alone where nothing is."""
    stored = session.scalar(select(Municipality.payments)) or {}
    return of(stored)


def of(stored: Mapping[str, Any]) -> PaymentSettings:
    cash = stored.get("cash", {})
    minutes = stored.get("expires_minutes", {})
    providers = stored.get("providers", {})
    provider = stored.get("provider") or next(iter(providers), None)
    asked = stored.get("methods", METHODS)
    return PaymentSettings(
        methods=tuple(method for method in asked if method == "cash" or provider),
        provider=provider,
        providers=providers,
        cash_step=cash.get("round_to_minor", 1),
        cash_mode=cash.get("round", "nearest"),
        expiry=MappingProxyType(
            {
                method: timedelta(minutes=minutes[method]) if method in minutes else usual
                for method, usual in EXPIRY.items()
            }
        ),
    )
