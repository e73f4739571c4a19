"""Cash desks of the city hall: who works there, vouchers that citizens bring, what was taken."""

from typing import Any

from sqlalchemy import select
from tests.admin.cityhall import Browser, CityHall
from tests.admin.machines import hire, office_id

from turnero_core import clock
from turnero_core.ids import new_id
from turnero_queue.models import AuditEntry, CashMovement, CashSession, Payment, Receipt
from turnero_queue.payments import moves, paying, starting
from turnero_queue.payments.starting import Errand, How, Item, Payer, Where

ROSA = Payer("Rosa Quispe", "40213377")
PLACE = "centro:caja-centro"


def employ(hall: CityHall) -> None:
    """Carmen and Diego are cashiers of the centre, Saúl supervises it; Pilar takes money in the
    north. Olga audits everything."""
    hire(hall, "carmen", "cashier", "centro")
    hire(hall, "diego", "cashier", "centro")
    hire(hall, "saul", "supervisor", "centro")
    hire(hall, "pilar", "cashier", "norte")
    hire(hall, "olga", "auditor")


def voucher(
    hall: CityHall, minor: int = 1_550, what: str = "Copia", office: str = "centro"
) -> Payment:
    """A payment that a kiosk printed a voucher for."""
    return begin(hall, How("cash"), minor, what, office)


def paid_by_qr(
    hall: CityHall, minor: int = 4_000, what: str = "Licencia", office: str = "centro"
) -> Payment:
    """A payment that a provider has told of."""
    how = How("qr", provider="simulated", simulated=True)
    begun = begin(hall, how, minor, what, office)
    with hall.database.write() as session:
        held = moves.hold(session, begun.id)
        paying.approve(session, held, "provider:simulated", clock.now())
        return held


def begin(hall: CityHall, how: How, minor: int, what: str, office: str) -> Payment:
    where = Where(office_id(hall, office), "PEN", language="es")
    errand, item = Errand("service", new_id()), Item({"es": what}, minor)
    with hall.database.write() as session:
        return starting.start(
            session, [item], how, errand, where, new_id(), clock.now(), payer=ROSA
        )


def form(**values: Any) -> dict[str, Any]:
    """A form of money, with a key of its own."""
    return {"key": new_id(), **values}


def open_till(hall: CityHall, login: str = "carmen", **values: Any) -> Browser:
    """A cashier at an open drawer with a hundred in it."""
    browser = hall.clerk(login)
    given = {"place": PLACE, "float": "100", **values}
    assert browser.post("/admin/cash/open", form(**given)).status_code == 303
    return browser


def movements(hall: CityHall) -> list[CashMovement]:
    with hall.database.read() as session:
        return list(session.scalars(select(CashMovement).order_by(CashMovement.seq)))


def till(hall: CityHall) -> CashSession:
    """The only session there is."""
    with hall.database.read() as session:
        return session.scalars(select(CashSession)).one()


def receipts(hall: CityHall) -> list[Receipt]:
    with hall.database.read() as session:
        return list(session.scalars(select(Receipt).order_by(Receipt.number)))


def noted(hall: CityHall, action: str) -> list[AuditEntry]:
    with hall.database.read() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))
