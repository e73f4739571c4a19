"""The demonstration's staff and its API token. Their passwords are no secret: it is a toy."""

import os
from pathlib import Path

from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.db import Database
from turnero_queue import catalogue, staff, tokens
from turnero_queue.models import Staff, StaffRole
from turnero_queue.permissions import Role

PASSWORD = "turnero-demo"  # noqa: S105 - printed for whoever tries the demonstration
TOKEN = "demo_token"  # noqa: S105 - the name of the file that keeps it
ADMINISTRATOR = "admin"
AUDITOR = "auditor"
COORDINATOR = "coordinadora"
EVERYWHERE = (
    (ADMINISTRATOR, "Rosa Quispe", Role.ADMINISTRATOR),
    (AUDITOR, "Elena Salas", Role.AUDITOR),
    (COORDINATOR, "Silvia Paredes", Role.SUPERVISOR),
)
# One name for each office, in turn.
AT_AN_OFFICE = (
    ("jefa", ("Carmen Flores", "Teresa Luna", "Hugo Palomino"), Role.SUPERVISOR),
    ("ventanilla", ("Luis Mamani", "Delia Condori", "Óscar Poma"), Role.ATTENDANT),
    ("caja", ("Marta Rojas", "Iván Solís", "Gladys Ponce"), Role.CASHIER),
    ("mesa", ("Julio Vega", "Noemí Arce", "Raúl Tello"), Role.RECEPTIONIST),
)
# The first desks are theirs; at the others sit colleagues.
AT_DESKS = ("ventanilla", "caja")
COLLEAGUES = (
    "Ana Huamán",
    "Pedro Salazar",
    "Rocío Medina",
    "Jorge Paucar",
    "Lucía Chávez",
    "Nelly Ramos",
)


def cast(database: Database, instance: Path) -> None:
    """Make the people of the whole city and those of each office, if they are not there yet."""
    with database.write() as session:
        made: Staff | None = None
        for login, name, role in EVERYWHERE:
            made = _person(session, login, name, role, None, made) or made
        for n, office in enumerate(catalogue.current(session).offices):
            for login, names, role in AT_AN_OFFICE:
                name, there = names[n % len(names)], f"{login}.{office.code}"
                made = _person(session, there, name, role, office.id, made) or made
        if not (instance / TOKEN).exists():
            _keep(instance / TOKEN, tokens.create(session, "demo", ["all"], clock.now()))


def colleagues(session: Session) -> None:
    """Those who sit at the other desks, with the password of all, so that figures have names."""
    for office in catalogue.current(session).offices:
        model = staff.find(session, f"{AT_DESKS[0]}.{office.code}")
        for n in range(len(AT_DESKS), len(office.desks)):
            login = at_desk(office.code, n)
            if model is None or staff.find(session, login) is not None:
                continue
            session.add(
                Staff(
                    login=login,
                    name=COLLEAGUES[(n - len(AT_DESKS)) % len(COLLEAGUES)],
                    # Hashing is slow on purpose, and this is the same password.
                    password_hash=model.password_hash,
                    must_change_password=False,
                    created_at=clock.now(),
                    roles=[StaffRole(role=Role.ATTENDANT.value, office_id=office.id)],
                )
            )


def at_desk(office_code: str, n: int) -> str:
    """The login of whoever works at desk number `n` of an office."""
    own = AT_DESKS[n] if n < len(AT_DESKS) else f"{AT_DESKS[0]}{n + 1}"
    return f"{own}.{office_code}"


def logins(session: Session) -> list[tuple[str, Role]]:
    """(login, role) of those to sign in as, the administrator first."""
    people: list[tuple[str, Role]] = [(login, role) for login, _name, role in EVERYWHERE]
    for office in catalogue.current(session).offices:
        people += [(f"{login}.{office.code}", role) for login, _names, role in AT_AN_OFFICE]
    return [person for person in people if staff.find(session, person[0])]


def token(instance: Path) -> str:
    return (instance / TOKEN).read_text().strip()


def _person(
    session: Session, login: str, name: str, role: Role, office_id: str | None, like: Staff | None
) -> Staff | None:
    """The new account; None if there is one. `like` is somebody made just now."""
    if staff.find(session, login) is not None:
        return None
    return staff.create(
        session,
        login,
        PASSWORD,
        clock.now(),
        name=name,
        role=role,
        office_id=office_id,
        must_change_password=False,
        like=like,
    )


def _keep(file: Path, secret: str) -> None:
    descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(secret + "\n")
