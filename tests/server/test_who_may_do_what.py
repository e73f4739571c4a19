"""Every route of the staff, asked for as each role and as nobody: exactly what it declares.

Routes are taken from the running application, so a new one is walked without a line here. A
thing that does not exist (404) counts as let in: whoever may not enter is told so first.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update
from tests.admin.cityhall import CityHall, furnish
from werkzeug.routing import Rule

from turnero_core import clock, i18n
from turnero_core.web import access
from turnero_queue import sessions, staff
from turnero_queue.models import Office, StaffSession
from turnero_queue.permissions import ALLOWED, Permission, Role
from turnero_server.cli import permissions as matrix
from turnero_server.schema import folder

HERE, ELSEWHERE = "centro", "norte"
NOBODY = "nobody"
CAN = "can:"
# For what every office shares: who holds a role in one office alone is refused.
EVERYWHERE = "everywhere:"
STAFF_WORDS = ("staff", "own")
OTHER_WORDS = (access.PUBLIC, "loopback")
# What goes into an address, by the kind of its variable (`office` is the office walked).
VALUES: dict[str, Any] = {
    "UnicodeConverter": "x",
    "UUIDConverter": UUID("01890000-0000-7000-8000-000000000000"),
    "IntegerConverter": 1,
    "FloatConverter": 1.0,
    "PathConverter": "x",
    "DateConverter": clock.now().date(),
}


class Walk:
    """An application on a database of its own, and one signed-in browser of each role."""

    def __init__(self, hall: CityHall) -> None:
        self.hall = hall
        self.app: Flask = hall.app
        with hall.database.write() as session:
            office = session.scalars(select(Office).where(Office.code == HERE)).one()
            self.sessions = {role: self._person(session, role, office.id) for role in Role}
            self.of_the_city = {role: self._person(session, role, None) for role in Role}

    def _person(self, session: Any, role: Role, office_id: str | None) -> str:
        person = staff.create(
            session,
            role.value if office_id else f"city-{role}",
            staff.random_password(),
            clock.now(),
            name=role.value,
            role=role,
            office_id=office_id,
            must_change_password=False,
        )
        return sessions.begin(session, person, clock.now(), address="", agent="").id

    def ask(
        self, role: str, rule: Rule, method: str, office: str = HERE, *, of_the_city: bool = False
    ) -> tuple[int, str]:
        """Status and location of the answer."""
        client = self.app.test_client()
        if role != NOBODY:
            known = self.of_the_city if of_the_city else self.sessions
            with client.session_transaction() as cookie:
                cookie["_user_id"] = known[Role(role)]
        answer = client.open(
            self.address(rule, office), method=method, headers={"Accept": "text/html"}
        )
        found = answer.status_code, answer.location or ""
        answer.close()
        with self.hall.database.write() as session:
            # Whoever ended their own session goes on walking.
            session.execute(update(StaffSession).values(revoked_at=None))
        return found

    def address(self, rule: Rule, office: str) -> str:
        values = {}
        for name, converter in rule._converters.items():
            kind = type(converter).__name__
            if kind not in VALUES:
                pytest.fail(f"{rule.rule}: add a value for {kind} to VALUES of this test")
            values[name] = office if name == "office" else VALUES[kind]
        with self.app.test_request_context():
            path: str = self.app.url_map.bind("localhost").build(rule.endpoint, values)
        return path

    def routes(self) -> Iterator[tuple[Rule, str, tuple[str, ...]]]:
        """Every route that a member of staff may use, with what it declares."""
        for rule in self.app.url_map.iter_rules():
            who = access.declared(self.app.view_functions[rule.endpoint])
            if any(word in STAFF_WORDS or word.startswith((CAN, EVERYWHERE)) for word in who):
                for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                    yield rule, method, who


@pytest.fixture(scope="module")
def walk(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    folder_ = tmp_path_factory.mktemp("walk")
    furnished = folder_ / "furnished.db"
    shutil.copyfile(migrated_sqlite, furnished)
    furnish(f"sqlite:///{furnished}")
    hall = CityHall(folder_)
    hall.reopen(furnished)
    # Forms carry a token against other sites; here it is asked who may send them at all.
    hall.app.config["WTF_CSRF_ENABLED"] = False
    yield Walk(hall)
    hall.database.dispose()


def permissions_of(who: tuple[str, ...]) -> set[Permission]:
    return {Permission(word.removeprefix(CAN)) for word in who if word.startswith(CAN)}


def may(role: str, who: tuple[str, ...]) -> bool:
    if any(word in STAFF_WORDS for word in who):
        return True
    return bool(permissions_of(who) & ALLOWED[Role(role)])


def may_in_the_city(role: str, who: tuple[str, ...]) -> bool:
    shared = {
        Permission(word.removeprefix(EVERYWHERE)) for word in who if word.startswith(EVERYWHERE)
    }
    return bool(shared & ALLOWED[Role(role)])


def refused(status: int, location: str) -> bool:
    return status in (401, 403) or location.startswith("/login")


def test_what_routes_declare_is_something_that_exists(walk: Walk) -> None:
    known = {f"{word}{permission}" for permission in Permission for word in (CAN, EVERYWHERE)}
    known |= {*STAFF_WORDS, *OTHER_WORDS}
    declared = {
        (rule.rule, word)
        for rule in walk.app.url_map.iter_rules()
        for word in access.declared(walk.app.view_functions[rule.endpoint])
    }
    strange = {
        (rule, word)
        for rule, word in declared
        if word not in known and not word.startswith(("scope:", "device"))
    }
    assert strange == set()


def test_nobody_gets_further_than_the_door(walk: Walk) -> None:
    inside = [
        f"{method} {rule.rule}: {answer}"
        for rule, method, _ in walk.routes()
        if (answer := walk.ask(NOBODY, rule, method))[0] != 401
        and not answer[1].startswith("/login")
    ]
    assert inside == []


@pytest.mark.parametrize("role", list(Role))
def test_a_role_enters_exactly_what_it_may(walk: Walk, role: Role) -> None:
    wrong, count = [], 0
    for rule, method, who in walk.routes():
        status, location = walk.ask(role, rule, method)
        count += 1
        allowed = not refused(status, location)
        if allowed != may(role, who) or status >= 500 or (not allowed and status != 403):
            wrong.append(f"{method} {rule.rule} ({', '.join(who)}): {status} {location}")
    assert wrong == []
    assert count >= 25


@pytest.mark.parametrize("role", list(Role))
def test_what_offices_share_is_for_roles_in_all_of_them(walk: Walk, role: Role) -> None:
    wrong, count = [], 0
    for rule, method, who in walk.routes():
        if any(word.startswith(EVERYWHERE) for word in who):
            status, location = walk.ask(role, rule, method, of_the_city=True)
            count += 1
            if refused(status, location) == may_in_the_city(role, who) or status >= 500:
                wrong.append(f"{method} {rule.rule} ({', '.join(who)}): {status} {location}")
    assert wrong == []
    assert count


@pytest.mark.parametrize("role", list(Role))
def test_a_role_in_one_office_is_none_in_another(walk: Walk, role: Role) -> None:
    wrong = [
        f"{method} {rule.rule}: {status}"
        for rule, method, who in walk.routes()
        if "office" in rule.arguments and permissions_of(who)
        if (status := walk.ask(role, rule, method, ELSEWHERE)[0]) != 403
    ]
    assert wrong == []


def test_the_table_in_the_documentation_is_the_one_in_force(walk: Walk) -> None:
    i18n.set_language("en")
    kept = (folder().parent / "docs" / "permissions.md").read_text()
    assert kept == matrix.page(), "write it anew: turnero permissions > docs/permissions.md"
