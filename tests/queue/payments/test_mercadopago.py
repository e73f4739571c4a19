"""The adapter against Mercado Pago's documentation, section by section."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from turnero_queue.payments.mercadopago import Account, MercadoPago
from turnero_queue.payments.mercadopago_webhook import manifest, parse, sign
from turnero_queue.payments.provider import (
    Call,
    ProviderError,
    Returned,
    Status,
    Wanted,
    WebhookRefused,
)

AT = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
WANTED = Wanted("01a1-pay", 1500, "PEN", "qr", "Municipalidad", timedelta(minutes=10), "kiosk-2")
ORDER = {
    "id": "ORD01J67CQQH5904WDBVZEM1234D",
    "type": "qr",
    "external_reference": "01a1-pay",
    "total_amount": "15.00",
    "currency": "PEN",
    "status": "created",
    "status_detail": "created",
    "type_response": {"qr_data": "00020101021243650016COM.MERCADOLIBRE"},
    "transactions": {"payments": [{"id": "PAY01", "amount": "15.00", "status": "created"}]},
}
Answers = list[httpx.Response]


class Wire:
    """What went out, and the answers that come back, in order; the last one again and again."""

    def __init__(self, *answers: httpx.Response) -> None:
        self.answers = list(answers)
        self.sent: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def body(self, index: int = 0) -> Any:
        return json.loads(self.sent[index].content or b"null")


Connect = Callable[..., tuple[MercadoPago, Wire]]


@pytest.fixture
def connect() -> Connect:
    def to(*answers: httpx.Response) -> tuple[MercadoPago, Wire]:
        wire = Wire(*answers)
        account = Account(
            "TEST-token",
            "s3cret",
            "https://api.mercadopago.com",
            {"": "CAJA01", "kiosk-2": "CAJA02"},
            {"": "NEWLAND_N950__1"},
        )
        return MercadoPago("mercadopago", account, transport=httpx.MockTransport(wire)), wire

    return to


def ok(code: int = 200, /, **changes: Any) -> httpx.Response:
    return httpx.Response(code, json={**ORDER, **changes})


def test_create_order_qr_dynamic(connect: Connect) -> None:
    provider, wire = connect(ok(201))
    order = provider.create(WANTED)
    (request,) = wire.sent
    assert (request.method, request.url.path) == ("POST", "/v1/orders")
    assert request.headers["Authorization"] == "Bearer TEST-token"
    assert request.headers["X-Idempotency-Key"] == "01a1-pay"
    assert wire.body() == {
        "type": "qr",
        "total_amount": "15.00",
        "external_reference": "01a1-pay",
        "description": "Municipalidad",
        "expiration_time": "PT600S",
        "transactions": {"payments": [{"amount": "15.00"}]},
        "config": {"qr": {"external_pos_id": "CAJA02", "mode": "dynamic"}},
    }
    assert (order.status, order.amount_minor, order.reference) == (
        Status.WAITING,
        1500,
        ORDER["id"],
    )
    assert str(order.qr_data).startswith("000201")


def test_create_order_point(connect: Connect) -> None:
    provider, wire = connect(ok(201, type="point", status="at_terminal"))
    wanted = Wanted("p", 1500, "PEN", "card_terminal", "M", timedelta(hours=9))
    assert provider.create(wanted).status is Status.WAITING
    body = wire.body()
    assert body["config"] == {
        "point": {"terminal_id": "NEWLAND_N950__1", "print_on_terminal": "no_ticket"}
    }
    # Three hours are the most that a terminal takes.
    assert (body["type"], body["expiration_time"]) == ("point", "PT10800S")
    assert "total_amount" not in body


def test_create_order_in_a_currency_without_decimals(connect: Connect) -> None:
    provider, wire = connect(ok(201, total_amount="1500", currency="CLP"))
    order = provider.create(Wanted("p", 1500, "CLP", "qr", "M", timedelta(minutes=1)))
    assert wire.body()["total_amount"] == "1500"
    assert order.amount_minor == 1500


def test_get_order_by_id(connect: Connect) -> None:
    provider, wire = connect(ok(status="processed", status_detail="accredited"))
    order = provider.get("ORD01", "PEN")
    assert (wire.sent[0].method, wire.sent[0].url.path) == ("GET", "/v1/orders/ORD01")
    assert (order.status, order.detail) == (Status.APPROVED, "accredited")


@pytest.mark.parametrize("reference", ["../users/me", "a/b", "", "x" * 65, "ORD?x=1"])
def test_get_order_by_an_id_that_cannot_be_one_asks_nobody(
    connect: Connect, reference: str
) -> None:
    provider, wire = connect(ok())
    with pytest.raises(ProviderError):
        provider.get(reference, "PEN")
    assert wire.sent == []


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        ("created", Status.WAITING),
        ("at_terminal", Status.WAITING),
        ("processing", Status.WAITING),
        ("processed", Status.APPROVED),
        ("refunded", Status.APPROVED),
        ("failed", Status.REJECTED),
        ("canceled", Status.CANCELLED),
        ("expired", Status.EXPIRED),
        ("action_required", Status.UNSURE),
        ("something_new", Status.UNSURE),
    ],
)
def test_status_of_an_order_and_a_transaction(
    connect: Connect, status: str, meaning: Status
) -> None:
    provider, _ = connect(ok(status=status))
    assert provider.get("ORD01", "PEN").status is meaning


def test_cancel_order_by_id(connect: Connect) -> None:
    provider, wire = connect(ok(status="canceled"))
    assert provider.cancel("ORD01", "cancel-1", "PEN").status is Status.CANCELLED
    assert wire.sent[0].url.path == "/v1/orders/ORD01/cancel"
    assert wire.sent[0].headers["X-Idempotency-Key"] == "cancel-1"


def test_refund_order_whole_sends_no_body(connect: Connect) -> None:
    back = {"refunds": [{"id": "REF01", "amount": "15.00", "status": "processing"}]}
    paid = {**ORDER["transactions"], **back}  # type: ignore[dict-item]
    provider, wire = connect(ok(status="processed"), ok(201), ok(transactions=paid))
    order = provider.get("ORD01", "PEN")
    after = provider.refund(order, "refund-1", 1500, "PEN")
    assert (wire.sent[1].url.path, wire.sent[1].content) == (
        f"/v1/orders/{ORDER['id']}/refund",
        b"",
    )
    assert after.refunds == (Returned("REF01", 1500, None),)


def test_refund_order_in_part_names_the_transaction(connect: Connect) -> None:
    provider, wire = connect(ok(status="processed"))
    provider.refund(provider.get("ORD01", "PEN"), "refund-1", 500, "PEN")
    assert wire.body(2) == {"transactions": [{"id": "PAY01", "amount": "5.00"}]}
    assert wire.sent[2].headers["X-Idempotency-Key"] == "refund-1"


def test_search_order_by_external_reference(connect: Connect) -> None:
    provider, wire = connect(httpx.Response(200, json={"data": [ORDER], "paging": {"total": 1}}))
    found = provider.find("01a1-pay", "PEN", AT)
    assert found is not None
    query = dict(wire.sent[0].url.params)
    assert query["external_reference"] == "01a1-pay"
    assert query["begin_date"] == "2026-03-01T14:05:00.000Z"
    assert provider.find("another", "PEN", AT) is None


def test_search_order_page_by_page(connect: Connect) -> None:
    pages = [{"data": [ORDER] * 100}, {"data": [ORDER] * 3}]
    provider, wire = connect(*(httpx.Response(200, json=page) for page in pages))
    assert len(list(provider.orders(AT, AT + timedelta(days=1), "PEN"))) == 103
    assert [request.url.params["page"] for request in wire.sent] == ["1", "2"]


def test_search_order_is_not_given_up_for_one_page_that_failed(connect: Connect) -> None:
    failed, page = httpx.Response(500), httpx.Response(200, json={"data": [ORDER]})
    provider, wire = connect(failed, failed, page)
    assert len(list(provider.orders(AT, AT, "PEN"))) == 1
    assert len(wire.sent) == 3
    refused, wire = connect(httpx.Response(401))
    with pytest.raises(ProviderError):
        list(refused.orders(AT, AT, "PEN"))
    assert len(wire.sent) == 1


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(400, True), (401, True), (404, True), (409, True), (429, False), (500, False), (503, False)],
)
def test_errors_tell_what_may_be_asked_again(
    connect: Connect, status: int, permanent: bool
) -> None:
    answer = httpx.Response(
        status, json={"errors": [{"code": "some_code", "message": "TEST-token"}]}
    )
    provider, _ = connect(answer)
    with pytest.raises(ProviderError) as raised:
        provider.create(WANTED)
    assert raised.value.permanent is permanent
    assert str(raised.value) == f"mercadopago: {status} some_code"


def test_a_key_that_was_used_before_may_mean_that_the_order_exists(connect: Connect) -> None:
    used = {"errors": [{"code": "idempotency_key_already_used"}]}
    provider, _ = connect(httpx.Response(409, json=used))
    with pytest.raises(ProviderError) as raised:
        provider.create(WANTED)
    assert not raised.value.permanent


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, content=b"<html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={}),
        httpx.Response(200, json={**ORDER, "total_amount": "15.001"}),
        httpx.Response(200, json={**ORDER, "total_amount": "many"}),
        httpx.Response(200, json={**ORDER, "transactions": 7, "total_amount": None}),
    ],
)
def test_an_answer_that_is_nonsense_leaves_us_unsure(
    connect: Connect, answer: httpx.Response
) -> None:
    provider, _ = connect(answer)
    with pytest.raises(ProviderError) as raised:
        provider.create(WANTED)
    assert not raised.value.permanent


def call(secret: str = "s3cret", order: str = "ORD01ABC", **changes: Any) -> Call:  # noqa: S107
    at = changes.get("at", AT)
    headers = {"x-signature": sign(secret, order, "req", at), "x-request-id": "req"}
    body = json.dumps(changes.get("body", {"type": "order", "data": {"id": order}})).encode()
    return Call({**headers, **changes.get("headers", {})}, {"data.id": order}, body)


def test_validate_the_origin_of_a_notification(connect: Connect) -> None:
    provider, _ = connect(ok())
    assert provider.parse_webhook(call(), AT) == "ORD01ABC"
    with pytest.raises(WebhookRefused):
        provider.parse_webhook(call("another"), AT)


def test_the_manifest_is_of_lower_case_and_leaves_out_what_did_not_come() -> None:
    assert manifest("ORD01ABC", "req", "17") == "id:ord01abc;request-id:req;ts:17;"
    assert manifest("ORD01ABC", "", "17") == "id:ord01abc;ts:17;"


def test_timestamps_in_seconds_and_in_milliseconds_are_understood() -> None:
    import hashlib
    import hmac

    for ts in (str(int(AT.timestamp())), str(int(AT.timestamp() * 1000))):
        text = f"id:ord01abc;request-id:req;ts:{ts};"
        v1 = hmac.new(b"s3cret", text.encode(), hashlib.sha256).hexdigest()
        header = {"x-signature": f"ts={ts}, v1={v1}"}
        assert parse(call(headers=header), "s3cret", AT) == "ORD01ABC"


def test_without_a_secret_nothing_is_believed() -> None:
    with pytest.raises(WebhookRefused, match="no-secret"):
        parse(call(""), "", AT)


def test_the_account_never_shows_its_secrets() -> None:
    assert "TEST" not in repr(Account("TEST-token", "s3cret"))
