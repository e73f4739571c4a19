"""Payments of San Martín, approved at once: `pay(town, session, …)`."""

from typing import Any

from sqlalchemy.orm import Session
from tests.queue.town import Town

from turnero_core import clock
from turnero_core.ids import new_id
from turnero_queue.models import Payment
from turnero_queue.payments import moves, paying, starting
from turnero_queue.payments.starting import Errand, How, Item, Payer, Where

LIGHT = Item({"es": "Arbitrios marzo", "en": "Rates of March"}, 12_050, debt_key="rentas:A-17-03")
PARKS = Item({"es": "Parques", "en": "Parks"}, 3_000, 2)
ROSA = Payer("Rosa Quispe", "40213377", "rosa@correo.example")
QR = How("qr", provider="simulated", simulated=True)
CASH = How("cash")


def start(town: Town, session: Session, *items: Item, how: How = QR, **kwargs: Any) -> Payment:
    where = Where(
        town.office(kwargs.pop("office", "centro")).id,
        "PEN",
        language=kwargs.pop("language", "es"),
        origin=kwargs.pop("origin", "kiosk"),
        device=kwargs.pop("device", None),
        point_of_sale=kwargs.pop("point_of_sale", None),
    )
    errand = kwargs.pop("errand", Errand("service", new_id()))
    lines = items or (Item({"es": "Copia"}, 1_550),)
    return starting.start(session, lines, how, errand, where, new_id(), clock.now(), **kwargs)


def pay(town: Town, session: Session, *items: Item, **kwargs: Any) -> Payment:
    payment = start(town, session, *items, **kwargs)
    held = moves.hold(session, payment.id)
    paying.approve(session, held, "provider:simulated", clock.now())
    return held
