"""Sends the pretended provider's signed webhooks, as late, often or rarely as it is told."""

import json
import threading
import time
import uuid
from datetime import UTC, datetime
from sqlite3 import Row

import httpx
import structlog

from turnero_core import clock
from turnero_queue.payments.mercadopago_webhook import sign
from turnero_server.simulated_provider.faults import Switchboard
from turnero_server.simulated_provider.ledger import Ledger

POLL_S = 0.05
RETRY_S = 2.0
MOST_TRIES = 5
log = structlog.get_logger()


class Sender:
    def __init__(self, ledger: Ledger, faults: Switchboard, secret: str, notify: str) -> None:
        self._ledger = ledger
        self._faults = faults
        self._secret = secret
        self._notify = notify
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(5)

    def _run(self) -> None:
        with httpx.Client(timeout=10) as client:
            while not self._stopping.wait(POLL_S):
                for hook in self._ledger.due_hooks(time.time()):
                    if not self._stopping.is_set():
                        self._one(client, hook)

    def _one(self, client: httpx.Client, hook: Row) -> None:
        planned, _, action = hook["action"].partition(":")
        if planned == "plan":
            for due in self._faults.plan(hook["due_at"]):
                self._ledger.plan_hook(hook["order_id"], action, due)
            self._ledger.hook_done(hook["id"])
        elif self._send(client, hook) or hook["tries"] + 1 >= MOST_TRIES:
            self._ledger.hook_done(hook["id"])
        else:
            self._ledger.hook_later(hook["id"], time.time() + RETRY_S)

    def _send(self, client: httpx.Client, hook: Row) -> bool:
        """Whether it was taken; a provider tries again until it is."""
        now, request_id = datetime.now(UTC), str(uuid.uuid4())
        headers = {
            "Content-Type": "application/json",
            "x-request-id": request_id,
            "x-signature": sign(self._secret, hook["order_id"], request_id, now),
        }
        query = {"data.id": hook["order_id"], "type": "order"}
        try:
            answer = client.post(
                self._notify, params=query, headers=headers, content=self._body(hook, now)
            )
        except httpx.HTTPError as error:
            log.info("webhook_not_sent", why=type(error).__name__)
            return False
        return answer.is_success

    def _body(self, hook: Row, now: datetime) -> str:
        order = self._ledger.order(hook["order_id"], now)
        return json.dumps(
            {
                "action": hook["action"],
                "api_version": "v1",
                "application_id": "SIMULADO",
                "data": {
                    "id": order["id"],
                    "external_reference": order["external_reference"],
                    "status": order["status"],
                    "status_detail": order["status_detail"],
                    "total_paid_amount": order["amount"],
                    "type": order["type"],
                },
                "date_created": clock.rfc3339(now),
                "live_mode": False,
                "type": "order",
            }
        )
