"""Mercado Pago's Orders API: orders of type `qr` (dynamic mode) and `point` (card terminals).

It serves Argentina, Brazil, Chile, Colombia, Mexico, Peru and Uruguay. The names of what follows
are the documentation's: Create order, Get order by ID, Cancel order, Refund order, Search order.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import httpx

from turnero_core import clock
from turnero_queue.payments import mercadopago_webhook, money
from turnero_queue.payments.provider import (
    Call,
    Order,
    ProviderError,
    Returned,
    Status,
    Wanted,
)

API = "https://api.mercadopago.com"
TIMEOUT = httpx.Timeout(8.0, connect=3.0)
# Shorter and longer ones are refused: from 30 seconds to 3 hours on a terminal.
SHORTEST, LONGEST = timedelta(seconds=30), timedelta(hours=3)
PAGE = 100
PAGE_TRIES = 4
REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,64}")
# What may succeed when it is asked again.
PASSING = frozenset({408, 423, 425, 429})
REPEATED = "idempotency_key_already_used"
STATUS = {
    "created": Status.WAITING,
    "at_terminal": Status.WAITING,
    "processing": Status.WAITING,
    "processed": Status.APPROVED,
    "refunded": Status.APPROVED,
    "failed": Status.REJECTED,
    "canceled": Status.CANCELLED,
    "expired": Status.EXPIRED,
    "action_required": Status.UNSURE,
}
REFUND_DONE = {"processed": True, "refunded": True, "approved": True, "failed": False}


@dataclass(frozen=True)
class Account:
    """Where and as whom. `points` maps a kiosk's code to its external POS id, "" is for all
    others; `terminals` likewise to a Point terminal's id."""

    access_token: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    api: str = API
    points: Mapping[str, str] = field(default_factory=dict)
    terminals: Mapping[str, str] = field(default_factory=dict)


