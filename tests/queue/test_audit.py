"""The audit log: what is written stays as it was, and whoever touches it is found out."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from turnero_core.db import Database
from turnero_queue import audit
from turnero_queue.models import AuditEntry

NOW = datetime(2026, 3, 2, 14, 5, 1, 234567, tzinfo=UTC)


def note(session, action: str = "sign-in", **more) -> None:
    audit.record(session, actor="staff:rosa", action=action, now=NOW, **more)


def filled(database: Database, count: int = 5) -> None:
    with database.write() as session:
        for n in range(count):
            note(session, subject=f"thing:{n}", before={"n": n - 1}, after={"n": n, "ñ": "Á"})


def tamper(database: Database, *statements: str) -> None:
    """What somebody with the database's own password could do."""
    with database.engine.begin() as connection:
        if database.sqlite:
            names = connection.scalars(text("SELECT name FROM sqlite_master WHERE type='trigger'"))
            for name in names.all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement))
        if not database.sqlite:
            connection.execute(text("SET session_replication_role = origin"))


def found(database: Database) -> audit.Finding:
    with database.read() as session:
        return audit.verify(session)


def test_an_untouched_log_is_whole_from_the_first_entry_on(database: Database) -> None:
    assert found(database) == audit.Finding(0, audit.START)
    filled(database)
    assert found(database).whole
    assert found(database).entries == 5


@pytest.mark.parametrize(
    ("change", "broken_at"),
    [
        ("UPDATE audit_entry SET reason = 'x' WHERE seq = 3", 3),
        ("UPDATE audit_entry SET after = replace(after, '3', '4') WHERE seq = 4", 4),
        ("DELETE FROM audit_entry WHERE seq = 2", 2),
        ("DELETE FROM audit_entry WHERE seq = 5", 5),
        ("DELETE FROM audit_entry", 1),
        ("DELETE FROM audit_head", 6),
        ("UPDATE audit_head SET seq = 4", 6),
    ],
)
def test_what_was_changed_deleted_or_cut_off_is_found(
    database: Database, change: str, broken_at: int
) -> None:
    filled(database)
    tamper(database, change)
    finding = found(database)
    assert not finding.whole
    assert finding.broken_at == broken_at
    assert str(broken_at) in finding.sentence()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entry SET actor = 'nobody'",
        "DELETE FROM audit_entry WHERE seq = 5",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET seq = 1",
    ],
)
def test_the_database_itself_refuses_to_change_what_was_written(
    database: Database, change: str
) -> None:
    filled(database)
    with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
        session.execute(text(change))
    assert found(database).entries == 5


def test_those_who_write_at_once_make_one_chain(database: Database) -> None:
    def write() -> None:
        for _ in range(10):
            with database.write() as session:
                note(session)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found(database).whole
    assert found(database).entries == 40


def test_what_did_not_happen_is_not_in_the_log(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as session:
        note(session)
        raise ZeroDivisionError
    with database.write() as session:
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            note(session, "lost")
            raise ZeroDivisionError
        note(session, "kept")
    with database.read() as session:
        assert session.scalars(select(AuditEntry.action)).all() == ["kept"]
    assert found(database).whole


def test_a_unit_of_work_that_only_reads_cannot_lose_an_entry_silently(database: Database) -> None:
    with database.read() as session, pytest.raises(RuntimeError):
        note(session)


def test_no_secret_gets_into_the_log(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.write() as session:
        note(
            session,
            before={"password": "tigre-uno", "inner": [{"api_key": "tigre-dos"}]},
            after={"uri": "ipp://ana:tigre-tres@10.0.0.3/", "client_secret": "tigre-cuatro"},
        )
    with database.read() as session:
        entry = session.scalars(select(AuditEntry)).one()
    assert "tigre" not in f"{entry.before}{entry.after}"
    assert "10.0.0.3" in (entry.after or "")
    database.dispose()


def test_the_address_comes_from_the_unit_of_work_and_long_texts_are_cut(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.write() as session:
        session.info["address"] = "10.1.2.3"
        note(session, reason="a" * 900 + "\x00", subject="\ud800")
    with database.read() as session:
        entry = session.scalars(select(AuditEntry)).one()
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 1
    assert (entry.address, len(entry.reason), entry.subject) == ("10.1.2.3", 500, "?")
    assert found(database).whole
    database.dispose()
