"""Units of work: one transaction, whole or not at all, and times that keep their instant."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from turnero_core.db import Database, JsonValue, UTCDateTime

notes = Table(
    "note",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("at", UTCDateTime),
    Column("data", JsonValue),
)
LIMA = timezone(timedelta(hours=-5))
NOON = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=LIMA)


@pytest.fixture
def database(blank_database_url: str) -> Iterator[Database]:
    opened = Database(blank_database_url)
    notes.create(opened.engine)
    yield opened
    opened.dispose()


def count(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(notes)) or 0


def add(session: Session, **values: object) -> None:
    session.execute(insert(notes).values(**values))


def test_a_unit_of_work_commits_at_its_end(database: Database) -> None:
    with database.write() as session:
        add(session, id=1)
        add(session, id=2)
    assert count(database) == 2


def test_a_unit_that_raises_is_rolled_back_whole_and_the_next_one_works(
    database: Database,
) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        add(session, id=1)
        add(session, id=1)
    assert count(database) == 0
    with database.write() as session:
        add(session, id=3)
    assert count(database) == 1


def test_what_is_written_in_a_read_unit_is_not_kept(database: Database) -> None:
    with database.read() as session:
        add(session, id=1)
    assert count(database) == 0


def test_hooks_run_around_the_commit_and_not_at_all_when_it_fails(database: Database) -> None:
    seen: list[tuple[str, int]] = []
    database.before_commit.append(lambda _: seen.append(("before", count(database))))
    database.after_commit.append(lambda _: seen.append(("after", count(database))))
    with database.write() as session:
        add(session, id=1)
    assert seen == [("before", 0), ("after", 1)]
    with pytest.raises(RuntimeError, match="stop"), database.write() as session:
        add(session, id=2)
        raise RuntimeError("stop")
    assert seen == [("before", 0), ("after", 1)]


def test_a_hook_that_fails_before_the_commit_undoes_the_unit(database: Database) -> None:
    def refuse(_session: Session) -> None:
        raise RuntimeError("cannot announce")

    database.before_commit.append(refuse)
    with pytest.raises(RuntimeError, match="cannot announce"), database.write() as session:
        add(session, id=1)
    assert count(database) == 0


def test_a_time_of_any_zone_comes_back_as_the_same_instant_in_utc(database: Database) -> None:
    with database.write() as session:
        add(session, id=1, at=NOON)
        add(session, id=2, at=None)
    with database.read() as session:
        stored, nothing = session.scalars(select(notes.c.at).order_by(notes.c.id))
    assert stored == NOON
    assert stored.tzinfo is UTC
    assert nothing is None


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(StatementError, match="without a zone"), database.write() as session:
        add(session, id=1, at=naive)
    assert count(database) == 0


def test_times_are_compared_as_instants(database: Database) -> None:
    with database.write() as session:
        add(session, id=1, at=NOON)
    with database.read() as session:
        earlier = select(notes.c.id).where(notes.c.at < NOON.astimezone(UTC))
        same = select(notes.c.id).where(notes.c.at == NOON.astimezone(UTC))
        assert session.scalar(earlier) is None
        assert session.scalar(same) == 1


def test_json_comes_back_as_it_was(database: Database) -> None:
    value = {"es": "Trámite", "n": [1, 2.5, None, True], "empty": {}}
    with database.write() as session:
        add(session, id=1, data=value)
    with database.read() as session:
        assert session.scalar(select(notes.c.data)) == value


def test_sqlite_is_durable_and_checks_references(tmp_path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'turnero.db'}")
    with database.read() as session:
        connection = session.connection()
        ask = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS}
    database.dispose()
    assert ask == PRAGMAS


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
