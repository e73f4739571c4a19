"""Puts a configuration into the tables: what is new is added, what is gone is retired."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_queue import audit, models, password_rule
from turnero_queue.catalogue import bump_version
from turnero_queue.configuration import availability, history, occupied
from turnero_queue.configuration.changes import Change, compare
from turnero_queue.configuration.devices import place_printers, placeless_printers
from turnero_queue.configuration.links import Desks, attendances, offers
from turnero_queue.configuration.rows import alter, place, upsert
from turnero_queue.configuration.stored import stored
from turnero_queue.configuration.values import Closure, Configuration, Municipality, Office

log = structlog.get_logger()
MOST_NOTED = 500


def diff(session: Session, configuration: Configuration) -> list[Change]:
    """What `apply` would change, without changing it."""
    return compare(stored(session), configuration, _retired(session))


def hold(session: Session) -> None:
    """Wait for whoever is changing the configuration now, and keep others out until the commit.

    Two loads at once would both add what is new.
    """
    # Offices first, as whoever changes one of them does: nobody waits for each other in a ring.
    order = models.OfficeSequence.office_id
    session.execute(select(order).order_by(order).with_for_update())
    session.execute(select(models.Municipality.id).with_for_update())


def apply(
    session: Session, configuration: Configuration, *, actor: str, undoes: str | None = None
) -> list[Change]:
    """Load `configuration` on behalf of `actor`; answers what changed. The caller commits.

    Raises Conflict `desk-busy`, with nothing written, for a desk that goes with somebody at it.
    `undoes` is the id of the change in the history that this one takes back.
    """
    hold(session)
    before = stored(session)
    changes = compare(before, configuration, _retired(session))
    if not changes:
        return []
    occupied.check(session, configuration)
    _municipality(session, configuration.municipality)
    upsert(session, models.ServiceCategory, configuration.categories, _same)
    services = upsert(session, models.Service, configuration.services, _service)
    upsert(session, models.Priority, configuration.priorities, _same)
    offices = upsert(session, models.Office, configuration.offices, _office)
    session.flush()
    _sequences(session, offices)
    desks = _desks(session, configuration.offices, offices)
    session.flush()
    offers(session, configuration.offices, offices, services)
    attendances(session, configuration.offices, desks, services)
    place_printers(session, configuration.offices, offices)
    availability.place(session, configuration.offices, offices)
    session.flush()
    _note(session, changes, actor)
    password_rule.enforce(session, actor=actor, now=clock.now())
    if before is not None:
        history.record(session, before, configuration, actor=actor, undoes=undoes)
    log.info("configuration.applied", actor=actor, changes=len(changes))
    return changes


def _note(session: Session, changes: Sequence[Change], actor: str) -> None:
    """Before and after of every setting that changed, up to a number that a person would read."""
    before = {_named(change): change.before for change in changes[:MOST_NOTED] if change.before}
    after = {_named(change): change.after for change in changes[:MOST_NOTED]}
    audit.record(
        session,
        actor=actor,
        action="configuration.change",
        subject=f"{len(changes)} changes",
        before=before or None,
        after=after,
        now=clock.now(),
    )


def _named(change: Change) -> str:
    return " ".join(part for part in (change.kind, change.what, change.code, change.field) if part)


def _retired(session: Session) -> set[tuple[str, str]]:
    tables = (
        ("category", models.ServiceCategory),
        ("service", models.Service),
        ("priority", models.Priority),
        ("office", models.Office),
    )
    found: set[tuple[str, str]] = set()
    for what, table in tables:
        codes = session.scalars(select(table.code).where(~table.active))
        found.update((what, code) for code in codes)
    query = select(models.Office.code, models.Desk.code).join(
        models.Desk, models.Desk.office_id == models.Office.id
    )
    for office, desk in session.execute(query.where(~models.Desk.active)):
        found.add(("desk", f"{office}/{desk}"))
    found |= availability.retired(session)
    offices = session.scalars(select(models.Office.code)).all()
    for printer in placeless_printers(session):
        found.update(("printer", f"{office}/{printer}") for office in offices)
    return found


def _municipality(session: Session, value: Municipality) -> None:
    row = session.get(models.Municipality, 1)
    attributes = {
        **_fields(value),
        "languages": list(value.languages),
        "rules": dict(value.rules),
        "notices": dict(value.notices),
        "payments": dict(value.payments),
        "texts": dict(value.texts),
        "sign_in": dict(value.sign_in),
    }
    if row is None:
        session.add(models.Municipality(id=1, **attributes))
        session.flush()
    else:
        alter(row, attributes)
        bump_version(session)


def _fields(value: Any, *without: str) -> dict[str, Any]:
    return {
        field.name: getattr(value, field.name)
        for field in fields(value)
        if field.name not in without
    }


def _same(value: Any) -> Mapping[str, Any]:
    return _fields(value)


def _service(value: Any) -> Mapping[str, Any]:
    return {
        **_fields(value),
        "requirements": list(value.requirements),
        "links": dict(value.links),
    }


def _office(value: Office) -> Mapping[str, Any]:
    return {
        **_fields(value, "desks", "services", "printers", "availability"),
        "hours": {day: list(spans) for day, spans in value.hours.items()},
        "closures": [_closure(closure) for closure in value.closures],
        "rules": dict(value.rules),
        "texts": dict(value.texts),
        "hall": dict(value.hall),
    }


def _closure(value: Closure) -> dict[str, Any]:
    ends = {"from": value.first.isoformat(), "to": value.last.isoformat()}
    return {**ends, "reason": dict(value.reason)}


def _sequences(session: Session, offices: Mapping[str, models.Office]) -> None:
    known = set(session.scalars(select(models.OfficeSequence.office_id)))
    for row in offices.values():
        if row.id not in known:
            session.add(models.OfficeSequence(office_id=row.id))


def _desks(
    session: Session, values: Sequence[Office], offices: Mapping[str, models.Office]
) -> Desks:
    """Desks by office and desk code, in use exactly when their office lists them."""
    codes = {row.id: code for code, row in offices.items()}
    every = list(session.scalars(select(models.Desk)))
    rows = {(codes.get(desk.office_id, desk.office_id), desk.code): desk for desk in every}
    wanted = {(office.code, desk.code) for office in values for desk in office.desks}
    for key, row in rows.items():
        if key not in wanted:
            alter(row, {"active": False})
    for office in values:
        for position, desk in enumerate(office.desks):
            attributes = {**_fields(desk, "services"), "position": position}
            attributes["office_id"] = offices[office.code].id
            place(session, rows, (office.code, desk.code), models.Desk, attributes)
    return {key: row for key, row in rows.items() if key in wanted}
