"""Machines of the city hall: who administers them, kiosks that are let in, printers that fail."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select
from tests.admin.cityhall import PASSWORD, Browser, CityHall

from turnero_core import clock
from turnero_hardware import outbox
from turnero_hardware.models import Printer, PrintJob
from turnero_hardware.slip import Cut, Slip, Text
from turnero_queue import devices, models, staff
from turnero_queue.devices import KioskSettings
from turnero_queue.models.devices import Device

CODE = re.compile(r'class="enrol"[^>]*>\s*<span[^>]*>([A-Z0-9-]+)<')


def hire(
    hall: CityHall, login: str = "elena", role: str = "administrator", office: str | None = None
) -> None:
    """Elena administers everything; others as said."""
    with hall.database.write() as session:
        staff.create(
            session,
            login,
            PASSWORD,
            clock.now(),
            name=login.capitalize(),
            role=role,
            office_id=office_id(hall, office) if office else None,
            must_change_password=False,
        )


def office_id(hall: CityHall, code: str = "centro") -> str:
    with hall.database.read() as session:
        return session.scalars(select(models.Office.id).where(models.Office.code == code)).one()


def add_printer(hall: CityHall, code: str, uri: str, office: str = "centro") -> str:
    with hall.database.write() as session:
        printer = Printer(
            code=code, name=f"Impresora {code}", uri=uri, office_id=office_id(hall, office)
        )
        session.add(printer)
        session.flush()
        return printer.id


def put_in_line(hall: CityHall, printer: str, words: str = "R001") -> str:
    """A slip that waits for the printer; its job's id."""
    with hall.database.write() as session:
        row = session.scalars(select(Printer).where(Printer.code == printer)).one()
        slip = Slip((Text(words, size="huge"), Cut()))
        return outbox.enqueue(session, row, slip, "ticket", None, clock.now()).id


def enrolled(
    hall: CityHall,
    name: str = "Entrada",
    office: str | None = "centro",
    settings: KioskSettings | None = None,
) -> str:
    """A kiosk that was let in; its token."""
    now = clock.now()
    with hall.database.write() as session:
        place = office_id(hall, office) if office else None
        code = devices.invite(
            session, "kiosk", name=name, office_id=place, settings=settings, actor="test", now=now
        )
        return devices.redeem(session, code, now)[1]


def device(hall: CityHall, code: str = "entrada") -> Device:
    with hall.database.read() as session:
        return devices.find(session, code)


def job(hall: CityHall, job_id: str) -> PrintJob:
    with hall.database.read() as session:
        return session.get_one(PrintJob, job_id)


def kiosk(hall: CityHall, token: str) -> Browser:
    """The browser of the machine that holds this token."""
    browser = hall.browser()
    browser.client.set_cookie("turnero_device", token, path="/kiosk")
    return browser


@contextmanager
def changed(hall: CityHall, code: str = "entrada") -> Iterator[tuple[object, Device]]:
    """The session and the device, to change it on behalf of the administration."""
    with hall.database.write() as session:
        yield session, devices.find(session, code)
