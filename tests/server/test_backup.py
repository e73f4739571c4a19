"""turnero backup and restore: consistent while others write, on either engine, all or nothing."""

import json
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import func, inspect, select, text
from tests.server.installation import DEMO, Installation

from turnero_core import clock, settings
from turnero_core.db import Database
from turnero_queue import catalogue, configuration, issuing, sequence
from turnero_queue.models import Ticket, TicketCounter, TicketEvent
from turnero_server import archive, schema
from turnero_server.tables import metadata


def fill(database: Database) -> None:
    wanted = configuration.open_round_the_clock(configuration.parse(DEMO.read_bytes(), "demo"))
    with database.write() as session:
        configuration.apply(session, wanted, actor="test")


def issue(database: Database) -> None:
    with database.write() as session:
        found = catalogue.current(session)
        office = found.office("centro")
        moment = sequence.hold(session, office.id, clock.now())
        visit = issuing.Visit(office.service("rentas"), found.priority(None), "es")
        issuing.issue(session, moment, office, visit, "test")


def contents(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with database.engine.connect() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in metadata.sorted_tables
            if table.name != "scheduler_lease"
        }


def settings_for(instance: Path, database: Database) -> settings.Settings:
    settings.make_instance(instance)
    url = database.url.render_as_string(hide_password=False)
    return settings.read({"TURNERO_INSTANCE": str(instance), "TURNERO_DATABASE_URL": url})


@pytest.fixture
def saved(tmp_path: Path, database: Database) -> Path:
    """A backup of a database with the demonstration's municipality and three turns."""
    fill(database)
    for _ in range(3):
        issue(database)
    file = tmp_path / "saved.zip"
    archive.backup(settings_for(tmp_path / "old", database), database, file)
    return file


@pytest.fixture
def target(
    tmp_path: Path, request: pytest.FixtureRequest, database: Database
) -> Iterator[Database]:
    """A blank database of the other kind than the one saved."""
    other = "postgres" if database.sqlite else "sqlite"
    url = f"sqlite:///{tmp_path / 'other.db'}"
    if other == "postgres":
        url = request.getfixturevalue("postgres_url")
    opened = Database(url)
    if other == "postgres":
        schema.downgrade(opened, "base")
    yield opened
    opened.dispose()


def test_a_backup_restores_on_the_other_engine_row_for_row(
    saved: Path, tmp_path: Path, database: Database, target: Database
) -> None:
    with archive.Archive.open(saved) as opened:
        archive.restore(opened, tmp_path / "new", target, force=False)
    assert contents(target) == contents(database)
    assert schema.state_of(target) is schema.State.CURRENT
    kept = (tmp_path / "new" / "secret_key").read_text()
    assert kept == (tmp_path / "old" / "secret_key").read_text()
    issue(target)
    with target.read() as session:
        assert session.scalar(select(func.max(TicketCounter.last))) == 4


def test_a_database_that_is_not_empty_is_replaced_only_by_force(
    saved: Path, tmp_path: Path, database: Database
) -> None:
    issue(database)
    before = contents(database)
    with archive.Archive.open(saved) as opened:
        with pytest.raises(Exception, match="The database is not empty"):
            archive.restore(opened, tmp_path / "old", database, force=False)
        assert contents(database) == before
        archive.restore(opened, tmp_path / "old", database, force=True)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 3


