"""Reads the tables that are in use into a `Configuration`, in its canonical form."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_hardware import models as devices
from turnero_queue import models
from turnero_queue.configuration import availability, hours, notices, payments, sign_in, texts
from turnero_queue.configuration.plain import rules_in_order
from turnero_queue.configuration.references import ordered
from turnero_queue.configuration.values import (
    Attends,
    Category,
    Closure,
    Configuration,
    Desk,
    Municipality,
    Offer,
    Office,
    Printer,
    Priority,
    Service,
)
from turnero_queue.texts import KEYS

Row = TypeVar(
    "Row",
    models.ServiceCategory,
    models.Service,
    models.Priority,
    models.Office,
    models.Desk,
)


def stored(session: Session) -> Configuration | None:
    """The configuration in force, without what is retired; None before the first one."""
    row = session.get(models.Municipality, 1, populate_existing=True)
    if row is None:
        return None
    services = in_use(session, models.Service)
    return Configuration(
        municipality=_municipality(row),
        categories=tuple(
            Category(category.code, category.name, category.icon)
            for category in in_use(session, models.ServiceCategory)
        ),
        services=tuple(_service(service) for service in services),
        priorities=tuple(_priority(entry) for entry in in_use(session, models.Priority)),
        offices=_offices(session, {service.id: service.code for service in services}),
    )


def in_use(session: Session, table: type[Row]) -> list[Row]:
    query = select(table).where(table.active).order_by(table.position, table.code)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def _offices(session: Session, services: Mapping[str, str]) -> tuple[Office, ...]:
    offers: dict[str, list[Offer]] = defaultdict(list)
    for link in session.scalars(select(models.OfficeService)):
        if link.service_id in services:
            offer = Offer(services[link.service_id], link.daily_limit, link.place)
            offers[link.office_id].append(offer)
    attended: dict[str, list[Attends]] = defaultdict(list)
    for attends in session.scalars(select(models.DeskService)):
        if attends.service_id in services:
            value = Attends(services[attends.service_id], attends.handicap_minutes)
            attended[attends.desk_id].append(value)
    desks: dict[str, list[tuple[models.Desk, list[Attends]]]] = defaultdict(list)
    for desk in in_use(session, models.Desk):
        desks[desk.office_id].append((desk, attended[desk.id]))
    printers: dict[str, list[devices.Printer]] = defaultdict(list)
    placed = select(devices.Printer).where(devices.Printer.office_id.is_not(None))
    for printer in session.scalars(
        placed.order_by(devices.Printer.code).execution_options(populate_existing=True)
    ):
        printers[str(printer.office_id)].append(printer)
    order = {code: position for position, code in enumerate(services.values())}
    given = availability.stored(session)
    return tuple(
        ordered(
            replace(
                _office(row, offers[row.id], desks[row.id], printers[row.id]),
                availability=tuple(given.get(row.id, ())),
            ),
            order,
        )
        for row in in_use(session, models.Office)
    )


def _office(
    row: models.Office,
    offers: list[Offer],
    desks: list[tuple[models.Desk, list[Attends]]],
    printers: list[devices.Printer],
) -> Office:
    given = {offer.code for offer in offers}
    return Office(
        code=row.code,
        name=row.name,
        hours=hours.canonical(row.hours),
        address=row.address,
        latitude=row.latitude,
        longitude=row.longitude,
        timezone=row.timezone,
        holidays=row.holidays,
        closures=tuple(_closure(closure) for closure in row.closures),
        rules=rules_in_order(row.rules),
        texts=texts.in_order(row.texts, KEYS),
        hall=texts.still_given(row.hall, [offer.code for offer in offers]),
        desks=tuple(
            Desk(desk.code, desk.name, tuple(link for link in links if link.code in given))
            for desk, links in desks
        ),
        services=tuple(offers),
        printers=tuple(
            Printer(printer.code, printer.name, printer.uri, printer.profile)
            for printer in printers
        ),
    )


def _closure(closure: Mapping[str, Any]) -> Closure:
    first, last = date.fromisoformat(closure["from"]), date.fromisoformat(closure["to"])
    return Closure(first, last, closure.get("reason", {}))


def _municipality(row: models.Municipality) -> Municipality:
    return Municipality(
        name=row.name,
        timezone=row.timezone,
        locale=row.locale,
        languages=tuple(row.languages),
        currency=row.currency,
        colour=row.colour,
        logo=row.logo,
        rules=rules_in_order(row.rules),
        notices=notices.in_order(row.notices),
        payments=payments.in_order(row.payments),
        texts=texts.in_order(row.texts, KEYS),
        sign_in=sign_in.in_order(row.sign_in),
    )


def _service(row: models.Service) -> Service:
    same = {field.name: getattr(row, field.name) for field in fields(Service)}
    return Service(
        **{
            **same,
            "requirements": tuple(row.requirements),
            "links": texts.in_order(row.links, texts.LINKS),
        }
    )


def _priority(row: models.Priority) -> Priority:
    return Priority(**{field.name: getattr(row, field.name) for field in fields(Priority)})
