"""The database: one engine, read and write units of work, column types.

A unit of work is opened at the edge (a request, a job, a command) and committed there once;
domain functions never commit. On SQLite a write unit holds a process-wide lock and begins
IMMEDIATE, so a reader never has to be upgraded and a busy database is met at the start.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Engine, MetaData, create_engine, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

BUSY_TIMEOUT_S = 15

naming = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=naming)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is UTC:
            return value
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


JsonValue = JSON().with_variant(JSONB(), "postgresql")


class Database:
    """Engine, units of work and a per-process cache that sessions carry in `session.info`."""

    def __init__(self, url: str, *, pool_size: int = 20) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.sqlite else _postgres_engine(url, pool_size)
        self.cache: dict[Any, Any] = {}
        self.before_commit: list[Callable[[Session], None]] = []
        self.after_commit: list[Callable[[Session], None]] = []
        self._write_lock = threading.RLock()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent view; whatever is written in it is rolled back."""
        with self._session(self.engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: commits at the end, rolls back whole when anything is raised."""
        if not self.sqlite:
            with self._unit(self.engine) as session:
                yield session
            return
        # In one process SQLite's own lock would be met by blocking every greenlet at once.
        with self._write_lock, self._unit(self._writing_engine) as session:
            yield session

    def dispose(self) -> None:
        self.engine.dispose()

    @property
    def _writing_engine(self) -> Engine:
        return self.engine.execution_options(turnero_write=True)

    def _session(self, engine: Engine) -> Session:
        return Session(engine, expire_on_commit=False, info={"cache": self.cache})

    @contextmanager
    def _unit(self, engine: Engine) -> Iterator[Session]:
        with self._session(engine) as session:
            yield session
            for hook in self.before_commit:
                hook(session)
            session.commit()
            for hook in self.after_commit:
                hook(session)


def _postgres_engine(url: str, pool_size: int) -> Engine:
    return create_engine(
        url, pool_size=pool_size, max_overflow=20, pool_pre_ping=True, pool_timeout=BUSY_TIMEOUT_S
    )


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(
        url, pool_size=20, max_overflow=40, connect_args={"timeout": BUSY_TIMEOUT_S}
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        # Transactions are begun by _begin below, not by the driver.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writing = connection.get_execution_options().get("turnero_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine
