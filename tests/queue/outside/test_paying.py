"""Hundreds of payments through a provider that misbehaves, with the server killed again and again:
at the end our books and the provider's say the same, to the cent."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import httpx
import pytest
from sqlalchemy import NullPool, create_engine, text
from tests.effort import effort
from tests.program import TURNERO, Program
from tests.queue.outside.conftest import configuration, wait_for

PAYMENTS = {"sqlite": effort(60, 500), "postgres": effort(30, 500)}
DEATHS = {"sqlite": 2, "postgres": 1}
KIOSKS = 8
# Longer than the longest pause between two looks at a payment.
STANDSTILL_S = 120.0
CITIZENS = 3
FAULTS = {
    "slow": 0.05,
    "slow_s": 0.3,
    "fail": 0.05,
    "lose": 0.1,
    "hooks_never": 0.25,
    "hooks_twice": 0.3,
    "hooks_late": 0.4,
    "hooks_late_s": 3.0,
}
MONEY = "currency: PEN, payments: {provider: simulated, providers: {simulated: {}}}}"


class Bank:
    """The simulated provider, in a process of its own."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._folder = server.folder / "instance"
        self._address = self._folder / "simulated_provider_url"
        self.start()

    def start(self) -> None:
        self._address.unlink(missing_ok=True)
        log = self._server.folder / "bank.log"
        words = ("simulated-provider", "--server", self._server.url, "--seed", "7")
        env = {**os.environ, "TURNERO_INSTANCE": str(self._folder)}
        self.process = Program(*TURNERO, *words, env=env, log=log)
        wait_for(self._address.is_file, "the provider to start", self.log)
        self.http = httpx.Client(
            base_url=self._address.read_text().strip(), timeout=60, trust_env=False
        )

    def end(self, with_signal: signal.Signals = signal.SIGTERM) -> None:
        self.process.send_signal(with_signal)
        self.process.wait(60)
        self.http.close()

    def log(self) -> str:
        return str((self._server.folder / "bank.log").read_text()[-2000:])

    def sums(self) -> dict[str, Any]:
        found: dict[str, Any] = self.http.get("/ledger").json()
        return found


class City:
    """Kiosks that start payments until each is answered, and citizens who pay at once or twice."""

    def __init__(self, server: Any, bank: Bank, count: int) -> None:
        self.server, self.bank = server, bank
        self.answered: dict[int, dict[str, Any]] = {}
        self.refusals: list[str] = []
        self._wanted = iter(range(count))
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._threads = [threading.Thread(target=self._kiosk) for _ in range(KIOSKS)]
        self._people = [threading.Thread(target=self._citizen, args=(n,)) for n in range(CITIZENS)]

    def __enter__(self) -> "City":
        for thread in (*self._threads, *self._people):
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        for thread in (*self._threads, *self._people):
            thread.join()

    def wait(self) -> None:
        for thread in self._threads:
            thread.join()

    def _kiosk(self) -> None:
        with self.server.client() as client:
            while not self._ending.is_set():
                with self._lock:
                    n = next(self._wanted, None)
                if n is None:
                    return
                amount = {"amount": f"{n % 90 + 1}.{n % 100:02}", "currency": "PEN"}
                item = {"description": f"Arbitrio {n}", "amount": amount, "debt": f"demo:S-{n}"}
                body = {"office": f"office-{n % 3 + 1}", "items": [item], "method": "qr"}
                self._until_answered(client, n, body)

    def _until_answered(self, client: httpx.Client, n: int, body: dict[str, Any]) -> None:
        headers = {"Idempotency-Key": f"visit-{n}"}
        while not self._ending.is_set():
            try:
                answer = client.post("/payments", json=body, headers=headers)
            except httpx.TransportError:
                time.sleep(0.05)
                continue
            if answer.status_code == 201:
                self.answered[n] = answer.json()
                return
            self.refusals.append(answer.text)
            if len(self.refusals) > 20:
                return

    def _citizen(self, number: int) -> None:
        """Pays most, now and then twice at once; some are refused by their bank."""
        dice = random.Random(number)  # noqa: S311 - it plays people
        while not self._ending.is_set():
            orders = [
                order
                for order in self.bank.http.get("/waiting").json()["orders"]
                if sum(order["id"].encode()) % CITIZENS == number
            ]
            for order in orders:
                outcome = "reject" if dice.random() < 0.1 else "pay"
                for _ in range(dice.choice((1, 1, 1, 2))):
                    self.bank.http.post(f"/pay/{order['id']}", data={"outcome": outcome})
            time.sleep(0.25)


