"""Connectors, points of sale and certificates in the configuration file."""

import pytest
from tests.queue.town import Town

from turnero_queue import certificates, configuration, connectors, points_of_sale
from turnero_queue.configuration import ConfigurationError, debts
from turnero_queue.configuration.connector_options import CONNECTOR
from turnero_queue.connectors import Connector

FILE = """
municipality:
  name: San Martín
  timezone: America/Lima
  locale: es
  languages: [es]
  currency: PEN
  payments:
    points_of_sale:
      - {{code: caja, name: {{es: Caja}}, office: {office}, printer: {printer}}}
    connectors:
      - code: rentas
        type: http
        asks_for: [document, account]
        fields: {{key: id, description: what, amount: sum}}
        url: {url}
        headers: {header}
      - code: catastro
        type: sql
        fields: {{key: id, description: what, amount: sum}}
        url: mysql+pymysql://reader@db/catastro
        password_file: catastro_db
        query: {query}
      - {{code: archivo, type: csv, file: {file}, delimiter: ";", keys: {{document: dni}},
         fields: {{key: id, description: what, amount: sum}}}}
    certificates:
      - code: no_debt
        name: {{es: No adeudo}}
        text: {{es: "{{subject}} no adeuda"}}
        connector: {connector}
        validity_days: 30
        fee: {fee}
services: []
priorities: [{{code: standard, name: {{es: General}}}}]
offices:
  - code: centro
    name: {{es: Centro}}
    hours: {{mon-fri: ["08:00-16:00"]}}
    printers: [{{code: p1, uri: "virtual://tray"}}]
"""
GOOD = {
    "office": "centro",
    "printer": "p1",
    "url": '"https://rentas.example/debts?of={value}"',
    "header": "{Authorization: {file: rentas_key}}",
    "query": '"SELECT id, what, sum FROM debt WHERE dni = :document"',
    "file": "files/debts.csv",
    "connector": "rentas",
    "fee": '"5.00"',
}


def test_they_load_and_are_written_back(small_town: Town) -> None:
    parsed = configuration.parse(FILE.format(**GOOD), "city.yaml")
    with small_town.database.write() as session:
        configuration.apply(session, parsed, actor="test")
    with small_town.database.read() as session:
        written = configuration.dump(session)
        assert configuration.diff(session, configuration.parse(written, "again")) == []
        found = connectors.configured(session)
        assert [(one.code, one.type) for one in found] == [
            ("rentas", "http"),
            ("catastro", "sql"),
            ("archivo", "csv"),
        ]
        assert found[0].asks_for == ("document", "account")
        assert certificates.kind(session, "no_debt").fee_minor == 500
        assert points_of_sale.configured(session)[0].printer == "p1"


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"office": "sur"}, "points_of_sale[0].office", "no such office"),
        ({"printer": "p9"}, "points_of_sale[0].printer", "no such printer"),
        ({"url": "https://rentas.example/"}, "connectors[0].url", "{value}"),
        ({"url": '"ftp://x/{value}"'}, "connectors[0].url", "http or https"),
        ({"header": "{Authorization: hush}"}, "connectors[0].headers.Authorization", "secret"),
        ({"header": "{A: {file: ../x}}"}, "connectors[0].headers.A.file", "secrets"),
        (
            {"query": '"DELETE FROM debt WHERE dni = :document"'},
            "connectors[1].query",
            "single SELECT",
        ),
        ({"query": '"SELECT 1; SELECT :document"'}, "connectors[1].query", "single SELECT"),
        (
            {"query": '"SELECT 1 FROM debt WHERE d = :dni"'},
            "connectors[1].query",
            ":dni is not known",
        ),
        ({"query": '"SELECT 1 FROM debt"'}, "connectors[1].query", "asks for nobody"),
        ({"file": "/etc/passwd"}, "connectors[2].file", "inside the instance"),
        ({"file": "../x.csv"}, "connectors[2].file", "inside the instance"),
        ({"connector": "gone"}, "certificates[0].connector", "no such connector"),
        ({"fee": '"5.001"'}, "certificates[0].fee", "no amount"),
        ({"fee": '"0.00"'}, "certificates[0].fee", "no amount"),
    ],
)
def test_a_mistake_is_named_with_its_place(
    change: dict[str, str], field: str, message: str
) -> None:
    from turnero_core.i18n import speaking

    with pytest.raises(ConfigurationError) as refused, speaking("en"):
        configuration.parse(FILE.format(**(GOOD | change)), "city.yaml")
    found = [(error.field, error.message) for error in refused.value.errors]
    assert any(place.endswith(field) and message in text for place, text in found), found
    assert "hush" not in str(refused.value)


def test_every_option_of_a_connector_can_be_configured() -> None:
    from dataclasses import fields

    assert {field.name for field in fields(Connector)} == set(CONNECTOR)
    assert set(debts.LISTS) == set(debts.ORDERS)
