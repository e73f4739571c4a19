"""The demonstration's staff and its API token. Their passwords are no secret: it is a toy."""

import os
from pathlib import Path

from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.db import Database
from turnero_queue import catalogue, staff, tokens
from turnero_queue.permissions import Role

PASSWORD = "turnero-demo"  # noqa: S105 - printed for whoever tries the demonstration
TOKEN = "demo_token"  # noqa: S105 - the name of the file that keeps it
ADMINISTRATOR = "admin"
AUDITOR = "auditor"
AT_AN_OFFICE = (
    ("jefa", "Carmen Flores", Role.SUPERVISOR),
    ("ventanilla", "Luis Mamani", Role.ATTENDANT),
    ("caja", "Marta Rojas", Role.CASHIER),
    ("mesa", "Julio Vega", Role.RECEPTIONIST),
)


def cast(database: Database, instance: Path) -> None:
    """Make an administrator, an auditor, and each office's people, if they are not there yet."""
    with database.write() as session:
        _person(session, ADMINISTRATOR, "Rosa Quispe", Role.ADMINISTRATOR, None)
        _person(session, AUDITOR, "Elena Salas", Role.AUDITOR, None)
        for office in catalogue.current(session).offices:
            for login, name, role in AT_AN_OFFICE:
                _person(session, f"{login}.{office.code}", name, role, office.id)
        if not (instance / TOKEN).exists():
            _keep(instance / TOKEN, tokens.create(session, "demo", ["all"], clock.now()))


def logins(session: Session) -> list[tuple[str, Role]]:
    """(login, role) of everybody, the administrator first."""
    people: list[tuple[str, Role]] = [
        (ADMINISTRATOR, Role.ADMINISTRATOR),
        (AUDITOR, Role.AUDITOR),
    ]
    for office in catalogue.current(session).offices:
        people += [(f"{login}.{office.code}", role) for login, _name, role in AT_AN_OFFICE]
    return [person for person in people if staff.find(session, person[0])]


def token(instance: Path) -> str:
    return (instance / TOKEN).read_text().strip()


def _person(session: Session, login: str, name: str, role: Role, office_id: str | None) -> None:
    if staff.find(session, login) is None:
        staff.create(
            session,
            login,
            PASSWORD,
            clock.now(),
            name=name,
            role=role,
            office_id=office_id,
            must_change_password=False,
        )


def _keep(file: Path, secret: str) -> None:
    descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(secret + "\n")
