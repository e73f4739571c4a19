"""The bare endpoint's writes: as many rows and as durable as the product's, and nothing else."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from turnero_core.ids import new_id, new_secret

TABLES = (
    "CREATE TABLE IF NOT EXISTS office_sequence (office TEXT PRIMARY KEY, seq INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS ticket_counter (office TEXT, day TEXT, prefix TEXT, "
    "last INTEGER NOT NULL, PRIMARY KEY (office, day, prefix))",
    "CREATE TABLE IF NOT EXISTS ticket (id TEXT PRIMARY KEY, token TEXT UNIQUE, office TEXT, "
    "day TEXT, prefix TEXT, number INTEGER, service TEXT, state TEXT, issued_at TEXT, "
    "due_at TEXT, desk TEXT, UNIQUE (office, day, prefix, number))",
    "CREATE INDEX IF NOT EXISTS waiting ON ticket (office, day, due_at) WHERE state = 'waiting'",
    "CREATE UNIQUE INDEX IF NOT EXISTS at_desk ON ticket (office, desk) WHERE state = 'called'",
    "CREATE TABLE IF NOT EXISTS ticket_service (ticket TEXT, service TEXT, given INTEGER, "
    "PRIMARY KEY (ticket, service))",
    "CREATE TABLE IF NOT EXISTS appointment (id TEXT PRIMARY KEY, token TEXT UNIQUE, office TEXT, "
    "service TEXT, start TEXT, state TEXT, expires_at TEXT)",
    "CREATE TABLE IF NOT EXISTS seat (office TEXT, quantum INTEGER, seat INTEGER, "
    "appointment TEXT, PRIMARY KEY (office, quantum, seat))",
    "CREATE TABLE IF NOT EXISTS ticket_event (id TEXT PRIMARY KEY, office TEXT, seq INTEGER, "
    "ticket TEXT, kind TEXT, at TEXT, data TEXT, UNIQUE (office, seq))",
)
COUNT = (
    "INSERT INTO ticket_counter VALUES (?, ?, ?, 1) ON CONFLICT (office, day, prefix) "
    "DO UPDATE SET last = ticket_counter.last + 1 RETURNING last"
)
SEQUENCE = (
    "INSERT INTO office_sequence VALUES (?, ?) ON CONFLICT (office) "
    "DO UPDATE SET seq = office_sequence.seq + ? RETURNING seq"
)
INSERT = "INSERT INTO ticket VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?, NULL)"
EVENT = "INSERT INTO ticket_event VALUES (?, ?, ?, ?, ?, ?, ?)"
CURRENT = "SELECT id, service FROM ticket WHERE office = ? AND desk = ? AND state = 'called'"
DONE = "UPDATE ticket SET state = 'done' WHERE id = ? AND state = 'called'"
GIVEN = "INSERT INTO ticket_service VALUES (?, ?, 1)"
NEXT = (
    "SELECT id, prefix, number FROM ticket WHERE office = ? AND day = ? AND state = 'waiting' "
    "ORDER BY due_at LIMIT 1"
)
SEATS = "SELECT count(*) FROM seat WHERE office = ? AND quantum = ?"
HOLD = "INSERT INTO appointment VALUES (?, ?, ?, ?, ?, 'held', ?)"
SEAT = "INSERT INTO seat VALUES (?, ?, ?, ?)"
CONFIRM = "UPDATE appointment SET state = 'confirmed' WHERE token = ? AND state = 'held'"
CALL = "UPDATE ticket SET state = 'called', desk = ? WHERE id = ? AND state = 'waiting'"


class Store:
    """The writes, for a driver that gives a cursor inside a transaction."""

    def transaction(self) -> Any:
        raise NotImplementedError

    def sql(self, statement: str) -> str:
        return statement

    def make_tables(self) -> None:
        with self.transaction() as cursor:
            for table in TABLES:
                cursor.execute(table)

    def issue(self, office: str, service: str) -> dict[str, Any]:
        at = datetime.now(UTC).isoformat()
        day, prefix, id_ = at[:10], service[:1].upper(), new_id()
        with self.transaction() as cursor:
            # The office first, as in the product: its changes come one after another.
            cursor.execute(self.sql(SEQUENCE), (office, 1, 1))
            (seq,) = cursor.fetchone()
            cursor.execute(self.sql(COUNT), (office, day, prefix))
            (number,) = cursor.fetchone()
            ticket = (id_, new_secret(), office, day, prefix, number, service, at, at)
            cursor.execute(self.sql(INSERT), ticket)
            cursor.execute(self.sql(EVENT), (new_id(), office, seq, id_, "issued", at, "{}"))
        return {"id": id_, "code": f"{prefix}{number:03}", "number": number, "issued_at": at}

    def call_next(self, office: str, desk: str) -> dict[str, Any] | None:
        """Finish with whoever is at the desk, and call the next: three events, as the product."""
        at = datetime.now(UTC).isoformat()
        with self.transaction() as cursor:
            cursor.execute(self.sql(SEQUENCE), (office, 3, 3))
            (seq,) = cursor.fetchone()
            cursor.execute(self.sql(CURRENT), (office, desk))
            current = cursor.fetchone()
            if current is not None:
                id_, service = current
                cursor.execute(self.sql(DONE), (id_,))
                cursor.execute(self.sql(GIVEN), (id_, service))
                for step, kind in ((2, "started"), (1, "finished")):
                    event = (new_id(), office, seq - step, id_, kind, at, "{}")
                    cursor.execute(self.sql(EVENT), event)
            cursor.execute(self.sql(NEXT), (office, at[:10]))
            following = cursor.fetchone()
            if following is None:
                return None
            id_, prefix, number = following
            cursor.execute(self.sql(CALL), (desk, id_))
            cursor.execute(self.sql(EVENT), (new_id(), office, seq, id_, "called", at, "{}"))
        return {"id": id_, "code": f"{prefix}{number:03}", "desk": desk, "called_at": at}

    def hold(self, office: str, service: str, start: str) -> dict[str, Any]:
        """Take a seat for a quarter of an hour, in three steps of five minutes as the product."""
        at = datetime.now(UTC).isoformat()
        id_, token = new_id(), new_secret()
        first = int(datetime.fromisoformat(start).timestamp()) // 300
        with self.transaction() as cursor:
            cursor.execute(self.sql(SEQUENCE), (office, 1, 1))
            (seq,) = cursor.fetchone()
            cursor.execute(self.sql(SEATS), (office, first))
            (seat,) = cursor.fetchone()
            cursor.execute(self.sql(HOLD), (id_, token, office, service, start, at))
            for quantum in range(first, first + 3):
                cursor.execute(self.sql(SEAT), (office, quantum, seat, id_))
            cursor.execute(self.sql(EVENT), (new_id(), office, seq, id_, "held", at, "{}"))
        return {"token": token, "state": "held", "start": start}

    def confirm(self, office: str, token: str) -> dict[str, Any]:
        at = datetime.now(UTC).isoformat()
        with self.transaction() as cursor:
            cursor.execute(self.sql(SEQUENCE), (office, 1, 1))
            (seq,) = cursor.fetchone()
            cursor.execute(self.sql(CONFIRM), (token,))
            cursor.execute(self.sql(EVENT), (new_id(), office, seq, token, "confirmed", at, "{}"))
        return {"token": token, "state": "confirmed"}


class SqliteStore(Store):
    """One connection, as durable as the product's."""

    def __init__(self, file: str) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._lock = threading.Lock()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Cursor]:
        with self._lock:
            cursor = self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield cursor
            finally:
                cursor.execute("COMMIT")


class PostgresStore(Store):
    """A small pool of connections."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._free: list[Any] = []

    def sql(self, statement: str) -> str:
        return statement.replace("?", "%s")

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        import psycopg

        connection = self._free.pop() if self._free else psycopg.connect(self._url)
        with connection.transaction(), connection.cursor() as cursor:
            yield cursor
        self._free.append(connection)
