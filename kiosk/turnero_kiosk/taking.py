"""Taking a turn at the kiosk: once, however often it is asked for."""

from dataclasses import dataclass

from turnero_core.i18n import current_language
from turnero_hardware.models import Printer
from turnero_queue import idempotency, issuing, printing
from turnero_queue.api.edge import Unit
from turnero_queue.api.theme import paper_logo
from turnero_queue.catalogue import Office, Priority, Service
from turnero_queue.idempotency import Answer
from turnero_queue.issuing import Visit

CALLER = "kiosk"


@dataclass(frozen=True)
class Wish:
    """What the person chose; `printer` is None when the turn goes to their phone."""

    service: Service
    priority: Priority
    printer: Printer | None


def take(unit: Unit, office: Office, wish: Wish, key: str, base_url: str) -> str:
    """Give the turn and send it to the printer; the id of the ticket.

    The key alone says that it is the same wish: whatever else was sent with it the second time,
    the first turn is the answer.
    """
    asked = idempotency.fingerprint("POST", office.code, None)
    before = idempotency.claim(unit.session, CALLER, key, asked, unit.now)
    if before is not None and before.body is not None:
        return str(before.body["ticket"])
    ticket_id = _issue(unit, office, wish, base_url)
    idempotency.keep(unit.session, CALLER, key, Answer(201, {"ticket": ticket_id}))
    return ticket_id


def _issue(unit: Unit, office: Office, wish: Wish, base_url: str) -> str:
    visit = Visit(
        service=wish.service,
        priority=wish.priority,
        language=current_language(),
        origin="kiosk",
        paper=wish.printer is not None,
    )
    moment = unit.hold(office.id)
    ticket = issuing.issue(unit.session, moment, office, visit, f"kiosk:{office.code}")
    if wish.printer is not None:
        printing.print_ticket(
            unit.session,
            unit.catalogue,
            ticket,
            wish.printer,
            base_url,
            moment.at,
            paper_logo(),
        )
    return ticket.id
