"""From what a visit wants to pay to a payment: one for each try, however often it is asked for."""

from dataclasses import dataclass

from sqlalchemy import select

from turnero_core.errors import Conflict, NotFound
from turnero_core.i18n import N_, current_language
from turnero_hardware.models import Printer
from turnero_kiosk import machine
from turnero_kiosk.paying import basket as baskets
from turnero_kiosk.paying import debts
from turnero_kiosk.paying.basket import Basket
from turnero_kiosk.touch import printer_code
from turnero_queue import certificates, points_of_sale, printing
from turnero_queue.api.edge import Unit
from turnero_queue.catalogue import Office
from turnero_queue.models import Municipality, Payment, Ticket
from turnero_queue.payments import asking, settings, starting
from turnero_queue.payments.starting import Errand, Item, Payer, Where
from turnero_queue.points_of_sale import PointOfSale

ORIGIN = "kiosk"


@dataclass(frozen=True)
class Bill:
    """What would be paid now."""

    items: tuple[Item, ...]
    errand: Errand

    @property
    def total(self) -> int:
        return sum(item.amount_minor for item in self.items)


def takes_fees(unit: Unit) -> bool:
    """Whether fees of turns are paid at this kiosk: where money is configured at all."""
    return machine.settings().payment and bool(unit.session.scalar(select(Municipality.payments)))


def methods(unit: Unit) -> list[str]:
    """How one can pay at this kiosk: a card only where it has a terminal."""
    known = settings.current(unit.session)
    found = [method for method in ("qr", "card_terminal", "cash") if method in known.methods]
    # The pretended bank always has a terminal: its page.
    terminal = known.provider == settings.SIMULATED or (
        "card_terminal" in found and known.how("card_terminal", device()).terminal
    )
    return [method for method in found if method != "card_terminal" or terminal]


def device() -> str | None:
    set_up = machine.current()
    return set_up.code if set_up else None


def printer(unit: Unit, office: Office) -> Printer | None:
    return printing.printer_for(unit.session, office, printer_code())


def bill(unit: Unit, office: Office, basket: Basket, owed: list[debts.Owed]) -> Bill:
    """What the basket comes to; NotFound when there is nothing in it to be paid."""
    if basket.kind == baskets.DEBT:
        return _of_debts(unit, basket, owed)
    if basket.kind == baskets.TICKET:
        return _of_ticket(unit, basket.ticket, office)
    kind = certificates.kind(unit.session, basket.certificate)
    fee = kind.fee_minor or 0
    return Bill((Item(kind.name, fee),), Errand("certificate", basket.errand))


def known(unit: Unit, basket: Basket) -> Payment | None:
    """The payment of this try, if it was begun."""
    return starting.of_key(unit.session, basket.key)


def start(unit: Unit, office: Office, basket: Basket, method: str, wanted: Bill) -> Payment:
    """The payment of this try; see `starting.start` for what it refuses."""
    if method not in methods(unit):
        raise Conflict(N_("Payments by this method are not taken here."), slug="method-not-offered")
    how = settings.current(unit.session).how(method, device())
    where = Where(
        office.id,
        unit.catalogue.currency,
        origin=ORIGIN,
        device=device(),
        point_of_sale=_point_of_sale(unit, office).code,
        language=current_language(),
    )
    document = basket.value if basket.asked_by == "document" else None
    return starting.start(
        unit.session,
        wanted.items,
        how,
        wanted.errand,
        where,
        basket.key,
        unit.now,
        payer=Payer(document=document or None),
    )


def fee_of(unit: Unit, office: Office, ticket: Ticket) -> tuple[Item, Payment | None] | None:
    """The fee of a turn's service with the payment that holds it; None when it has none."""
    item = asking.fee_of(unit.catalogue.services_by_id[ticket.service_id])
    if item is None or ticket.office_id != office.id:
        return None
    held = starting.holds(Errand("ticket", ticket.id), item, 1)
    return item, starting.holder(unit.session, held)


def _of_debts(unit: Unit, basket: Basket, owed: list[debts.Owed]) -> Bill:
    # The language of the name is the system's own, which is the municipality's.
    language = unit.catalogue.locale.split("_")[0].split("-")[0]
    items = tuple(
        Item(
            {language: " ".join(filter(None, (each.debt.description, each.debt.period)))},
            each.debt.amount_minor,
            debt_key=f"{basket.connector}:{each.debt.key}",
        )
        for each in owed
        if each.chosen
    )
    if not items:
        raise NotFound(N_("Nothing is being paid here now."))
    return Bill(items, Errand("debt", str(items[0].debt_key)[:120]))


def _of_ticket(unit: Unit, ticket_id: str, office: Office) -> Bill:
    ticket = unit.session.get(Ticket, ticket_id)
    found = fee_of(unit, office, ticket) if ticket else None
    if found is None:
        raise NotFound(N_("Nothing is being paid here now."))
    return Bill((found[0],), Errand("ticket", ticket_id))


def _point_of_sale(unit: Unit, office: Office) -> PointOfSale:
    """The one that is this kiosk, else the one that prints where it prints, else the first."""
    places = points_of_sale.of_office(unit.session, office)
    for mark in (lambda place: place.code == device(), lambda place: _prints_here(unit, place)):
        for place in places:
            if mark(place):
                return place
    return places[0]


def _prints_here(unit: Unit, place: PointOfSale) -> bool:
    here = printer_code()
    return here is not None and place.printer == here
