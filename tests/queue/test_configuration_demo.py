"""The demo municipality is complete in every language, fits the screens and can be worked in."""

from dataclasses import fields
from pathlib import Path

import pytest

import turnero_server
from turnero_core.db import Database
from turnero_queue.configuration import Configuration, apply, diff, dump, parse
from turnero_queue.configuration.sections import OFFICE_KEYS, SERVICE_KEYS
from turnero_queue.configuration.values import Names
from turnero_queue.rules import Rules

FILE = Path(turnero_server.__file__).parent / "demo" / "municipality.yaml"
TILE = 38
LANGUAGES = ("es", "en", "pt")


@pytest.fixture(scope="module")
def demo() -> Configuration:
    return parse(FILE.read_bytes(), FILE.name)


def every_name(demo: Configuration) -> list[Names]:
    desks = [desk for office in demo.offices for desk in office.desks]
    entries = (*demo.categories, *demo.services, *demo.priorities, *demo.offices, *desks)
    return [entry.name for entry in entries]


def test_nothing_in_it_is_doubtful(demo: Configuration) -> None:
    assert demo.warnings == ()


def test_every_text_is_written_in_all_three_languages(demo: Configuration) -> None:
    texts = every_name(demo)
    for service in demo.services:
        texts += [service.description, service.place, *service.requirements]
    texts += [priority.description for priority in demo.priorities]
    texts += [closure.reason for office in demo.offices for closure in office.closures]
    assert [names for names in texts if tuple(names) != LANGUAGES] == []


def test_every_name_fits_a_tile(demo: Configuration) -> None:
    assert [text for names in every_name(demo) for text in names.values() if len(text) > TILE] == []


def test_descriptions_are_one_sentence_and_requirements_few(demo: Configuration) -> None:
    for service in demo.services:
        assert 1 <= len(service.requirements) <= 5, service.code
        for text in service.description.values():
            assert text.endswith("."), text
            assert ". " not in text, text


def test_no_screen_has_more_than_six_tiles(demo: Configuration) -> None:
    categories = [service.category for service in demo.services]
    assert len(demo.categories) == 6
    assert max(categories.count(category.code) for category in demo.categories) <= 6
    assert set(categories) == {category.code for category in demo.categories}


def test_it_is_the_size_of_a_provincial_city(demo: Configuration) -> None:
    assert len(demo.offices) == 3
    assert len(demo.services) == 26
    assert sum(len(office.desks) for office in demo.offices) == 12
    assert [p.head_start_minutes for p in demo.priorities] == [0, 45]


def test_everything_has_an_icon_and_somebody_who_attends_it(demo: Configuration) -> None:
    assert all(entry.icon for entry in (*demo.categories, *demo.services, *demo.priorities))
    offered = {offer.code for office in demo.offices for offer in office.services}
    assert offered == {service.code for service in demo.services}


def test_it_loads_and_is_written_back_as_it_stands(demo: Configuration, database: Database) -> None:
    with database.write() as session:
        apply(session, demo, actor="demo")
        assert diff(session, demo) == []
        written = dump(session)
    text = FILE.read_text("utf-8")
    assert written == text[text.index("municipality:") :]


def test_the_manual_knows_every_key_and_its_example_loads() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text("utf-8")
    example = next(part for part in manual.split("```yaml\n") if part.startswith("municipality:"))
    assert parse(example.split("```")[0], "manual").warnings == ()
    keys = {*SERVICE_KEYS, *OFFICE_KEYS, *(rule.name for rule in fields(Rules))}
    assert [key for key in sorted(keys) if f"| `{key}` |" not in manual] == []
