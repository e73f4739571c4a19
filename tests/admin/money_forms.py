"""Forms about money: where they are, what of them is stored, and undoing what one saved."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.admin.cityhall import Browser, CityHall
from tests.admin.settings_forms import entry, text

from turnero_queue.configuration import editing

CONFIGURATION = "/admin/configuration"
PAYMENTS = f"{CONFIGURATION}/payments"
METHODS = f"{PAYMENTS}/methods"
MERCADOPAGO = f"{PAYMENTS}/providers/mercadopago"
POINTS = f"{PAYMENTS}/points-of-sale"
SYSTEMS = f"{PAYMENTS}/connectors"
CERTIFICATES = f"{PAYMENTS}/certificates"
TOKEN = "APP_USR-hush-hush"
RENTAS_HTTP = {
    "name__es": "Taxes online",
    "url": "https://rentas.example/debts?of={value}",
    "headers.name": ["Authorization"],
    "headers.text": [""],
    "headers.file": ["rentas_key"],
    "path": "data.debts",
    "fields.key": "id",
    "fields.description": "what",
    "fields.amount": "sum",
}
CATASTRO = {
    "name__es": "Land registry",
    "url": "sqlite:////srv/land.db",
    "query": "SELECT id, what, sum FROM debt WHERE dni = :document",
    "fields.key": "id",
    "fields.description": "what",
    "fields.amount": "sum",
    "cache_s": "0",
}
ARCHIVE = {
    "name__es": "Archive",
    "file": "files/debts.csv",
    "delimiter": "tab",
    "encoding": "iso8859-1",
    "keys.document": "dni",
    "fields.key": "id",
    "fields.description": "what",
    "fields.amount": "sum",
}


@contextmanager
def folder_of_secrets(hall: CityHall) -> Iterator[Path]:
    """The folder of secrets on the server, emptied afterwards."""
    folder = hall.file.parent / "secrets"
    folder.mkdir(exist_ok=True)
    yield folder
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


def stored(hall: CityHall, *path: str) -> Any:
    return entry(hall, "municipality", "payments", *path)


def whole(hall: CityHall) -> Any:
    with hall.database.read() as session:
        return editing.present(session)


def undo_last(browser: Browser) -> None:
    version = re.search(r"/history/(\d+)", text(browser.get(f"{CONFIGURATION}/history")))
    assert version
    assert browser.post(f"{CONFIGURATION}/history/{version[1]}").status_code == 303
