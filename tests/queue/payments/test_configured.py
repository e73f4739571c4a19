"""How money is taken, as configured: read, written again, refused when it cannot be."""

from pathlib import Path
from typing import Any

import pytest
from tests.queue.town import Town

from turnero_core.errors import Conflict
from turnero_queue import configuration
from turnero_queue.configuration import ConfigurationError
from turnero_queue.models import Municipality
from turnero_queue.payments import settings
from turnero_queue.payments.provider import ProviderError
from turnero_queue.payments.registry import Registry

CITY = """municipality:
  name: San Martín
  timezone: America/Lima
  locale: es
  currency: PEN
  payments: {payments}
services: [{{code: rentas, prefix: R, name: {{es: Rentas}}}}]
priorities: [{{code: standard, name: {{es: General}}}}]
offices:
  - code: centro
    name: {{es: Centro}}
    hours: {{mon: ["08:00-13:00"]}}
    services: [rentas]
    desks: [{{code: "1", name: {{es: Uno}}, services: [rentas]}}]
"""
WHOLE = (
    "{methods: [cash, qr], provider: mercadopago, providers: {mercadopago: {pos: CAJA01, "
    "points: {kiosk-2: CAJA02}, terminal: N950__1}, simulated: {}}, "
    "cash: {round_to_minor: 10, round: down}, expires_minutes: {qr: 7}}"
)


def read(payments: str) -> Any:
    return configuration.parse(CITY.format(payments=payments), "city.yaml")


def test_what_is_read_is_written_and_read_again_the_same() -> None:
    found = read(WHOLE)
    assert configuration.parse(configuration.render(found), "again.yaml") == found
    assert configuration.parse(configuration.render(read("{}")), "again.yaml") == read("{}")


@pytest.mark.parametrize(
    "payments",
    [
        "{methods: []}",
        "{methods: [cheque]}",
        "{provider: mercadopago}",
        "{providers: {acme: {}}}",
        "{providers: {mercadopago: {api: 'http://evil.example'}}}",
        "{providers: {mercadopago: {api: 'https://u:p@api.example'}}}",
        "{providers: {mercadopago: {access_token_file: ../secret_key}}}",
        "{providers: {mercadopago: {access_token: APP_USR-1}}}",
        "{cash: {round_to_minor: 0}}",
        "{cash: {round: sometimes}}",
        "{expires_minutes: {qr: 0}}",
        "[]",
    ],
)
def test_what_cannot_be_used_is_refused_with_its_line(payments: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read(payments)
    assert "municipality.payments" in str(refused.value)


def test_settings_say_how_each_method_is_made() -> None:
    found = settings.of(read(WHOLE).municipality.payments)
    assert (found.how("qr").provider, found.how("qr").expires_in) == (
        "mercadopago",
        found.expiry["qr"],
    )
    assert found.how("cash").provider is None
    assert found.cash_amount(1_509) == 1_500
    with pytest.raises(Conflict) as refused:
        found.how("card_terminal")
    assert refused.value.slug == "method-not-offered"
    nothing = settings.of({})
    assert nothing.methods == ("cash",)


def test_a_provider_needs_its_secrets_and_never_tells_them(
    small_town: Town, tmp_path: Path
) -> None:
    registry = Registry(small_town.database, tmp_path)
    with pytest.raises(ProviderError, match="not configured"):
        registry.get("mercadopago")
    with small_town.database.write() as session:
        row = session.get_one(Municipality, 1)
        row.payments = {"providers": {"mercadopago": {"pos": "CAJA01"}, "simulated": {}}}
    with pytest.raises(ProviderError, match="mercadopago_access_token cannot be read"):
        registry.get("mercadopago")
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "mercadopago_access_token").write_text("APP_USR-first\n")
    (folder / "mercadopago_webhook_secret").write_text("s3cret\n")
    first = registry.get("mercadopago")
    assert registry.get("mercadopago") is first
    assert "APP_USR" not in repr(vars(first))
    (folder / "mercadopago_access_token").write_text("APP_USR-second\n")
    assert registry.get("mercadopago") is not first
    with pytest.raises(ProviderError, match="simulated"):
        registry.get("simulated")
