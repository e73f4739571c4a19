"""SMS and WhatsApp through a provider's HTTP interface: a real server on this machine."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import time_machine
from structlog.testing import capture_logs
from tests.queue.notices.letters import LUZ, Post, appointment

SECRET = "token-of-san-martin"


class Gateway(ThreadingHTTPServer):
    """Answers with the first of `answers`, then 200; notes what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, dict[str, str], str]] = []
        self.answers: list[int] = []


class Handler(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append((self.path, dict(self.headers), body))
        status = self.server.answers.pop(0) if self.server.answers else 200
        said = json.dumps(
            {"messages": [{"id": "sms-1"}], "you_said": self.headers["Authorization"]}
        )
        self.send_response(status)
        self.send_header("Content-Length", str(len(said)))
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(said.encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the screen."""


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def configured(post: Post, gateway: Gateway, **overrides: Any) -> dict[str, Any]:
    folder = post.instance / "secrets"
    folder.mkdir(exist_ok=True)
    (folder / "sms_token").write_text(f"{SECRET}\n")
    return {
        "provider": "http",
        "url": f"http://127.0.0.1:{gateway.server_port}/send",
        "headers": {"Authorization": "Bearer {secret}"},
        "body": '{"to": "{to}", "message": "{text}", "ref": "{id}"}',
        "secret_file": "sms_token",
        "reference": "messages.0.id",
        **overrides,
    }


def test_a_telephone_gets_one_short_text_with_everything_in_it(
    small_post: Post, gateway: Gateway, clock: time_machine.Traveller
) -> None:
    small_post.set_notices(sms=configured(small_post, gateway))
    small_post.enqueue(to=LUZ, data=appointment(office='Oficina "Centro" {secret} {to} \\'))
    assert small_post.send() == 1
    assert small_post.send() == 0
    [(path, headers, body)] = gateway.asked
    said = json.loads(body)
    assert path == "/send"
    assert headers["Authorization"] == f"Bearer {SECRET}"
    assert said["to"] == "+51987654321"
    assert 'Oficina "Centro" {secret} {to} \\' in said["message"]
    assert "K7MQ" in said["message"]
    assert SECRET not in body
    notice = next(iter(small_post.notices().values()))
    assert (notice.state, notice.channel, notice.reference) == ("sent", "sms", "sms-1")
    assert headers["Idempotency-Key"] == said["ref"] == notice.message_id.strip("<>")


def test_a_refused_number_bounces_and_a_provider_in_trouble_is_tried_again_under_the_same_id(
    small_post: Post, gateway: Gateway, clock: time_machine.Traveller
) -> None:
    small_post.set_notices(sms=configured(small_post, gateway))
    gateway.answers = [422, 503, 429, 401, 302, 200]
    small_post.enqueue(to=LUZ, key="refused")
    with capture_logs() as logs:
        small_post.send()
        small_post.enqueue(to=LUZ, key="later")
        states = []
        for _ in range(5):
            small_post.send()
            states.append(small_post.states()["later"])
            clock.shift(timedelta(hours=1))
    assert small_post.states()["refused"] == "bounced"
    assert states == ["queued"] * 4 + ["sent"]
    ids = [headers["Idempotency-Key"] for _, headers, _ in gateway.asked]
    assert len(set(ids[1:])) == 1
    assert ids[0] != ids[1]
    assert all(path == "/send" for path, _, _ in gateway.asked)
    # The provider repeats our token in its answers; it is not repeated here.
    told = f"{logs} {[one.last_error for one in small_post.notices().values()]}"
    assert "422" in told
    assert SECRET not in told


def test_a_form_and_an_address_can_be_filled_too_and_whatsapp_goes_the_same_way(
    small_post: Post, gateway: Gateway, clock: time_machine.Traveller
) -> None:
    whatsapp = configured(
        small_post,
        gateway,
        url=f"http://127.0.0.1:{gateway.server_port}/send/{{to}}",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        body="phone={to}&body={text}",
    )
    small_post.set_notices(whatsapp=whatsapp)
    notice = small_post.enqueue(to=LUZ, data=appointment(office="A&B=C"))
    assert notice is not None
    assert notice.channel == "whatsapp"
    assert small_post.send() == 1
    [(path, _, body)] = gateway.asked
    assert path == "/send/%2B51987654321"
    assert body.startswith("phone=%2B51987654321&body=")
    assert "A%26B%3DC" in body
    assert body.count("&") == 1
