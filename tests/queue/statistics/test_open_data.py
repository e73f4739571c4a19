"""The public dataset: nobody alone in it, and switched off unless a municipality wants it."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from hypothesis import given, strategies
from sqlalchemy import text
from tests.queue.town import Town

from turnero_core import clock as time_of_day
from turnero_queue.statistics import open_data, updating
from turnero_queue.statistics.open_data import FEWEST, Group

MONDAY = date(2026, 3, 2)


def group(service: str, hour: int, people: int) -> Group:
    return Group("centro", service, hour, people, people, people, 0, 0)


def seen(*groups: Group) -> list[tuple[str, int, int]]:
    return [(one.service, one.hour, one.people) for one in open_data.shown(groups)]


def test_a_small_group_is_hidden_with_another_from_which_it_would_follow() -> None:
    rentas = [group("rentas", hour, people) for hour, people in ((8, 4), (9, 9), (10, 7))]

    assert seen(*rentas) == [("rentas", 9, 9)]


def test_two_small_groups_hide_each_other_when_they_are_enough_together() -> None:
    rentas = [group("rentas", hour, people) for hour, people in ((8, 4), (9, 1), (10, 7))]

    assert seen(*rentas) == [("rentas", 10, 7)]
    rentas = [group("rentas", hour, people) for hour, people in ((8, 2), (9, 1), (10, 7), (11, 9))]
    assert seen(*rentas) == [("rentas", 11, 9)]


CELLS = strategies.dictionaries(
    strategies.tuples(strategies.sampled_from("abc"), strategies.integers(8, 12)),
    strategies.integers(1, 12),
    min_size=1,
)


@given(CELLS)
def test_no_hidden_number_follows_from_a_total(cells: dict[tuple[str, int], int]) -> None:
    groups = [group(service, hour, people) for (service, hour), people in cells.items()]
    shown = set(open_data.shown(groups))

    assert all(one.people >= FEWEST for one in shown)
    for line in lines(groups):
        hidden = [one for one in line if one not in shown]
        if hidden and len(hidden) < len(line):
            assert len(hidden) > 1
            assert sum(one.people for one in hidden) >= FEWEST


def lines(groups: list[Group]) -> Iterator[list[Group]]:
    for name in ("service", "hour"):
        for value in {getattr(one, name) for one in groups}:
            yield [one for one in groups if getattr(one, name) == value]


def fetch(town: Town, path: str, **kwargs: Any) -> Any:
    return town.app.test_client().get(f"/open-data/{path}", **kwargs)


def fill(town: Town, clock: time_machine.Traveller) -> None:
    """Monday: six turns for rentas, all attended, three for catastro, two for caja; then a day."""
    town.configure(Service__rentas={"name": {"es": "=1+1"}})
    for _ in range(6):
        town.take()
    for service in ("catastro", "caja", "catastro", "caja", "catastro"):
        town.take(service)
    clock.shift(600)
    for _ in range(7):
        town.do("start", town.called("1", finish_current=True))
        clock.shift(240)
    clock.shift(24 * 3600)
    with town.database.write() as session:
        updating.bring_up_to_date(session, time_of_day.now())


def test_it_is_switched_off_until_a_municipality_wants_it(
    small_town: Town, clock: time_machine.Traveller
) -> None:
    fill(small_town, clock)
    for path in ("", "dictionary.json", "2026-03-02.csv", "2026-03-02.json"):
        assert fetch(small_town, path).status_code == 404

    small_town.configure(Office__norte={"rules": {"open_data_published": 1}})
    assert fetch(small_town, "2026-03-02.json").get_json()["rows"] == []


def test_a_day_that_is_over_is_there_for_everybody_and_the_present_one_is_not(
    town: Town, clock: time_machine.Traveller
) -> None:
    fill(town, clock)
    town.configure(Municipality={"rules": {"open_data_published": 1}})
    index = fetch(town, "").get_json()
    assert [day["date"] for day in index["days"]] == ["2026-03-02"]
    answer = fetch(town, "2026-03-02.json")
    (row,) = answer.get_json()["rows"]

    assert (row["service"], row["hour"], row["people"], row["attended"]) == ("rentas", 9, 6, 6)
    # Called after 10, 14, … 30 minutes, and attended for four each.
    assert (row["mean_wait_minutes"], row["mean_attention_minutes"]) == (20, 4)
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    again = fetch(town, "2026-03-02.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    for day in ("2026-03-03", "2026-04-31", "yesterday"):
        assert fetch(town, f"{day}.csv").status_code == 404

    (line,) = csv.DictReader(io.StringIO(fetch(town, "2026-03-02.csv").text.lstrip("\ufeff")))
    assert line["service_name"] == "'=1+1"
    assert tuple(line) == open_data.PUBLISHED


def test_the_dictionary_classes_every_column_and_publishes_open_ones_alone(
    small_town: Town,
) -> None:
    small_town.configure(Municipality={"rules": {"open_data_published": 1}})
    columns = fetch(small_town, "dictionary.json").get_json()["columns"]

    assert {column["class"] for column in columns} == {"open", "restricted", "sensitive"}
    for column in columns:
        assert column["published"] == (column["class"] == "open") == (not column["kept_because"])


def test_the_dictionary_speaks_the_language_asked_for_of_the_same_columns(
    small_town: Town,
) -> None:
    small_town.configure(Municipality={"rules": {"open_data_published": 1}})
    addresses = fetch(small_town, "").get_json()["dictionaries"]
    said = {}
    for language, address in addresses.items():
        answer = fetch(small_town, address.removeprefix("/open-data/"))
        assert answer.headers["Content-Language"] == answer.get_json()["language"] == language
        said[language] = answer.get_json()["columns"]

    assert set(said) == {"es", "en", "pt"}
    for columns in zip(*said.values(), strict=True):
        same = [{**column, "meaning": "", "kept_because": ""} for column in columns]
        assert same[0] == same[1] == same[2]
        assert len({column["meaning"] for column in columns}) == 3
        assert len({column["kept_because"] for column in columns}) in (1, 3)
    asked = fetch(small_town, "dictionary.json", headers={"Accept-Language": "pt-BR,pt"})
    assert asked.get_json()["columns"] == said["pt"]
    assert "Accept-Language" in asked.headers["Vary"]


@pytest.mark.parametrize("view", ["bi_hours", "bi_desk_hours", "bi_days"])
def test_views_for_other_programs_add_up_and_name_nobody(
    town: Town, clock: time_machine.Traveller, view: str
) -> None:
    fill(town, clock)
    with town.database.read() as session:
        found = session.execute(text(f"SELECT * FROM {view}")).mappings().all()  # noqa: S608
    assert not {"staff", "priority", "ticket", "actor"} & found[0].keys()
    if view == "bi_desk_hours":
        assert sum(row["attentions"] for row in found) == 7
    else:
        assert sum(row["issued"] for row in found) == 11
        assert sum(row["served"] for row in found) == 6
