"""Whatever is asked of the API, within its description or beside it, it answers in its own way."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

from turnero_core import clock
from turnero_core.db import Database
from turnero_core.settings import Settings
from turnero_queue import configuration, tokens
from turnero_server.app import create_app

EXAMPLES = 12
# What every operation may answer: its own statuses, or an RFC 9457 problem.
JSON = ("application/json", "application/problem+json")
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
        self.schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
        self.operations: set[str] = set()
        self.statuses: set[int] = set()


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


@pytest.fixture(scope="module")
def schema(described: Described) -> Any:
    return described.schema


requests = schemathesis.pytest.from_fixture("schema")


@requests.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_breaks_it_and_every_answer_can_be_read(
    case: schemathesis.Case, described: Described
) -> None:
    for name, known in (("office", "centro"), ("desk", "1")):
        # Half of what is asked is asked of something that exists.
        if name in case.path_parameters and len(str(case.path_parameters[name])) % 2:
            case.path_parameters[name] = known
    answer = case.call(headers={"Authorization": f"Bearer {described.token}"})
    described.operations.add(case.operation.label)
    described.statuses.add(answer.status_code)
    assert answer.status_code < 500, answer.text
    if answer.status_code == 204:
        assert answer.content == b""
        return
    kind = answer.headers["content-type"][0].split(";")[0]
    assert kind in JSON
    body = answer.json()
    if answer.status_code >= 400:
        assert kind == "application/problem+json"
        assert body["status"] == answer.status_code
        assert body["type"].startswith("/problems/")
        assert body["title"]


def test_the_requests_went_everywhere_and_were_not_all_refused(described: Described) -> None:
    """Runs after the others: what they asked covered the description."""
    assert len(described.operations) == described.schema.statistic.operations.total
    assert described.statuses >= {200, 404, 422}
