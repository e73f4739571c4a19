"""Debts in a database of the city's own, through SQLAlchemy: one query that only reads, and, if
wanted, one statement that books a payment. Values go in as bound parameters alone."""

from __future__ import annotations

import re
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.numbers import get_currency_precision
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from turnero_core.i18n import N_
from turnero_queue.connectors import reading
from turnero_queue.connectors.debt import Debt, DebtsUnavailable, DocumentOrAccount, Paid
from turnero_queue.connectors.options import Connector
from turnero_queue.connectors.secret_files import read_secret

QUERY_PARAMETERS = ("document", "account", "value", "kind")
REPORT_PARAMETERS = (
    "key",
    "debt",
    "amount",
    "amount_minor",
    "currency",
    "receipt",
    "method",
    "paid_at",
)
# So often SQLite asks, in steps of its machine, whether it has taken too long.
_STEPS = 10_000


class SqlDebts:
    """A connection for each question: they are few, and a city's server is often restarted."""

    def __init__(self, options: Connector, currency: str, instance: Path) -> None:
        self._options = options
        self._reading = reading.Reading(options.fields, currency, options.amounts)
        self._instance = instance

    def lookup(self, query: DocumentOrAccount) -> list[Debt]:
        values = {
            "document": query.value if query.kind == "document" else None,
            "account": query.value if query.kind == "account" else None,
            "value": query.value,
            "kind": query.kind,
        }
        statement = text(self._options.query)
        wanted = {name: values[name] for name in parameters(self._options.query)}
        rows = self._run(lambda connection: _rows(connection, statement, wanted), reads=True)
        return reading.debts(rows, self._reading)

    def report_paid(self, debt: Debt, paid: Paid) -> None:
        if not self._options.report_statement:
            return
        places = 10 ** get_currency_precision(paid.currency)
        values = {
            "key": paid.key,
            "debt": debt.key,
            "amount": str(Decimal(paid.amount_minor) / places),
            "amount_minor": paid.amount_minor,
            "currency": paid.currency,
            "receipt": paid.receipt,
            "method": paid.method,
            "paid_at": paid.at.isoformat(timespec="seconds"),
        }
        statement = text(self._options.report_statement)
        wanted = {name: values[name] for name in parameters(self._options.report_statement)}
        self._run(lambda connection: connection.execute(statement, wanted), reads=False)

    def close(self) -> None:
        """Nothing is kept open."""

    def _run(self, act: Any, *, reads: bool) -> Any:
        try:
            engine = self._engine(reads=reads)
            with engine.connect() as connection:
                answer = act(connection)
                if not reads:
                    connection.commit()
                return answer
        except (SQLAlchemyError, ImportError) as error:
            # What the driver says may hold the parameters.
            cause = getattr(error, "orig", None) or error
            raise DebtsUnavailable(
                type(cause).__name__, said=_said(error), error=type(cause).__name__
            ) from None

    def _engine(self, *, reads: bool) -> Engine:
        url = make_url(self._options.url)
        if self._options.password_file:
            url = url.set(password=read_secret(self._instance, self._options.password_file))
        seconds = self._options.timeout_s
        engine = create_engine(url, poolclass=NullPool, connect_args=_limits(url, seconds))
        if url.get_backend_name() == "sqlite":
            _limit_sqlite(engine, seconds, reads=reads)
        elif url.get_backend_name() == "postgresql" and reads:
            engine = engine.execution_options(postgresql_readonly=True)
        return engine


def parameters(statement: str) -> set[str]:
    """The names of a statement's bound parameters."""
    return set(text(statement).compile().params)


def only_reads(statement: str) -> bool:
    """Whether `statement` is a single one that begins as a question does."""
    bare = statement.strip().rstrip(";")
    return ";" not in bare and re.match(r"(select|with)\b", bare, re.IGNORECASE) is not None


def is_database_url(url: str) -> bool:
    """Whether SQLAlchemy understands `url`, and it holds no password."""
    try:
        return make_url(url).password is None
    except ArgumentError:
        return False


def _said(error: Exception) -> str:
    if isinstance(error, ImportError | NoSuchModuleError):
        return N_("the driver that its address names is not installed on the server")
    return N_("the database did not answer, or refused (%(error)s)")


def _rows(connection: Connection, statement: Any, values: dict[str, Any]) -> list[Any]:
    found = connection.execute(statement, values).mappings().fetchmany(reading.MOST_DEBTS + 1)
    return [dict(row) for row in found]


def _limits(url: URL, seconds: int) -> dict[str, Any]:
    """What each driver calls the time that connecting and asking may take."""
    known: dict[str, dict[str, Any]] = {
        "psycopg": {
            "connect_timeout": max(2, seconds),
            "options": f"-c statement_timeout={seconds * 1000} -c lock_timeout={seconds * 1000}",
        },
        "pymysql": {
            "connect_timeout": seconds,
            "read_timeout": seconds,
            "write_timeout": seconds,
        },
        "pymssql": {"login_timeout": seconds, "timeout": seconds},
        "pyodbc": {"timeout": seconds},
    }
    if url.get_backend_name() == "sqlite":
        return {"timeout": seconds}
    return known.get(url.get_driver_name(), {})


def _limit_sqlite(engine: Engine, seconds: int, *, reads: bool) -> None:
    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        end = time.monotonic() + seconds
        connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
        if reads:
            connection.execute("PRAGMA query_only=ON")
