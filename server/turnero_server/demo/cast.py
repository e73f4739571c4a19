"""The demonstration's staff and its API token. Their passwords are no secret: it is a toy."""

import os
from pathlib import Path

from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.db import Database
from turnero_queue import catalogue, staff, tokens

PASSWORD = "turnero-demo"  # noqa: S105 - printed for whoever tries the demonstration
TOKEN = "demo_token"  # noqa: S105 - the name of the file that keeps it
ADMINISTRATOR = "admin"


def cast(database: Database, instance: Path) -> None:
    """Make an administrator and each office's supervisor and clerk, if they are not there yet."""
    with database.write() as session:
        _person(session, ADMINISTRATOR, "Rosa Quispe", "admin", None)
        for office in catalogue.current(session).offices:
            _person(session, f"jefa.{office.code}", "Carmen Flores", "supervisor", office.id)
            _person(session, f"ventanilla.{office.code}", "Luis Mamani", "clerk", office.id)
        if not (instance / TOKEN).exists():
            _keep(instance / TOKEN, tokens.create(session, "demo", ["all"], clock.now()))


def logins(session: Session) -> list[tuple[str, str]]:
    """(login, role) of everybody, the administrator first."""
    people = [(ADMINISTRATOR, "admin")]
    for office in catalogue.current(session).offices:
        people += [(f"jefa.{office.code}", "supervisor"), (f"ventanilla.{office.code}", "clerk")]
    return [person for person in people if staff.find(session, person[0])]


def token(instance: Path) -> str:
    return (instance / TOKEN).read_text().strip()


def _person(session: Session, login: str, name: str, role: str, office_id: str | None) -> None:
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
