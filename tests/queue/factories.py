"""Rows of a small municipality, for any test that needs a queue: `create_x(session, **overrides)`.

Everything has a default that works; a test writes only what it is about.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_queue import catalogue, issuing, models, sequence, tokens
from turnero_queue.issuing import Visit
from turnero_queue.models import Ticket

OFFICE_HOURS = {
    **{key: ["08:00-13:00", "14:00-16:00"] for key in ("mon", "tue", "wed", "thu", "fri")},
    "sat": ["09:00-12:00"],
}
ROUND_THE_CLOCK = {
    key: ["00:00-24:00"] for key in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
}


def create_municipality(session: Session, **overrides: Any) -> models.Municipality:
    values = {
        "id": 1,
        "name": "Municipalidad de San Martín",
        "timezone": "America/Lima",
        "locale": "es",
        "languages": ["es", "en", "pt"],
        "currency": "PEN",
        "rules": {},
    }
    return _add(session, models.Municipality(**(values | overrides)))


def create_service(session: Session, code: str = "rentas", **overrides: Any) -> models.Service:
    """A service of ten minutes with a target wait of twenty; its prefix is its first letter."""
    values = {
        "code": code,
        "prefix": code[0].upper(),
        "name": {"es": code.capitalize(), "en": f"{code} (en)"},
        "duration_minutes": 10,
        "target_wait_minutes": 20,
    }
    return _add(session, models.Service(**(values | overrides)))


def create_priority(
    session: Session, code: str = "standard", head_start_minutes: int = 0, **overrides: Any
) -> models.Priority:
    values = {
        "code": code,
        "name": {"es": code.capitalize()},
        "head_start_minutes": head_start_minutes,
        "position": head_start_minutes,
    }
    return _add(session, models.Priority(**(values | overrides)))


def create_office(
    session: Session,
    code: str = "centro",
    services: Iterable[models.Service] = (),
    limits: Mapping[str, int] | None = None,
    **overrides: Any,
) -> models.Office:
    """An office open on weekdays from 8 to 13 and 14 to 16; `limits` maps service codes."""
    values = {"code": code, "name": {"es": f"Oficina {code}"}, "hours": OFFICE_HOURS}
    office = _add(session, models.Office(**(values | overrides)))
    session.add(models.OfficeSequence(office_id=office.id, seq=0, last_at=None))
    for service in services:
        offer(session, office, service, (limits or {}).get(service.code))
    session.flush()
    return office


def offer(
    session: Session, office: models.Office, service: models.Service, limit: int | None = None
) -> None:
    session.add(
        models.OfficeService(
            office_id=office.id, service_id=service.id, daily_limit=limit, place={}
        )
    )
    session.flush()


def create_desk(
    session: Session,
    office: models.Office,
    code: str = "1",
    services: Iterable[models.Service] = (),
    handicaps: Mapping[str, int] | None = None,
    **overrides: Any,
) -> models.Desk:
    """A closed desk; `handicaps` maps the codes of secondary services to minutes."""
    values = {"office_id": office.id, "code": code, "name": {"es": f"Ventanilla {code}"}}
    desk = _add(session, models.Desk(**(values | overrides)))
    for service in services:
        minutes = (handicaps or {}).get(service.code, 0)
        session.add(
            models.DeskService(desk_id=desk.id, service_id=service.id, handicap_minutes=minutes)
        )
    session.flush()
    return desk


def create_token(
    session: Session, *scopes: str, office: str | None = None, name: str = "kiosk"
) -> str:
    """The secret of a token with `scopes` (all of them by default), for one office by its code."""
    office_id = catalogue.current(session).office(office).id if office else None
    return tokens.create(session, name, scopes or ("all",), clock.now(), office_id)


def create_san_martin(session: Session) -> None:
    """Two offices: `centro` with three desks and four services, `norte` with one of each."""
    create_municipality(session)
    rentas = create_service(session, "rentas", position=1)
    catastro = create_service(session, "catastro", prefix="R", position=2)
    licencias = create_service(session, "licencias", duration_minutes=20, position=3)
    caja = create_service(session, "caja", duration_minutes=3, target_wait_minutes=10, position=4)
    create_priority(session, "standard", 0)
    create_priority(session, "preferential", 45)
    centro = create_office(session, "centro", [rentas, catastro, licencias, caja])
    create_desk(session, centro, "1", [rentas, catastro])
    create_desk(session, centro, "2", [licencias, rentas], handicaps={"rentas": 15})
    create_desk(session, centro, "3", [caja])
    norte = create_office(session, "norte", [rentas])
    create_desk(session, norte, "1", [rentas])


def issue(
    session: Session, office: str = "centro", service: str = "rentas", **overrides: Any
) -> Ticket:
    """A turn taken now through the domain; `priority` and `also` are given by their codes."""
    configured = catalogue.current(session)
    place = configured.office(office)
    visit = Visit(
        service=configured.service(service),
        priority=configured.priority(overrides.pop("priority", None)),
        language="es",
        also=[configured.service(code) for code in overrides.pop("also", ())],
        **overrides,
    )
    moment = sequence.hold(session, place.id, clock.now())
    return issuing.issue(session, moment, place, visit, "test:rosa")


def _add(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row
