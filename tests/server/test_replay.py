"""turnero replay: a recorded day against the real server, and everybody accounted for."""

import random
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from tests.server.installation import Installation
from tests.server.test_serving import running

from turnero_core.db import Database
from turnero_core.errors import Invalid, Unavailable
from turnero_queue import catalogue
from turnero_queue.models import Ticket
from turnero_server.demo.municipality import load
from turnero_server.replay import account, office
from turnero_server.replay.client import Answer, Client
from turnero_server.replay.day import Day, Person, read

HEADER = "arrival,service,wait_s,outcome,service_s,desk"
YES = "Nobody unaccounted for: yes."


def write_day(file: Path, people: int = 40) -> Counter[str]:
    """A made-up morning of three desks; gives how many have each outcome."""
    dice = random.Random(1)  # noqa: S311 - the same morning each time
    lines, outcomes = [HEADER], Counter[str]()
    for number in range(people):
        at = 9 * 3600 + number * 45
        outcome = "left" if number % 8 == 5 else "no_show" if number % 20 == 7 else "served"
        desk = "" if outcome != "served" else f"D{number % 3 + 1}"
        lasts = dice.randint(40, 150) if outcome == "served" else 0
        clock = f"{at // 3600:02}:{at % 3600 // 60:02}:{at % 60:02}"
        service = "PS" if number % 3 else "NW"
        lines.append(f"{clock},{service},{dice.randint(0, 60)},{outcome},{lasts},{desk}")
        outcomes[outcome] += 1
    file.write_text("\n".join(lines) + "\n")
    return outcomes


@pytest.fixture
def demo(tmp_path: Path) -> Installation:
    instance = tmp_path / "instance"
    return Installation(instance, f"sqlite:///{instance / 'turnero.db'}")


def tickets(installation: Installation, office_code: str) -> list[Ticket]:
    database = Database(installation.database_url)
    with database.read() as session:
        place = catalogue.current(session).office(office_code)
        found = list(session.scalars(select(Ticket).where(Ticket.office_id == place.id)))
    database.dispose()
    return found


def test_everybody_of_a_morning_is_accounted_for(demo: Installation, tmp_path: Path) -> None:
    outcomes = write_day(tmp_path / "day.csv")
    with running(demo, "demo", "--without-past") as (url, _):
        said = demo.run("replay", tmp_path / "day.csv", "--speed", "900")
        assert YES in said
        elsewhere = demo.run(
            "replay", tmp_path / "day.csv", "--speed", "1800", "--office", "norte",
            "--map", "PS=estado-cuenta",
        )  # fmt: skip
        assert YES in elsewhere
        offices = httpx.get(f"{url}/api/v1/offices").json()["offices"]
    found = tickets(demo, "replay")
    assert len(found) == outcomes.total()
    ends = Counter(ticket.state for ticket in found)
    assert set(ends) <= {"done", "cancelled", "no_show"}
    assert ends["no_show"] == outcomes["no_show"]
    # Whoever left in the record stays when called earlier here; nobody else leaves.
    assert ends["cancelled"] <= outcomes["left"]
    assert ends["done"] >= outcomes["served"]
    assert len(tickets(demo, "norte")) == outcomes.total()
    assert "replay" in [place["code"] for place in offices]


def test_a_server_that_is_not_there_is_said_in_words(demo: Installation, tmp_path: Path) -> None:
    write_day(tmp_path / "day.csv", 2)
    said = demo.refused(
        "replay", tmp_path / "day.csv", "--url", "http://127.0.0.1:9", "--token", "x",
        "--office", "centro",
    )  # fmt: skip
    assert "does not answer" in said


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(401, {"detail": "The token is unknown."}), "refuses: The token is unknown."),
        (Answer(404, {}), "refuses: HTTP 404"),
    ],
)
def test_a_server_that_refuses_is_found_out_before_the_day_begins(
    answer: Answer, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client("http://127.0.0.1:9", "token")
    monkeypatch.setattr(client, "get", lambda path: answer)
    with pytest.raises(Unavailable, match=said):
        client.check()
    nobodys = Answer(404, {"type": "/problems/not-found"})
    monkeypatch.setattr(client, "get", lambda path: nobodys)
    client.check()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("arrival,service\n9:00,PS\n", "lacks the columns wait_s, outcome, service_s, desk"),
        (f"{HEADER}\n", "has nobody in it"),
        (f"{HEADER}\n9:00,PS,0,served,60,D1\n9:61,PS,0,served,60,D1\n", "line 3"),
        (f"{HEADER}\n9:00,PS,0,vanished,60,D1\n", "vanished"),
        (f"{HEADER}\n9:00,PS,-1,served,60,D1\n", "line 2"),
        (f"{HEADER}\n9:00,PS,soon,served,60,D1\n", "line 2"),
        (f"{HEADER}\n9:00,PS,inf,served,60,D1\n", "line 2"),
        (f"{HEADER}\n9:00,PS,0,served,nan,D1\n", "line 2"),
        (f"{HEADER}\n9:00,{'P' * 200_000},0,served,60,D1\n", "is no CSV in UTF-8"),
        ("\udcff\udcfe", "is no CSV in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_played_is_refused_with_its_line(
    content: str, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "day.csv"
    file.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(Invalid) as refused:
        read(file)
    assert said in str(refused.value)


def test_a_desk_works_from_its_first_to_its_last_attention() -> None:
    day = Day(
        (
            Person(100, "PS", 20, "served", 30, "D1"),
            Person(110, "NW", 5, "served", 10, "D2"),
            Person(300, "NW", 0, "served", 60, "D1"),
            Person(310, "PS", 40, "left", 0, ""),
        )
    )
    assert [(shift.desk, shift.begins, shift.ends) for shift in day.shifts] == [
        ("D1", 120, 360),
        ("D2", 115, 125),
    ]
    assert day.shifts[0].services == ("NW", "PS")
    assert (day.begins, day.ends) == (100, 360)


def test_the_office_made_for_a_day_leaves_the_others_as_they_are(
    database: Database, tmp_path: Path
) -> None:
    load(database)
    write_day(tmp_path / "day.csv")
    day = read(tmp_path / "day.csv")
    with database.read() as session:
        before = catalogue.current(session)
    for _ in range(2):
        with database.write() as session:
            place = office.make(session, day)
    with database.read() as session:
        after = catalogue.current(session)
    assert after.offices[:-1] == before.offices
    made = after.office("replay")
    assert [desk.code for desk in made.desks] == ["D1", "D2", "D3"]
    assert {service.code for service in made.services} == {"replay-ps", "replay-nw"}
    assert place.services == {"NW": "replay-nw", "PS": "replay-ps"}


class Forgetful(Client):
    """A server that has lost some tickets, and left one waiting."""

    def __init__(self, known: dict[str, str]) -> None:
        super().__init__("http://127.0.0.1:9", "x")
        self._known = known

    def get(self, path: str) -> Answer:
        state = self._known.get(path.rpartition("/")[2])
        body: dict[str, Any] = {"state": state, "issued_at": "2026-03-02T14:05:00Z", "events": []}
        return Answer(200, body) if state else Answer(404, {})


def test_whoever_the_server_does_not_know_or_still_holds_is_unaccounted_for() -> None:
    client = Forgetful({"a": "done", "b": "waiting", "c": "cancelled"})
    found = account.settle(client, 5, {0: "a", 1: "b", 2: "c", 3: "lost"})
    assert found.ends == {"served": 1, "left": 1}
    assert found.issued == 3
    assert found.unaccounted == 3
