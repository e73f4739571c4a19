"""The pretended provider's own books, in a file that survives its death."""

import json
import sqlite3
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

TABLES = """
CREATE TABLE IF NOT EXISTS orders (
    id TEXT PRIMARY KEY, idempotency_key TEXT UNIQUE NOT NULL, asked TEXT NOT NULL,
    external_reference TEXT NOT NULL, type TEXT NOT NULL, amount TEXT NOT NULL,
    place TEXT NOT NULL, description TEXT NOT NULL, status TEXT NOT NULL,
    status_detail TEXT NOT NULL, created_at TEXT NOT NULL, expires_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS ix_orders_external ON orders (external_reference);
CREATE TABLE IF NOT EXISTS refunds (
    id TEXT PRIMARY KEY, order_id TEXT NOT NULL REFERENCES orders (id),
    idempotency_key TEXT UNIQUE NOT NULL, amount TEXT NOT NULL, status TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS hooks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, order_id TEXT NOT NULL, action TEXT NOT NULL,
    due_at REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0, done INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS ix_hooks_due ON hooks (done, due_at);
CREATE TABLE IF NOT EXISTS faults (id INTEGER PRIMARY KEY CHECK (id = 1), value TEXT NOT NULL);
"""


class Refused(Exception):
    """The provider refuses: an HTTP status and its error's code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


@dataclass(frozen=True)
class NewOrder:
    external_reference: str
    type: str
    amount: str
    place: str
    description: str
    created_at: datetime
    expires_at: datetime
    asked: str


class Ledger:
    def __init__(self, file: Path) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(TABLES)

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """One transaction; whatever is raised undoes it."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def make(self, key: str, new: NewOrder) -> sqlite3.Row:
        """The order of `key`, made now unless it was; Refused when the key was for another."""
        with self.changing() as db:
            found = db.execute("SELECT * FROM orders WHERE idempotency_key = ?", (key,)).fetchone()
            if found is None:
                order_id = _id("ORD")
                db.execute(
                    "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        order_id, key, new.asked, new.external_reference, new.type, new.amount,
                        new.place, new.description, "created", "created",
                        new.created_at.isoformat(), new.expires_at.isoformat(),
                    ),
                )  # fmt: skip
                found = _row(db, order_id)
            elif found["asked"] != new.asked:
                raise Refused(409, "idempotency_key_already_used")
            made: sqlite3.Row = found
            return made

    def order(self, order_id: str, now: datetime) -> sqlite3.Row:
        """An order as it is now: one whose time is up has expired."""
        with self.changing() as db:
            found = _row(db, order_id)
            over = datetime.fromisoformat(found["expires_at"]) <= now
            if found["status"] == "created" and over:
                self._set(db, order_id, "expired", "expired")
                self._announce(db, order_id, "order.expired", now)
                found = _row(db, order_id)
            return found

    def move(self, order_id: str, status: str, detail: str, now: datetime) -> sqlite3.Row:
        """Pay, reject or cancel a waiting order; Refused when it does not wait any more."""
        found = self.order(order_id, now)
        with self.changing() as db:
            found = _row(db, order_id)
            if found["status"] != "created":
                raise Refused(409, "invalid_order_status")
            self._set(db, order_id, status, detail)
            self._announce(db, order_id, f"order.{status}", now)
            return _row(db, order_id)

    def refund(self, order_id: str, key: str, amount: str | None, now: datetime) -> None:
        """Give back `amount`, or all that is left; again with the same key does nothing more."""
        with self.changing() as db:
            if db.execute("SELECT 1 FROM refunds WHERE idempotency_key = ?", (key,)).fetchone():
                return
            order = _row(db, order_id)
            if order["status"] != "processed":
                code = "order_already_refunded" if order["status"] == "refunded" else ""
                raise Refused(409, code or "invalid_order_status")
            left = Decimal(order["amount"]) - _refunded(db, order_id)
            wanted = Decimal(amount) if amount is not None else left
            if not 0 < wanted <= left:
                raise Refused(400, "refund_amount_exceeds")
            whole = wanted == left
            values = (_id("REF"), order_id, key, str(wanted), "processed")
            db.execute("INSERT INTO refunds VALUES (?, ?, ?, ?, ?)", values)
            status, detail = ("refunded",) * 2 if whole else ("processed", "partially_refunded")
            self._set(db, order_id, status, detail)
            self._announce(db, order_id, "order.refunded", now)

    def refunds(self, order_id: str) -> list[sqlite3.Row]:
        return self._all("SELECT * FROM refunds WHERE order_id = ? ORDER BY rowid", order_id)

    def search(self, since: str, until: str, reference: str | None) -> list[sqlite3.Row]:
        query = "SELECT * FROM orders WHERE created_at >= ? AND created_at < ?"
        if reference is not None:
            return self._all(query + " AND external_reference = ?", since, until, reference)
        return self._all(query + " ORDER BY created_at, id", since, until)

    def waiting(self) -> list[sqlite3.Row]:
        return self._all("SELECT * FROM orders WHERE status = 'created' ORDER BY created_at DESC")

    def latest(self, most: int) -> list[sqlite3.Row]:
        return self._all("SELECT * FROM orders ORDER BY created_at DESC LIMIT ?", most)

    def sums(self) -> dict[str, Any]:
        """What the books add up to: paid and given back, and how many orders are in each state."""
        rows = self._all("SELECT id, amount, status FROM orders")
        paid = [row for row in rows if row["status"] in ("processed", "refunded")]
        back = self._all("SELECT amount FROM refunds WHERE status = 'processed'")
        counts: dict[str, int] = {}
        for row in rows:
            counts[row["status"]] = counts.get(row["status"], 0) + 1
        return {
            "paid": str(sum((Decimal(row["amount"]) for row in paid), Decimal(0))),
            "refunded": str(sum((Decimal(row["amount"]) for row in back), Decimal(0))),
            "orders": counts,
        }

    def due_hooks(self, now: float) -> list[sqlite3.Row]:
        query = "SELECT * FROM hooks WHERE done = 0 AND due_at <= ? ORDER BY due_at LIMIT 50"
        return self._all(query, now)

    def hook_done(self, hook_id: int) -> None:
        with self.changing() as db:
            db.execute("UPDATE hooks SET done = 1 WHERE id = ?", (hook_id,))

    def hook_later(self, hook_id: int, due_at: float) -> None:
        with self.changing() as db:
            db.execute(
                "UPDATE hooks SET due_at = ?, tries = tries + 1 WHERE id = ?", (due_at, hook_id)
            )

    def plan_hook(self, order_id: str, action: str, due_at: float) -> None:
        with self.changing() as db:
            values = (order_id, action, due_at)
            db.execute("INSERT INTO hooks (order_id, action, due_at) VALUES (?, ?, ?)", values)

    def faults(self) -> dict[str, Any]:
        rows = self._all("SELECT value FROM faults")
        return json.loads(rows[0]["value"]) if rows else {}

    def keep_faults(self, value: dict[str, Any]) -> None:
        with self.changing() as db:
            db.execute("INSERT OR REPLACE INTO faults VALUES (1, ?)", (json.dumps(value),))

    def close(self) -> None:
        self._db.close()

    def _set(self, db: sqlite3.Connection, order_id: str, status: str, detail: str) -> None:
        values = (status, detail, order_id)
        db.execute("UPDATE orders SET status = ?, status_detail = ? WHERE id = ?", values)

    def _announce(self, db: sqlite3.Connection, order_id: str, action: str, now: datetime) -> None:
        """A hook without a plan yet: the sender plans it by the faults in force."""
        values = (order_id, f"plan:{action}", now.timestamp())
        db.execute("INSERT INTO hooks (order_id, action, due_at) VALUES (?, ?, ?)", values)

    def _all(self, query: str, *values: Any) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(query, values).fetchall()


def _row(db: sqlite3.Connection, order_id: str) -> sqlite3.Row:
    found: sqlite3.Row | None = db.execute(
        "SELECT * FROM orders WHERE id = ?", (order_id,)
    ).fetchone()
    if found is None:
        raise Refused(404, "order_not_found")
    return found


def _refunded(db: sqlite3.Connection, order_id: str) -> Decimal:
    rows = db.execute("SELECT amount FROM refunds WHERE order_id = ?", (order_id,)).fetchall()
    return sum((Decimal(row["amount"]) for row in rows), Decimal(0))


def _id(prefix: str) -> str:
    return prefix + uuid.uuid4().hex[:26].upper()
