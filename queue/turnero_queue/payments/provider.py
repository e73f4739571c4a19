"""What a provider of payments must be able to do, and what can go wrong with one.

Everything here talks to the network: never call it inside a transaction.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class Status(StrEnum):
    """What a provider says of an order. `UNSURE`: somebody must look, it will not say more."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Wanted:
    """An order to be made. `external_reference` is ours and also makes a repetition harmless."""

    external_reference: str
    amount_minor: int
    currency: str
    method: str
    description: str
    expires_in: timedelta
    device: str | None = None
    terminal: str | None = None


@dataclass(frozen=True)
class Returned:
    """A refund as the provider tells it; `done` is None while it works on it."""

    reference: str
    amount_minor: int
    done: bool | None


@dataclass(frozen=True)
class Order:
    """An order as the provider tells it; `currency` is None where it does not say."""

    reference: str
    external_reference: str
    status: Status
    amount_minor: int
    currency: str | None = None
    detail: str = ""
    qr_data: str | None = None
    refunds: tuple[Returned, ...] = ()

    @property
    def refunded_minor(self) -> int:
        return sum(refund.amount_minor for refund in self.refunds if refund.done)


@dataclass(frozen=True)
class Call:
    """A webhook as it came in; `headers` are in lower case."""

    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


class ProviderError(Exception):
    """`permanent`: asking again is no use, nothing was done. Otherwise it may have been done."""

    def __init__(self, what: str, *, permanent: bool = False) -> None:
        super().__init__(what)
        self.permanent = permanent


class WebhookRefused(Exception):
    """A webhook that proves nothing: `why` is a word for the log."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Provider(Protocol):
    code: str
    simulated: bool

    def create(self, wanted: Wanted) -> Order:
        """Make the order, or give the one made before for the same external reference."""

    def get(self, reference: str, currency: str) -> Order: ...

    def find(self, external_reference: str, currency: str, around: datetime) -> Order | None:
        """The order of ours called so, made within a day of `around`; None when there is none."""

    def cancel(self, reference: str, key: str, currency: str) -> Order: ...

    def refund(self, order: Order, key: str, amount_minor: int, currency: str) -> Order:
        """Give back part or all; a repetition with the same key gives back nothing more."""

    def orders(self, since: datetime, until: datetime, currency: str) -> Iterator[Order]:
        """Every order made in [since, until)."""

    def parse_webhook(self, call: Call, now: datetime) -> str | None:
        """The reference of the order that it is about, None when about none; WebhookRefused."""
