"""A provider of payments: the pretended one, in this process or in one of its own."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask import Flask
from tests.queue.town import Town

from turnero_core import clock as now_source
from turnero_queue.api.clearing_house import NAME, House
from turnero_queue.models import Municipality, Payment
from turnero_queue.payments import starting
from turnero_queue.payments.clearing import Clearing
from turnero_queue.payments.mercadopago import Account, MercadoPago
from turnero_queue.payments.mercadopago_webhook import sign
from turnero_queue.payments.provider import Provider, ProviderError
from turnero_queue.payments.starting import Errand, How, Item, Where
from turnero_server.simulated_provider.faults import Faults, Switchboard
from turnero_server.simulated_provider.ledger import Ledger
from turnero_server.simulated_provider.process import create_app

TOKEN = "APP_USR-the-access-token-of-the-tests"
SECRET = "the-webhook-secret-of-the-tests"
QR = How("qr", provider="simulated", simulated=True)


class Bank:
    """The pretended provider inside the test's process and time, and our side of it."""

    def __init__(self, folder: Path) -> None:
        self.ledger = Ledger(folder / "bank.db")
        self.faults = Switchboard(self.ledger, seed=1)
        self.app: Flask = create_app(self.ledger, self.faults, TOKEN)
        self.calls: list[tuple[str, str]] = []
        self.app.before_request(self._count)
        account = Account(TOKEN, SECRET, "http://bank.example", {"": "CAJA01"}, {"": "POINT1"})
        self.provider = MercadoPago(
            "simulated", account, simulated=True, transport=httpx.WSGITransport(self.app)
        )

    def get(self, code: str) -> Provider:
        if code != "simulated":
            raise ProviderError(f"{code}: not configured")
        return self.provider

    def misbehave(self, **faults: Any) -> None:
        self.faults.set(Faults.of(faults))

    def pay(self, payment: Payment | dict[str, Any], outcome: str = "processed") -> str:
        """The citizen decides in the bank's app; gives the order's id."""
        order_id = self.order_of(payment)["id"]
        self.ledger.move(order_id, outcome, "accredited", now_source.now())
        return str(order_id)

    def order_of(self, payment: Payment | dict[str, Any]) -> Any:
        wanted = payment["id"] if isinstance(payment, dict) else payment.id
        (found,) = self.ledger.search("0", "9", wanted)
        return found

    def _count(self) -> None:
        from flask import request

        self.calls.append((request.method, request.path))


@dataclass
class Till:
    """A town that takes money by the bank."""

    town: Town
    bank: Bank
    clearing: Clearing

    def start(
        self, key: str = "rosa-1", debt: str = "demo:A-17", amount: int = 12_050, how: How = QR
    ) -> Payment:
        where = Where(self.town.office().id, "PEN", device="kiosk-1")
        item = Item({"es": "Arbitrios"}, amount, debt_key=debt)
        with self.town.database.write() as session:
            now, errand = now_source.now(), Errand("debt", debt)
            return starting.start(session, [item], how, errand, where, key, now)

    def step(self, payment: Payment) -> Payment:
        """One step now, whether or not its time has come."""
        self.clearing.step(payment.id, at_once=True)
        return self.now(payment)

    def now(self, payment: Payment) -> Payment:
        with self.town.database.read() as session:
            return session.get_one(Payment, payment.id)

    def work(self) -> None:
        """What the worker does of all that is due."""
        payments, refunds = self.clearing.due(now_source.now())
        for key in payments:
            self.clearing.step(key)
        for key in refunds:
            self.clearing.refund(key)

    def webhook(self, order_id: str, **changes: Any) -> Any:
        """A signed notification; `changes` are secret, at, about (the signed id), body, header."""
        at: datetime = changes.get("at") or now_source.now()
        signed = sign(changes.get("secret", SECRET), changes.get("about", order_id), "req-1", at)
        body = changes.get("body", {"type": "order", "data": {"id": order_id}})
        return self.town.post(
            f"/webhooks/payments/{changes.get('provider', 'simulated')}?data.id={order_id}",
            body,
            token=None,
            headers={
                "x-signature": changes.get("header", signed),
                "x-request-id": changes.get("request_id", "req-1"),
            },
        )


@pytest.fixture
def till(town: Town, tmp_path: Path) -> Iterator[Till]:
    yield from _till(town, tmp_path)


@pytest.fixture
def small_till(small_town: Town, tmp_path: Path) -> Iterator[Till]:
    """The same on SQLite alone, for what does not depend on the database."""
    yield from _till(small_town, tmp_path)


@pytest.fixture
def together() -> Callable[..., list[Any]]:
    """Run functions at the same moment, each in a thread, and give what they gave or raised."""

    def run(*functions: Callable[[], Any]) -> list[Any]:
        start = threading.Barrier(len(functions))
        found: list[Any] = [None] * len(functions)

        def one(index: int, function: Callable[[], Any]) -> None:
            start.wait(60)
            try:
                found[index] = function()
            except Exception as error:
                found[index] = error

        threads = [
            threading.Thread(target=one, args=(index, function))
            for index, function in enumerate(functions)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return found

    return run


def _till(town: Town, folder: Path) -> Iterator[Till]:
    bank = Bank(folder)
    with town.database.write() as session:
        row = session.get_one(Municipality, 1)
        row.payments = {"provider": "simulated", "providers": {"simulated": {}}}
    before = town.app.extensions[NAME]
    clearing = Clearing(town.database, bank)
    town.app.extensions[NAME] = House(bank, clearing)  # type: ignore[arg-type]
    yield Till(town, bank, clearing)
    town.app.extensions[NAME] = before
    bank.provider.close()
    bank.ledger.close()