class MercadoPago:
    def __init__(
        self,
        code: str,
        account: Account,
        *,
        simulated: bool = False,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.code = code
        self.simulated = simulated
        self._account = account
        self._http = httpx.Client(
            base_url=account.api,
            timeout=TIMEOUT,
            transport=transport,
            headers={"Authorization": f"Bearer {account.access_token}"},
        )

    def create(self, wanted: Wanted) -> Order:
        body = self._order_body(wanted)
        answer = self._ask("POST", "/v1/orders", wanted.external_reference, json=body)
        return read_order(answer, wanted.currency)

    def get(self, reference: str, currency: str) -> Order:
        return read_order(self._ask("GET", f"/v1/orders/{_safe(reference)}"), currency)

    def find(self, external_reference: str, currency: str, around: datetime) -> Order | None:
        day = timedelta(days=1)
        query = {**_span(around - day, around + day), "external_reference": external_reference}
        for found in _entries(self._ask("GET", "/v1/orders", params=query)):
            if found.get("external_reference") == external_reference:
                return read_order(found, currency)
        return None

    def cancel(self, reference: str, key: str, currency: str) -> Order:
        answer = self._ask("POST", f"/v1/orders/{_safe(reference)}/cancel", key)
        # A terminal may still have it: what counts is what the order is afterwards.
        return (
            read_order(answer, currency)
            if "total_amount" in answer
            else self.get(reference, currency)
        )

    def refund(self, order: Order, key: str, amount_minor: int, currency: str) -> Order:
        body = None
        # Without an amount all that is left goes back: only for what nobody gave back of yet.
        if amount_minor != order.amount_minor or order.refunds:
            paid = self._ask("GET", f"/v1/orders/{_safe(order.reference)}")
            transaction = _payments(paid)[0].get("id", "")
            amount = money.plain(amount_minor, currency)
            body = {"transactions": [{"id": transaction, "amount": amount}]}
        self._ask("POST", f"/v1/orders/{_safe(order.reference)}/refund", key, json=body)
        return self.get(order.reference, currency)

    def orders(self, since: datetime, until: datetime, currency: str) -> Iterator[Order]:
        page = 1
        while True:
            query = {**_span(since, until), "page": str(page), "page_size": str(PAGE)}
            entries = self._page(query)
            yield from (read_order(entry, currency) for entry in entries)
            if len(entries) < PAGE:
                return
            page += 1

    def _page(self, query: dict[str, str]) -> list[Mapping[str, Any]]:
        """One page; a long list is not given up for one answer that failed."""
        for _ in range(PAGE_TRIES - 1):
            try:
                return _entries(self._ask("GET", "/v1/orders", params=query))
            except ProviderError as error:
                if error.permanent:
                    raise
        return _entries(self._ask("GET", "/v1/orders", params=query))

    def parse_webhook(self, call: Call, now: datetime) -> str | None:
        return mercadopago_webhook.parse(call, self._account.webhook_secret, now)

    def close(self) -> None:
        self._http.close()

    def _order_body(self, wanted: Wanted) -> dict[str, Any]:
        amount = money.plain(wanted.amount_minor, wanted.currency)
        seconds = int(min(max(wanted.expires_in, SHORTEST), LONGEST).total_seconds())
        body: dict[str, Any] = {
            "external_reference": wanted.external_reference,
            "description": wanted.description[:150],
            "expiration_time": f"PT{seconds}S",
            "transactions": {"payments": [{"amount": amount}]},
        }
        if wanted.method == "card_terminal":
            terminal = wanted.terminal or _of(self._account.terminals, wanted.device)
            point = {"terminal_id": terminal, "print_on_terminal": "no_ticket"}
            return {"type": "point", **body, "config": {"point": point}}
        place = {"external_pos_id": _of(self._account.points, wanted.device), "mode": "dynamic"}
        return {"type": "qr", "total_amount": amount, **body, "config": {"qr": place}}

    def _ask(self, method: str, path: str, key: str | None = None, **kwargs: Any) -> dict[str, Any]:
        headers = {"X-Idempotency-Key": key} if key else {}
        try:
            answer = self._http.request(method, path, headers=headers, **kwargs)
        except httpx.HTTPError as error:
            raise ProviderError(f"{self.code}: {type(error).__name__}") from error
        if answer.is_success:
            return _json(self.code, answer)
        code = _code(answer)
        permanent = answer.is_client_error and answer.status_code not in PASSING
        why = f"{self.code}: {answer.status_code} {code}"
        raise ProviderError(why.strip()[:80], permanent=permanent and code != REPEATED)


def read_order(data: Mapping[str, Any], currency: str) -> Order:
    """An order's JSON as a value; ProviderError when it is not one."""
    try:
        amount = data.get("total_amount") or _payments(data)[0]["amount"]
        returned = (data.get("transactions") or {}).get("refunds") or ()
        status = STATUS.get(str(data["status"]), Status.UNSURE)
        return Order(
            reference=str(data["id"]),
            external_reference=str(data.get("external_reference") or ""),
            status=status,
            amount_minor=_minor(amount, currency),
            currency=data.get("currency"),
            detail=str(data.get("status_detail") or "")[:80],
            qr_data=(data.get("type_response") or {}).get("qr_data"),
            refunds=tuple(_returned(refund, currency) for refund in returned),
        )
    except (KeyError, TypeError, IndexError, AttributeError, InvalidOperation) as error:
        raise ProviderError("an answer that is not an order") from error


def _returned(data: Mapping[str, Any], currency: str) -> Returned:
    done = REFUND_DONE.get(str(data.get("status")))
    return Returned(str(data["id"]), _minor(data["amount"], currency), done)


def _minor(amount: object, currency: str) -> int:
    """As exact as it was sent; an amount with more decimals than the currency is no order."""
    minor = Decimal(str(amount)).scaleb(money.decimals(currency))
    if minor != minor.to_integral_value():
        raise ProviderError(f"an amount that {currency} cannot have")
    return int(minor)


def _payments(data: Mapping[str, Any]) -> Any:
    return data["transactions"]["payments"]


def _entries(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = answer.get("data")
    if isinstance(found, list):
        return found
    if isinstance(found, dict):
        return [found]
    raise ProviderError("an answer that is not a list of orders")


def _of(places: Mapping[str, str], device: str | None) -> str:
    found = places.get(device or "") or places.get("")
    if not found:
        raise ProviderError(f"no point of sale for {device or 'this place'}", permanent=True)
    return found


def _safe(reference: str) -> str:
    if not REFERENCE.fullmatch(reference):
        raise ProviderError("a reference that cannot be one", permanent=True)
    return reference


def _span(since: datetime, until: datetime) -> dict[str, str]:
    return {
        "begin_date": clock.rfc3339(since.astimezone(UTC)),
        "end_date": clock.rfc3339(until.astimezone(UTC)),
    }


def _json(code: str, answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError as error:
        raise ProviderError(f"{code}: an answer that is not JSON") from error
    if not isinstance(found, dict):
        raise ProviderError(f"{code}: an answer that is not an object")
    return found


def _code(answer: httpx.Response) -> str:
    """The first error's code, such as invalid_order_status; never what the answer repeats of us."""
    try:
        found = answer.json()
        errors = found.get("errors") or [found]
        code = str(errors[0].get("code") or errors[0].get("error") or "")
    except (ValueError, AttributeError, LookupError, TypeError):
        return ""
    return code if re.fullmatch(r"[a-z0-9_]{1,60}", code) else ""
