"""Which services each office gives and each desk attends."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_queue import models
from turnero_queue.configuration.rows import alter
from turnero_queue.configuration.values import Office

Desks = Mapping[tuple[str, str], models.Desk]


def offers(
    session: Session,
    values: Sequence[Office],
    offices: Mapping[str, models.Office],
    services: Mapping[str, models.Service],
) -> None:
    wanted = {
        (offices[office.code].id, services[offer.code].id): {
            "daily_limit": offer.daily_limit,
            "place": dict(offer.place),
        }
        for office in values
        for offer in office.services
    }
    found = session.scalars(select(models.OfficeService))
    rows = {(row.office_id, row.service_id): row for row in found}
    _link(session, models.OfficeService, ("office_id", "service_id"), rows, wanted)


def attendances(
    session: Session,
    values: Sequence[Office],
    desks: Desks,
    services: Mapping[str, models.Service],
) -> None:
    wanted = {
        (desks[office.code, desk.code].id, services[link.code].id): {
            "handicap_minutes": link.handicap_minutes
        }
        for office in values
        for desk in office.desks
        for link in desk.services
    }
    found = session.scalars(select(models.DeskService))
    rows = {(row.desk_id, row.service_id): row for row in found}
    _link(session, models.DeskService, ("desk_id", "service_id"), rows, wanted)


def _link(
    session: Session,
    table: type[Any],
    keys: tuple[str, str],
    rows: Mapping[tuple[str, str], Any],
    wanted: Mapping[tuple[str, str], Mapping[str, Any]],
) -> None:
    for key, row in rows.items():
        if key not in wanted:
            session.delete(row)
    for key, attributes in wanted.items():
        if key in rows:
            alter(rows[key], attributes)
        else:
            session.add(table(**dict(zip(keys, key, strict=True)), **attributes))
