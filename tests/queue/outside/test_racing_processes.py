"""Processes that share a database without a server between them."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, install: Callable[[str], Any]) -> str:
    """The address of a configured database that nobody serves."""
    address: str = install(request.param).database_url
    return address


def test_processes_that_issue_and_call_together_agree(
    url: str, race: Callable[..., list[str]], check_consistent: Callable[[str], None]
) -> None:
    office = "office-1"
    issued = race(url, *[("issue", office, "60")] * 2)
    assert sorted(issued) == [f"R{n:03}" for n in range(1, 121)]
    mixed = race(url, ("issue", office, "40"), ("call", office, "1"), ("call", office, "2"))
    rest = race(url, ("call", office, "1"), ("call", office, "2"))
    taken = Counter(mixed) + Counter(rest)
    # Issued once by the first racer of the second race, and called once by somebody.
    assert taken == Counter(issued) + Counter({f"R{n:03}": 2 for n in range(121, 161)})
    check_consistent(url)
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        calls = "SELECT count(*) FROM ticket_event WHERE kind = 'called'"
        assert connection.scalar(text(calls)) == 160
        in_order = "SELECT ticket_id FROM ticket_event WHERE kind = '{}' ORDER BY seq"
        called = connection.scalars(text(in_order.format("called"))).all()
        assert called == connection.scalars(text(in_order.format("issued"))).all()
