"""Debts in a database of the city's own: a real SQLite file and a real PostgreSQL server."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from tests.queue.connectors.tax_office import LUIS, ROSA

from turnero_queue.connectors import (
    Connector,
    Debt,
    DebtsUnavailable,
    DocumentOrAccount,
    NonsenseAnswer,
    Paid,
)
from turnero_queue.connectors.sql import SqlDebts, is_database_url, only_reads

TABLES = """
CREATE TABLE debt (id VARCHAR(20) PRIMARY KEY, dni VARCHAR(20), concept VARCHAR(80),
                   expires DATE, amount NUMERIC(10, 2));
CREATE TABLE payment (key VARCHAR(80) PRIMARY KEY, debt VARCHAR(20), amount NUMERIC(10, 2));
INSERT INTO debt VALUES ('A-17-03', '40213377', 'Arbitrios', '2026-03-31', 120.50);
INSERT INTO debt VALUES ('A-17-04', '40213377', 'Parques', NULL, 30);
INSERT INTO debt VALUES ('B-1', '10457788', 'Predial', NULL, -7)
"""
QUERY = "SELECT id, concept, expires, amount FROM debt WHERE dni = :document ORDER BY id"
REPORT = (
    "INSERT INTO payment (key, debt, amount) VALUES (:key, :debt, CAST(:amount AS NUMERIC)) "
    "ON CONFLICT (key) DO NOTHING"
)
FIELDS = {"key": "id", "description": "concept", "due": "expires", "amount": "amount"}
OF_ROSA = DocumentOrAccount("document", ROSA)


@pytest.fixture
def city_url(blank_database_url: str) -> Iterator[str]:
    engine = create_engine(blank_database_url)
    with engine.begin() as connection:
        for statement in TABLES.split(";\n"):
            connection.execute(text(statement))
    yield blank_database_url
    engine.dispose()


def connector(url: str, tmp_path: Path, **overrides: Any) -> SqlDebts:
    values: dict[str, Any] = {
        "code": "rentas",
        "type": "sql",
        "url": url,
        "query": QUERY,
        "report_statement": REPORT,
        "fields": FIELDS,
        "timeout_s": 2,
    }
    return SqlDebts(Connector(**(values | overrides)), "PEN", tmp_path)


def test_debts_are_read_from_the_citys_tables(city_url: str, tmp_path: Path) -> None:
    assert connector(city_url, tmp_path).lookup(OF_ROSA) == [
        Debt("A-17-03", "Arbitrios", "", date(2026, 3, 31), 12_050, "PEN", True),
        Debt("A-17-04", "Parques", "", None, 3_000, "PEN", True),
    ]
    assert connector(city_url, tmp_path).lookup(DocumentOrAccount("document", "1")) == []
    with pytest.raises(NonsenseAnswer):
        connector(city_url, tmp_path).lookup(DocumentOrAccount("document", LUIS))


def test_a_document_is_a_value_and_never_a_part_of_the_statement(
    city_url: str, tmp_path: Path
) -> None:
    sly = DocumentOrAccount("document", "' OR '1'='1")
    assert connector(city_url, tmp_path).lookup(sly) == []


def test_the_query_cannot_write(city_url: str, tmp_path: Path) -> None:
    sneaky = (
        "INSERT INTO payment VALUES (:document, 'x', 1) RETURNING key AS id, key AS concept, "
        "amount, NULL AS expires"
    )
    with pytest.raises(DebtsUnavailable):
        connector(city_url, tmp_path, query=sneaky).lookup(OF_ROSA)
    engine = create_engine(city_url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM payment")) == 0
    engine.dispose()


def test_a_query_that_takes_too_long_is_given_up(city_url: str, tmp_path: Path) -> None:
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) "
        "SELECT i AS id, :document AS concept, NULL AS expires, i AS amount FROM n "
        "ORDER BY i DESC"
    )
    if city_url.startswith("postgresql"):
        endless = endless.replace(":document AS", "CAST(:document AS TEXT) AS")
    with pytest.raises(DebtsUnavailable) as refused:
        connector(city_url, tmp_path, query=endless, timeout_s=1).lookup(OF_ROSA)
    assert refused.value.why in ("OperationalError", "QueryCanceled")


def test_a_report_heard_twice_is_booked_once(city_url: str, tmp_path: Path) -> None:
    rentas = connector(city_url, tmp_path)
    debt = rentas.lookup(OF_ROSA)[0]
    paid = Paid("p-1", "centro-00000001", "qr", 12_050, "PEN", datetime(2026, 3, 2, tzinfo=UTC))
    rentas.report_paid(debt, paid)
    rentas.report_paid(debt, paid)
    engine = create_engine(city_url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT key, debt, amount FROM payment")).all()
    engine.dispose()
    assert [(key, owed, float(amount)) for key, owed, amount in rows] == [("p-1", "A-17-03", 120.5)]


def test_a_database_that_is_down_or_unknown_tells_no_secret(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "db").write_text("hush-hush")
    for url in (
        "postgresql+psycopg://turnero@127.0.0.1:9/rentas",
        "mssql+nodriver://turnero@127.0.0.1/rentas",
        "sqlite:////nowhere/at/all.db",
    ):
        with pytest.raises(DebtsUnavailable) as refused:
            connector(url, tmp_path, password_file="db").lookup(OF_ROSA)
        assert "hush" not in refused.value.why
        assert refused.value.__cause__ is None


def test_only_a_single_question_is_a_query() -> None:
    assert only_reads("SELECT 1 ;")
    assert only_reads("with a as (select 1) select * from a")
    assert not only_reads("DELETE FROM debt")
    assert not only_reads("SELECT 1; DROP TABLE debt")
    assert is_database_url("mysql+pymysql://reader@db/rentas")
    assert not is_database_url("mysql+pymysql://reader:secret@db/rentas")
    assert not is_database_url("rentas")