@pytest.fixture
def bank_of() -> Iterator[Callable[[Any], Bank]]:
    banks: list[Bank] = []

    def start(server: Any) -> Bank:
        banks.append(Bank(server))
        return banks[-1]

    yield start
    for bank in banks:
        bank.end()


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_whatever_happens_the_books_agree_to_the_cent(
    engine: str, install: Callable[[str], Any], bank_of: Callable[[Any], Bank]
) -> None:
    count = int(os.environ.get("PAYMENTS", PAYMENTS[engine]))
    server = install(engine)
    file = server.folder / "money.yaml"
    file.write_text(configuration().replace("currency: PEN}", MONEY))
    server.turnero("load", str(file))
    bank = bank_of(server)
    server.start()
    bank.http.post("/faults", json=FAULTS)
    with City(server, bank, count) as city:
        for death in range(1, DEATHS[engine] + 1):
            enough = count * death // (DEATHS[engine] + 1)
            reach(enough, lambda: len(city.answered), server.log)
            server.end(signal.SIGKILL)
            assert never_twice(server.database_url) == []
            server.start()
        city.wait()
        reach(count, lambda: count - still_open(server.database_url), server.log)
    assert city.refusals == []
    assert len({payment["id"] for payment in city.answered.values()}) == count
    check_books(server.database_url, bank.sums(), count)
    assert "office-1" in server.turnero("dump").stdout
    bank.http.post("/faults", json={})
    reconciled = server.turnero("payments", "reconcile", check=False)
    assert (reconciled.returncode, reconciled.stderr) == (0, ""), reconciled.stdout
    server.end(signal.SIGTERM)
    no_secrets(server)


def reach(goal: int, progress: Callable[[], int], log: Callable[[], str]) -> None:
    """Wait as long as it goes on; fails when nothing has moved for a while."""
    best, end = -1, time.monotonic() + STANDSTILL_S
    while (now := progress()) < goal:
        if now > best:
            best, end = now, time.monotonic() + STANDSTILL_S
        if time.monotonic() > end:
            pytest.fail(f"stopped at {now} of {goal}\n{log()}")
        time.sleep(0.5)


def still_open(url: str) -> int:
    query = "SELECT count(*) FROM payment WHERE state IN ('created', 'pending')"
    return int(look(url, query)[0][0])


def never_twice(url: str) -> list[Any]:
    """Payments with more than one approval, which there must never be."""
    query = (
        "SELECT payment_id FROM payment_event WHERE kind = 'approved' "
        "GROUP BY payment_id HAVING count(*) > 1"
    )
    return look(url, query)


def check_books(url: str, sums: dict[str, Any], count: int) -> None:
    """Payments, receipts and reports of debts against the provider's own ledger."""
    rows = look(url, "SELECT state, count(*), sum(amount_minor) FROM payment GROUP BY state")
    states = {state: (int(number), int(total)) for state, number, total in rows}
    assert sum(number for number, _ in states.values()) == count
    assert set(states) == {"approved", "rejected"}
    approved, total = states["approved"]
    assert total == int(Decimal(sums["paid"]) * 100)
    assert sums["orders"] == {"processed": approved, "failed": states["rejected"][0]}
    assert never_twice(url) == []
    events = look(url, "SELECT count(*) FROM payment_event WHERE kind = 'approved'")
    assert events[0][0] == approved
    assert look(url, "SELECT sum(amount_minor), count(*) FROM receipt")[0] == (total, approved)
    for _, last, numbers, different in look(
        url,
        "SELECT point_of_sale, max(number), count(*), count(DISTINCT number) "
        "FROM receipt GROUP BY point_of_sale",
    ):
        assert last == numbers == different
    reports = look(url, "SELECT count(*), count(DISTINCT debt_key) FROM debt_report")
    assert reports[0] == (approved, approved)


def no_secrets(server: Any) -> None:
    """What server and provider share stands in their two files, and nowhere else."""
    folder = server.folder / "instance" / "secrets"
    assert folder.stat().st_mode & 0o077 == 0
    secrets = [file.read_bytes().strip() for file in folder.iterdir()]
    assert len(secrets) == 2
    archive = server.folder / "all.zip"
    server.turnero("backup", str(archive))
    texts = [file.read_bytes() for file in server.folder.glob("*.log")]
    texts += [archive.read_bytes(), server.turnero("dump").stdout.encode()]
    if server.embedded:
        texts.append((server.folder / "instance" / "turnero.db").read_bytes())
    for secret in secrets:
        assert not any(secret in content for content in texts)


def look(url: str, query: str) -> list[Any]:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]
