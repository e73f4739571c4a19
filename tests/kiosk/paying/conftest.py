"""San Martín takes money: its kiosk, the pretended bank as a process of its own, and a printer."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from tests.kiosk.lobby import CONFIGURATION, Lobby

from turnero_core.db import Database
from turnero_core.settings import Settings
from turnero_hardware.models import Printer
from turnero_kiosk.paying import debts
from turnero_queue import models
from turnero_queue.api.clearing_house import house
from turnero_queue.connectors import registry
from turnero_queue.devices import Guesses
from turnero_queue.models import Payment
from turnero_queue.payments.registry import SIMULATED_ADDRESS
from turnero_server.clearing import ClearingHouse
from turnero_server.demo import provider
from turnero_server.printing import Printing, transports

MONEY = """
  payments:
    methods: [cash, qr, card_terminal]
    provider: simulated
    providers: {simulated: {}}
    connectors:
      - {code: rentas, type: demo, name: {es: Rentas, en: Taxes}, asks_for: [document, account]}
    certificates:
      - code: no_debt
        name: {es: Certificado de no adeudo, en: Certificate of no debt}
        text:
          es: "La {municipality} certifica que el documento {subject} nada debe al {date}."
          en: "{municipality} certifies that document {subject} owes nothing on {date}."
        connector: rentas
      - code: cadastre
        name: {es: Constancia catastral, en: Cadastre certificate}
        text: {es: "El documento {subject} figura al día."}
        connector: rentas
        fee: "15.00"
categories:"""
WITH_MONEY = CONFIGURATION.replace("\ncategories:", MONEY, 1)


@dataclass
class Bank:
    """The pretended bank's own pages, as the citizen's app or its operator uses them."""

    url: str

    def waiting(self) -> list[str]:
        orders = httpx.get(f"{self.url}/waiting").json()["orders"]
        return [str(order["id"]) for order in orders]

    def pay(self, outcome: str = "pay") -> None:
        """The citizen's app decides the one order that waits."""
        [order] = self.waiting()
        httpx.post(f"{self.url}/pay/{order}", data={"outcome": outcome})

    def misbehave(self, **faults: object) -> None:
        httpx.post(f"{self.url}/faults", json=faults).raise_for_status()

    def approved(self) -> dict[str, object]:
        found: dict[str, object] = httpx.get(f"{self.url}/ledger").json()
        return found


@dataclass
class Office:
    """A lobby that takes money."""

    lobby: Lobby
    bank: Bank

    def payments(self) -> list[Payment]:
        with self.lobby.database.read() as session:
            return list(session.scalars(select(Payment).order_by(Payment.created_at)))

    def receipts(self) -> list[models.Receipt]:
        with self.lobby.database.read() as session:
            return list(session.scalars(select(models.Receipt)))

    def certificates(self) -> list[models.Certificate]:
        with self.lobby.database.read() as session:
            return list(session.scalars(select(models.Certificate)))


@pytest.fixture(autouse=True)
def fresh_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test begins as if nobody had looked anything up."""
    monkeypatch.setattr(debts, "questions", Guesses(most=60, window_s=600))
    # The application is shared, and with it what a system answered a moment ago.
    monkeypatch.setattr(registry, "_open", {})


@pytest.fixture
def office(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office open round the clock behind a real server, its bank beside it, workers running."""
    folder = tmp_path_factory.mktemp("office")
    shutil.copyfile(migrated_sqlite, folder / "turnero.db")
    database = Database(f"sqlite:///{folder / 'turnero.db'}")
    lobby = Lobby(database, folder).furnish(WITH_MONEY, round_the_clock=True)
    add_tray(lobby)
    settings = Settings(folder, str(database.url), "a secret of this test", "", 0)
    with lobby.served(), provider.beside(settings, lobby.url), working(lobby, settings):
        address = (folder / SIMULATED_ADDRESS).read_text().strip()
        yield Office(lobby, Bank(address))
    database.dispose()


def add_tray(lobby: Lobby) -> None:
    """A virtual printer: its slips fall into a folder."""
    with lobby.database.write() as session:
        centro = session.scalars(select(models.Office.id).where(models.Office.code == "centro"))
        printer = Printer(code="kiosco", name="Kiosco", uri="virtual://kiosco")
        printer.office_id = centro.one()
        session.add(printer)


@contextmanager
def working(lobby: Lobby, settings: Settings) -> Iterator[None]:
    """What a server does beside its requests: it asks the bank, and it prints."""
    runtime = lobby.app.extensions["turnero"]
    clearing = ClearingHouse(lobby.database, house(lobby.app).registry, lambda: False)
    printer = Printing(lobby.database, runtime.hub, transports(settings), lambda: True)
    clearing.start()
    printer.start()
    yield
    printer.stop()
    clearing.stop()
