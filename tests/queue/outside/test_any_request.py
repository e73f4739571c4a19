"""Whatever is asked of the API, within its description or beside it, it answers in its own way."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings, strategies
from tests.effort import effort

from turnero_core import clock
from turnero_core.db import Database
from turnero_core.settings import Settings
from turnero_queue import configuration, tokens
from turnero_server.app import create_app

EXAMPLES = effort(25, 250)
# Half of what is asked is asked of something that exists.
KNOWN = {"office": "centro", "desk": "1", "service": "rentas"}
CITY = b"""
municipality: {name: San Martin, timezone: America/Lima, locale: es, languages: [es], currency: PEN}
services:
  - {code: rentas, prefix: R, name: {es: Rentas}}
priorities:
  - {code: standard, name: {es: General}}
offices:
  - code: centro
    name: {es: Centro}
    hours: {mon-sun: ["00:00-24:00"]}
    desks:
      - {code: "1", name: {es: Ventanilla 1}, services: [rentas]}
"""


class Described:
    """The API's own description of itself, the token that opens it, and what it was asked."""

    def __init__(self, database: Database, folder: Path) -> None:
        app = create_app(Settings(folder, str(database.url), "not-a-secret", "", 0), database)
        with database.write() as session:
            configuration.apply(session, configuration.parse(CITY, "city.yaml"), actor="test")
            self.token = tokens.create(session, "test", ["all"], clock.now())
        described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
        # A stream has no end to wait for.
        self.schema = described.exclude(path_regex="^/live/")


@pytest.fixture(scope="module")
def described(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Described]:
    folder = tmp_path_factory.mktemp("described")
    file = folder / "turnero.db"
    file.write_bytes(migrated_sqlite.read_bytes())
    database = Database(f"sqlite:///{file}")
    yield Described(database, folder)
    database.dispose()


def test_no_request_breaks_it_and_every_answer_can_be_read(described: Described) -> None:
    statuses: dict[str, set[int]] = {}
    for found in described.schema.get_all_operations():
        operation = found.ok()
        statuses[operation.label] = ask_anything(operation, described.token)
    assert len(statuses) > 20
    # The requests were not all refused for one and the same reason.
    assert set.union(*statuses.values()) >= {200, 201, 404, 422}


def ask_anything(operation: Any, token: str) -> set[int]:
    """Ask one operation what its description makes possible, and things beside it."""
    statuses: set[int] = set()

    @given(case=operation.as_strategy(), known=strategies.booleans())
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any, known: bool) -> None:
        if known:
            make_known(case.path_parameters)
            make_known(case.body)
        answer = case.call(headers={"Authorization": f"Bearer {token}"})
        check_readable(answer)
        statuses.add(answer.status_code)

    ask()
    return statuses


def make_known(part: Any) -> None:
    """Name an office, a desk or a service that there is, where one is named."""
    if isinstance(part, dict):
        part.update({name: KNOWN[name] for name in part.keys() & KNOWN.keys()})


def check_readable(answer: Any) -> None:
    assert answer.status_code < 500, answer.text
    if answer.status_code == 204:
        assert answer.content == b""
        return
    kind = answer.headers["content-type"][0].split(";")[0]
    body = answer.json()
    if answer.status_code < 400:
        assert kind == "application/json"
        return
    assert kind == "application/problem+json"
    assert body["status"] == answer.status_code
    assert body["type"].startswith("/problems/")
    assert body["title"]