def test_a_restore_that_fails_midway_leaves_everything_as_it_was(
    saved: Path, tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue(database)
    before = contents(database)
    (tmp_path / "old" / "secret_key").write_text("the present one")
    monkeypatch.setattr("turnero_server.archive.restoring._check_counts", _disk_full)
    with archive.Archive.open(saved) as opened, pytest.raises(OSError, match="disk full"):
        archive.restore(opened, tmp_path / "old", database, force=True)
    assert contents(database) == before
    assert [path.name for path in (tmp_path / "old").iterdir()] == ["secret_key"]
    assert (tmp_path / "old" / "secret_key").read_text() == "the present one"


def test_a_backup_that_fails_leaves_no_file_and_keeps_the_one_before(
    saved: Path, tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = saved.read_bytes()
    monkeypatch.setattr("turnero_server.archive.writing.Manifest", _disk_full)
    with pytest.raises(OSError, match="disk full"):
        archive.backup(settings_for(tmp_path / "old", database), database, saved)
    assert saved.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


def test_a_backup_is_for_its_owner_alone_and_leaves_out_what_does_not_last(saved: Path) -> None:
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    with ZipFile(saved) as file:
        names = file.namelist()
        assert json.loads(file.read("manifest.json"))["schema"] == schema.head()
    assert "tables/ticket.jsonl" in names
    assert "tables/scheduler_lease.jsonl" not in names


@pytest.mark.parametrize("what", ["a byte", "a missing part", "a foreign part", "a newer version"])
def test_a_damaged_or_newer_backup_is_refused(tmp_path: Path, sqlite_url: str, what: str) -> None:
    database = Database(sqlite_url)
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    archive.backup(settings_for(tmp_path / "old", database), database, good)
    database.dispose()
    with ZipFile(good) as source, ZipFile(bad, "w") as copy:
        for name in source.namelist():
            content = source.read(name)
            if what == "a byte" and name == "instance/secret_key":
                content = b"?" + content[1:]
            if what == "a newer version" and name == "manifest.json":
                content = content.replace(f'"{schema.head()}"'.encode(), b'"9999"')
            if what != "a missing part" or name != "tables/ticket.jsonl":
                copy.writestr(name, content)
        if what == "a foreign part":
            copy.writestr("instance/../../authorized_keys", "evil")
    with pytest.raises(archive.ArchiveError), archive.Archive.open(bad):
        pytest.fail("it was opened")


def test_a_backup_made_while_turns_are_given_is_one_consistent_moment(
    tmp_path: Path, database: Database
) -> None:
    fill(database)
    stop = threading.Event()

    def write_on() -> None:
        while not stop.is_set():
            issue(database)

    writer = threading.Thread(target=write_on)
    writer.start()
    files = [tmp_path / f"{number}.zip" for number in range(3)]
    for file in files:
        archive.backup(settings_for(tmp_path / "old", database), database, file)
    stop.set()
    writer.join()
    sizes = [_restored_turns(file, tmp_path / f"{file.stem}.db") for file in files]
    assert sizes == sorted(sizes)
    assert sizes[-1] > 0


def _restored_turns(file: Path, path: Path) -> int:
    """Restore into a database of its own, check its integrity, and count its turns."""
    database = Database(f"sqlite:///{path}")
    with archive.Archive.open(file) as opened:
        archive.restore(opened, path.with_suffix(".instance"), database, force=False)
    with database.read() as session:
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"
        assert session.execute(text("PRAGMA foreign_key_check")).fetchall() == []
        turns = session.scalar(select(func.count()).select_from(Ticket))
        # Turn, event, counter and office sequence are written together: so they were saved.
        assert session.scalar(select(func.count()).select_from(TicketEvent)) == turns
        assert (session.scalar(select(func.max(TicketCounter.last))) or 0) == turns
        assert catalogue.current(session).office("centro").code == "centro"
    assert inspect(database.engine).has_table("alembic_version")
    database.dispose()
    return turns or 0


def _disk_full(*_args: object, **_kwargs: object) -> None:
    raise OSError("disk full")


def test_the_commands_save_refuse_and_bring_back(configured: Installation, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    assert "Saved " in configured.run("backup", file)
    assert "--force replaces it" in configured.refused("backup", file)
    before = configured.run("dump")
    assert "The database is not empty" in configured.refused("restore", file)
    assert "Restored " in configured.run("restore", file, "--force")
    assert configured.run("dump") == before
    (tmp_path / "text.zip").write_text("not a zip")
    said = configured.refused("restore", tmp_path / "text.zip", "--force")
    assert "is not a backup, or is damaged" in said
    other = configured.try_to("restore", file, "--force", TURNERO_SECRET_KEY="x" * 40)
    assert "The secret key in force is not the one of the backup" in other.stderr
