"""Reads the configuration tables into the values of `catalogue`."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_queue import models, texts
from turnero_queue.availability import Availability
from turnero_queue.catalogue import (
    Catalogue,
    Category,
    Closure,
    Desk,
    Hook,
    Location,
    Office,
    Priority,
    Service,
)
from turnero_queue.opening import minutes_of_day
from turnero_queue.rules import merged
from turnero_queue.texts import HallSettings

Row = TypeVar(
    "Row",
    models.Service,
    models.Priority,
    models.Office,
    models.ServiceCategory,
    models.Desk,
    models.Availability,
)


def read(session: Session) -> Catalogue:
    municipality = session.get_one(models.Municipality, 1, populate_existing=True)
    services = {row.id: (_service(row), row.active) for row in _all(session, models.Service)}
    priorities = {row.id: (_priority(row), row.active) for row in _all(session, models.Priority)}
    by_service_id = {key: service for key, (service, _) in services.items()}
    desks = _desks(session)
    offered = _offered(session)
    given = _availabilities(session)
    offices = {
        row.id: (
            replace(
                _office(row, municipality, by_service_id, desks[row.id], offered[row.id]),
                availabilities=tuple(given[row.id]),
            ),
            row,
        )
        for row in _all(session, models.Office)
    }
    return Catalogue(
        version=municipality.config_version,
        name=municipality.name,
        timezone=municipality.timezone,
        locale=municipality.locale,
        languages=tuple(municipality.languages),
        currency=municipality.currency,
        colour=municipality.colour,
        logo=municipality.logo,
        categories=tuple(
            Category(row.code, row.name, row.icon)
            for row in _all(session, models.ServiceCategory)
            if row.active
        ),
        services=tuple(service for service, active in services.values() if active),
        priorities=tuple(priority for priority, active in priorities.values() if active),
        offices=tuple(office for office, row in offices.values() if row.active),
        services_by_id=by_service_id,
        priorities_by_id={key: priority for key, (priority, _) in priorities.items()},
        offices_by_id={key: office for key, (office, _) in offices.items()},
        desks_by_id={desk.id: desk for rows in desks.values() for desk, _ in rows},
        webhooks=_webhooks(session),
    )


def _webhooks(session: Session) -> tuple[Hook, ...]:
    columns = models.Webhook.id, models.Webhook.events, models.Webhook.office_id
    rows = session.execute(
        select(*columns).where(models.Webhook.active).order_by(models.Webhook.created_at)
    )
    return tuple(Hook(row.id, frozenset(row.events), row.office_id) for row in rows)


def _all(session: Session, table: type[Row]) -> list[Row]:
    query = select(table).order_by(table.position, table.code)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def _desks(session: Session) -> Mapping[str, list[tuple[Desk, bool]]]:
    """Office id -> its desks, in order, each with whether it is in use."""
    attended: dict[str, dict[str, timedelta]] = defaultdict(dict)
    for row in session.execute(
        select(
            models.DeskService.desk_id,
            models.DeskService.service_id,
            models.DeskService.handicap_minutes,
        )
    ):
        attended[row.desk_id][row.service_id] = timedelta(minutes=row.handicap_minutes)
    desks: dict[str, list[tuple[Desk, bool]]] = defaultdict(list)
    for desk in _all(session, models.Desk):
        value = Desk(desk.id, desk.code, desk.name, attended[desk.id])
        desks[desk.office_id].append((value, desk.active))
    return desks


def _offered(session: Session) -> Mapping[str, list[models.OfficeService]]:
    offered: dict[str, list[models.OfficeService]] = defaultdict(list)
    query = select(models.OfficeService).execution_options(populate_existing=True)
    for row in session.scalars(query):
        offered[row.office_id].append(row)
    return offered


def _availabilities(session: Session) -> Mapping[str, list[Availability]]:
    """Office id -> what it gives appointments for, in order."""
    given: dict[str, list[Availability]] = defaultdict(list)
    for row in _all(session, models.Availability):
        if row.active:
            given[row.office_id].append(availability_of(row))
    return given


def availability_of(row: models.Availability) -> Availability:
    return Availability(
        code=row.code,
        services=tuple(row.services),
        hours={
            day: tuple(minutes_of_day(span) for span in spans) for day, spans in row.hours.items()
        },
        slot_minutes=row.slot_minutes,
        seats=row.seats,
        desks=tuple(row.desks),
        group=row.group,
        pool=row.pool,
        first=row.first,
        last=row.last,
        every_weeks=row.every_weeks,
        exceptions=frozenset(date.fromisoformat(day) for day in row.exceptions),
        buffer_minutes=row.buffer_minutes,
        lead_minutes=row.lead_minutes,
        horizon_days=row.horizon_days,
        desks_needed=row.desks_needed,
        name=row.name,
    )


def _service(row: models.Service) -> Service:
    return Service(
        id=row.id,
        code=row.code,
        prefix=row.prefix,
        name=row.name,
        category=row.category,
        description=row.description,
        requirements=tuple(row.requirements),
        place=row.place,
        icon=row.icon,
        duration=timedelta(minutes=row.duration_minutes),
        target_wait=timedelta(minutes=row.target_wait_minutes),
        fee_minor=row.fee_minor,
        channel=row.channel,
        appointments=row.appointments,
        external_code=row.external_code,
        daily_limit=row.daily_limit,
    )


def _priority(row: models.Priority) -> Priority:
    head_start = timedelta(minutes=row.head_start_minutes)
    return Priority(row.id, row.code, row.name, row.description, row.icon, head_start)


def _office(
    row: models.Office,
    municipality: models.Municipality,
    services: Mapping[str, Service],
    desks: list[tuple[Desk, bool]],
    offered: list[models.OfficeService],
) -> Office:
    here = {link.service_id: link for link in offered}
    return Office(
        id=row.id,
        code=row.code,
        name=row.name,
        address=row.address,
        zone=ZoneInfo(row.timezone or municipality.timezone),
        hours={
            day: tuple(minutes_of_day(span) for span in spans) for day, spans in row.hours.items()
        },
        holidays=row.holidays,
        closures=tuple(
            Closure(date.fromisoformat(c["from"]), date.fromisoformat(c["to"]), c.get("reason", {}))
            for c in row.closures
        ),
        rules=merged(municipality.rules, row.rules),
        services=tuple(service for key, service in services.items() if key in here),
        limits={
            key: limit
            for key, link in here.items()
            if (limit := link.daily_limit or services[key].daily_limit)
        },
        places={key: link.place or services[key].place for key, link in here.items()},
        desks=tuple(desk for desk, active in desks if active),
        location=_location(row),
        texts=texts.merged(municipality.texts, row.texts),
        hall=HallSettings.stored(row.hall),
    )


def _location(row: models.Office) -> Location | None:
    if row.latitude is None or row.longitude is None:
        return None
    return Location(row.latitude, row.longitude)
