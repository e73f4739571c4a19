"""From what somebody asks to pay for, in codes and amounts, to what a payment is started with."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from turnero_core.errors import Invalid, NotFound
from turnero_core.i18n import N_, gettext
from turnero_core.ids import new_id
from turnero_queue.catalogue import Catalogue, Office, Service
from turnero_queue.models import Ticket
from turnero_queue.payments import money
from turnero_queue.payments.starting import Errand, Item

MOST_OF_ONE = 1000


def items(catalogue: Catalogue, office: Office, wanted: Sequence[Mapping[str, Any]]) -> list[Item]:
    """Lines from `{service}`, with its fee, or `{description, amount, debt?}`; Invalid names the
    line that cannot be used."""
    return [_item(catalogue, office, line, f"items.{index}") for index, line in enumerate(wanted)]


def errand(
    session: Session, office: Office, ticket_id: str | None, lines: Sequence[Item]
) -> Errand:
    """The turn that it is for, else the debt, else the service itself."""
    if ticket_id is not None:
        ticket = session.get(Ticket, ticket_id)
        if ticket is None or ticket.office_id != office.id:
            raise NotFound(N_("There is no such ticket."))
        return Errand("ticket", ticket.id)
    debt = next((line.debt_key for line in lines if line.debt_key), None)
    return Errand("debt", debt[:120]) if debt else Errand("service", new_id())


def fee_of(service: Service, quantity: int = 1) -> Item | None:
    """A service's fee as a line; None when it costs nothing."""
    if not service.fee_minor:
        return None
    amount = service.fee_minor * quantity
    return Item(service.name, amount, quantity=quantity, service_id=service.id)


def amount(value: Mapping[str, Any], currency: str, field: str) -> int:
    """Money as the API writes it, in the municipality's currency, as minor units."""
    if value.get("currency") is not None:
        money.same_currency(str(value["currency"]), currency, f"{field}.currency")
    return money.parse(value.get("amount"), currency, f"{field}.amount")


def _item(catalogue: Catalogue, office: Office, line: Mapping[str, Any], field: str) -> Item:
    quantity = line.get("quantity", 1)
    if not 1 <= quantity <= MOST_OF_ONE:
        message = gettext(N_("Use a whole number from 1 to %(most)s."), most=MOST_OF_ONE)
        raise Invalid(errors={f"{field}.quantity": [message]})
    if line.get("service"):
        return _service_item(office.service(line["service"]), line, quantity, field)
    if not line.get("description") or not line.get("amount"):
        message = gettext(N_("Name a service, or give a description and an amount."))
        raise Invalid(errors={field: [message]})
    each = amount(line["amount"], catalogue.currency, f"{field}.amount")
    names = {catalogue.locale.split("_")[0]: line["description"]}
    return Item(names, each * quantity, quantity=quantity, debt_key=line.get("debt"))


def _service_item(service: Service, line: Mapping[str, Any], quantity: int, field: str) -> Item:
    item = fee_of(service, quantity)
    if item is None:
        message = gettext(N_("This service costs nothing."))
        raise Invalid(errors={f"{field}.service": [message]})
    if line.get("amount"):
        message = gettext(N_("The fee of a service is configured; leave the amount out."))
        raise Invalid(errors={f"{field}.amount": [message]})
    return item
