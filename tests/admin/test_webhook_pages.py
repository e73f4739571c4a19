"""Webhooks in the administration: made, tried, looked at, sent again, and who may not."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page
from sqlalchemy import select
from tests.admin.cityhall import PASSWORD, Browser, CityHall
from tests.axe import objections
from tests.queue.webhooks.receiver import Receiver, receiving

from turnero_core import clock as present
from turnero_queue import catalogue, staff
from turnero_queue.models import Webhook, WebhookDelivery
from turnero_queue.webhooks import deliveries, noting, sending, subscriptions
from turnero_queue.webhooks.subscriptions import Wanted

WHERE = "/admin/webhooks"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def office_id(hall: CityHall) -> str:
    with hall.database.read() as session:
        return catalogue.current(session).office("centro").id


def hire(hall: CityHall, login: str, office: str | None = None) -> None:
    with hall.database.write() as session:
        staff.create(
            session,
            login,
            PASSWORD,
            present.now(),
            name="Eva Ríos",
            role="administrator",
            office_id=office_id(hall) if office else None,
            must_change_password=False,
        )


@pytest.fixture
def eva(hall: CityHall) -> Browser:
    """Administrator of the whole city."""
    hire(hall, "eva")
    return hall.clerk("eva")


def subscribe(hall: CityHall, url: str, **values: object) -> str:
    """A webhook with one delivery that waits."""
    with hall.database.write() as session:
        wanted = Wanted(url, ("ticket.called", "payment.approved"), description="Expedientes")
        made, _ = subscriptions.create(session, wanted, present.now(), actor="eva")
        body = noting.body_of("ticket.called", "centro", present.now(), {"code": "R001"})
        noting.put(session, made.id, "ticket.called", body, present.now())
        for name, value in values.items():
            setattr(made, name, value)
        return made.id


def only(hall: CityHall) -> Webhook:
    with hall.database.read() as session:
        return session.scalars(select(Webhook)).one()


def delivery(hall: CityHall) -> WebhookDelivery:
    with hall.database.read() as session:
        return session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.number)).first()  # type: ignore[return-value]


def test_a_webhook_is_made_and_its_secret_shown_once(hall: CityHall, eva: Browser) -> None:
    token = eva.token(f"{WHERE}/new")
    wrong = eva.post(f"{WHERE}/new", {"url": "ftp://x"}, token=token)
    assert wrong.status_code == 422
    assert wrong.text.count("field__error") == 2
    form = {
        "url": "https://procedures.city.example/hook",
        "events": ["ticket.served"],
        "office": "centro",
        "description": "<b>Expedientes</b>",
    }
    made = eva.post(f"{WHERE}/new", form, token=token)
    found = only(hall)
    assert made.status_code == 201
    assert found.secret in made.text
    assert made.headers["Cache-Control"] == "no-store"
    assert (found.office_id, found.events) == (office_id(hall), ["ticket.served"])
    shown = eva.get(f"{WHERE}/{found.id}").text + eva.get(WHERE).text
    assert found.secret not in shown
    assert "&lt;b&gt;Expedientes" in shown

    eva.post(f"{WHERE}/{found.id}/change", form | {"office": ""}, token=token)
    renewed = eva.post(f"{WHERE}/{found.id}/rotate", {}, token=token)
    assert only(hall).office_id is None
    assert only(hall).secret in renewed.text
    assert only(hall).old_secret == found.secret


def test_a_webhook_is_tried_its_log_read_and_a_delivery_sent_again(
    hall: CityHall, eva: Browser, receiver: Receiver
) -> None:
    made = subscribe(hall, receiver.url)
    token = eva.token(f"{WHERE}/{made}")
    receiver.answers = [410]
    eva.post(f"{WHERE}/{made}/test", {}, token=token)
    assert "410 answer 410" in eva.get(f"{WHERE}/{made}").text
    assert receiver.types == ["ping"]
    sending.drain(hall.database, made, sending.send, lambda: True)
    log = eva.get(f"{WHERE}/{made}/log?state=delivered").text
    assert log.count("<tr>") == 2
    sent = delivery(hall)
    page = eva.get(f"{WHERE}/deliveries/{sent.id}").text
    assert "R001" in page
    assert "answer 200" in page

    eva.post(f"{WHERE}/deliveries/{sent.id}/again", {}, token=token)
    assert delivery(hall).state == "pending"
    eva.post(f"{WHERE}/{made}/switch", {}, token=token)
    assert not only(hall).active
    eva.post(f"{WHERE}/{made}/remove", {}, token=token)
    assert eva.get(f"{WHERE}/{made}").status_code == 404


def test_a_paused_webhook_is_said_on_every_page_of_who_may_mend_it(
    hall: CityHall, eva: Browser
) -> None:
    made = subscribe(hall, "https://a.example", active=False, paused_at=present.now())
    hire(hall, "here", "centro")
    here = hall.clerk("here")

    assert f"{WHERE}/{made}" in eva.get("/admin/").text
    assert WHERE not in here.get("/admin/").text
    assert here.get(WHERE).status_code == 403


def test_axe_finds_nothing_and_nothing_moves_sideways(
    open_hall: CityHall, address: str, page: Page, receiver: Receiver
) -> None:
    hire(open_hall, "eva")
    made = subscribe(open_hall, receiver.url)
    with open_hall.database.write() as session:
        found = subscriptions.find(session, made)
        found.failing_since = present.now() - timedelta(hours=3)
        deliveries.settle(
            session, delivery(open_hall).number, deliveries.Outcome(500, "no"), present.now()
        )
    paused = subscribe(open_hall, "https://b.example", active=False, paused_at=present.now())
    page.goto(f"{address}/login?next={WHERE}")
    page.locator("input[name=login]").fill("eva")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{WHERE}")
    one = f"{WHERE}/deliveries/{delivery(open_hall).id}"
    for path in (WHERE, f"{WHERE}/new", f"{WHERE}/{made}", f"{WHERE}/{paused}", one):
        page.goto(address + path)
        for width, height in ((1366, 768), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert objections(page) == []
