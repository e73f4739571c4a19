"""The one role that accounts had becomes a role like the others, and goes back."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import inspect, text

from turnero_core.db import Database
from turnero_server import schema

PERSON = (
    "INSERT INTO staff (id, login, name, password_hash, must_change_password, role, office_id, "
    "failed_attempts, active, created_at) VALUES "
    "(:id, :id, :id, 'x', false, :role, :office, 0, true, '2026-03-02 14:05:00')"
)
BEFORE = [("ana", "clerk", "o1"), ("luis", "supervisor", "o1"), ("rosa", "admin", None)]


@pytest.fixture
def blank(blank_database_url: str) -> Iterator[Database]:
    database = Database(blank_database_url)
    yield database
    database.dispose()


def rows(database: Database, query: str) -> list[Any]:
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def required_columns(database: Database) -> dict[str, Any]:
    return {
        column["name"]: column["type"]
        for column in inspect(database.engine).get_columns("office")
        if not column["nullable"]
    }


def test_every_account_keeps_its_role_and_its_office_both_ways(blank: Database) -> None:
    schema.upgrade(blank, "0003")
    with blank.engine.begin() as connection:
        names = required_columns(blank)
        values = {name: _value(name, str(kind)) for name, kind in names.items()}
        marks = ", ".join(f"CAST(:{name} AS {kind})" for name, kind in names.items())
        insert = f"INSERT INTO office ({', '.join(names)}) VALUES ({marks})"  # noqa: S608
        connection.execute(text(insert), values)
        for login, role, office in BEFORE:
            connection.execute(text(PERSON), {"id": login, "role": role, "office": office})
    schema.upgrade(blank, "0004")
    query = "SELECT staff_id, role, office_id FROM staff_role ORDER BY staff_id"
    assert rows(blank, query) == [
        ("ana", "attendant", "o1"),
        ("luis", "supervisor", "o1"),
        ("rosa", "administrator", None),
    ]
    with blank.engine.begin() as connection:
        connection.execute(text("INSERT INTO staff_role VALUES ('r1', 'ana', 'supervisor', NULL)"))
        connection.execute(text("UPDATE staff_role SET role = 'auditor' WHERE staff_id = 'luis'"))
    schema.downgrade(blank, "0003")
    assert rows(blank, "SELECT id, role, office_id, active FROM staff ORDER BY id") == [
        ("ana", "supervisor", None, True),
        ("luis", "clerk", None, False),
        ("rosa", "admin", None, True),
    ]


def _value(name: str, kind: str) -> Any:
    if name == "id":
        return "o1"
    if "JSON" in kind:
        return "[]" if name == "closures" else "{}"
    if "BOOL" in kind:
        return True
    return 1 if "INT" in kind else "centro"
