"""Printers in the configuration file."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import select
from time_machine import Traveller

from turnero_core import clock as time
from turnero_core.db import Database
from turnero_core.i18n import speaking
from turnero_hardware import outbox
from turnero_hardware.models import Printer, PrintJob
from turnero_hardware.slip import Slip, Text
from turnero_queue import catalogue, configuration, printing
from turnero_queue.configuration import ConfigurationError

TOWN = """
municipality: {name: San Martín, timezone: America/Lima, locale: es, currency: PEN}
services: [{code: rentas, prefix: R, name: {es: Rentas}}]
priorities: [{code: standard, name: {es: General}}]
offices:
  - code: centro
    name: {es: Centro}
    hours: {mon-fri: ["08:00-16:00"]}
    desks: [{code: "1", name: {es: Ventanilla 1}, services: [rentas]}]
"""
KIOSK = (
    '    printers: [{code: kiosco, name: Kiosco, uri: "tcp://192.0.2.9:9100", profile: "58mm"}]\n'
)
NORTH = """  - code: norte
    name: {es: Norte}
    hours: {mon-fri: ["08:00-16:00"]}
"""


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with speaking("en"):
        yield


def load(database: Database, text: str) -> list[str]:
    with database.write() as session:
        wanted = configuration.parse(text, "town.yaml")
        return [str(change) for change in configuration.apply(session, wanted, actor="rosa")]


def printers(database: Database) -> list[tuple[str, str, str, str, bool]]:
    with database.read() as session:
        rows = session.scalars(select(Printer).order_by(Printer.code))
        return [(row.code, row.name, row.uri, row.profile, bool(row.office_id)) for row in rows]


def test_a_printer_is_added_altered_and_written_back(database: Database, clock: Traveller) -> None:
    assert '+ printer centro/kiosco "Kiosco"' in load(database, TOWN + KIOSK)
    assert printers(database) == [("kiosco", "Kiosco", "tcp://192.0.2.9:9100", "58mm", True)]
    assert load(database, TOWN + KIOSK) == []
    changed = load(database, TOWN + KIOSK.replace("192.0.2.9", "192.0.2.10"))
    assert changed == ["~ printer centro/kiosco uri: tcp://192.0.2.9:9100 → tcp://192.0.2.10:9100"]
    with database.read() as session:
        written = configuration.dump(session)
        office = catalogue.current(session).office("centro")
        found = printing.printer_for(session, office)
    assert load(database, written) == []
    assert found is not None
    assert found.code == "kiosco"


def test_a_printer_that_goes_keeps_its_jobs_and_gets_no_more(
    database: Database, clock: Traveller
) -> None:
    load(database, TOWN + KIOSK)
    now: datetime = time.now()
    with database.write() as session:
        printer = session.scalars(select(Printer)).one()
        outbox.enqueue(session, printer, Slip((Text("R001"),)), "ticket", None, now)
    assert load(database, TOWN) == ["- printer centro/kiosco (kept for history)"]
    with database.read() as session:
        office = catalogue.current(session).office("centro")
        assert printing.printer_for(session, office) is None
        assert len(outbox.waiting_printers(session, now)) == 1
    assert load(database, TOWN + KIOSK) == ['+ printer centro/kiosco "Kiosco" (in use again)']
    with database.read() as session:
        assert session.scalars(select(PrintJob.printer_id)).one() == printer.id


def test_a_printer_moves_to_another_office_as_the_same_one(
    database: Database, clock: Traveller
) -> None:
    load(database, TOWN + KIOSK + NORTH)
    with database.read() as session:
        before = session.scalars(select(Printer)).one()
    load(database, TOWN + NORTH + KIOSK)
    with database.read() as session:
        after = session.scalars(select(Printer)).one()
        norte = catalogue.current(session).office("norte")
    assert (after.id, after.office_id) == (before.id, norte.id)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('    printers: [{code: a, uri: "lpt1"}]', "is no printer's address"),
        ('    printers: [{code: a, uri: "tcp://h", profile: "90mm"}]', "profile"),
        (
            '    printers: [{code: a, uri: "tcp://h"}]\n'
            + NORTH
            + '    printers: [{code: a, uri: "tcp://i"}]',
            "a is used twice",
        ),
    ],
)
def test_a_printer_that_cannot_be_is_named_with_its_place(lines: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        configuration.parse(TOWN + lines, "town.yaml")
    assert said in str(refused.value)
    assert "printers[0]" in str(refused.value)
