"""Debts over HTTP: a GET that answers JSON, and a POST that tells of a paid one."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from turnero_core.clock import rfc3339
from turnero_core.i18n import N_
from turnero_queue.connectors import reading
from turnero_queue.connectors.debt import (
    Debt,
    DebtsUnavailable,
    DocumentOrAccount,
    NonsenseAnswer,
    Paid,
)
from turnero_queue.connectors.options import Connector
from turnero_queue.connectors.secret_files import read_secret

MOST_BYTES = 1_000_000


class HttpDebts:
    """Follows no redirect and keeps no cookie: it talks to the address that was configured."""

    def __init__(self, options: Connector, currency: str, instance: Path) -> None:
        self._options = options
        self._reading = reading.Reading(options.fields, currency, options.amounts)
        self._instance = instance
        self._client = httpx.Client(timeout=options.timeout_s, trust_env=False)

    def lookup(self, query: DocumentOrAccount) -> list[Debt]:
        url = self._options.url.replace("{kind}", query.kind)
        url = url.replace("{value}", quote(query.value, safe=""))
        status, body = self._ask("GET", url)
        if status == 404 and self._options.none_when_404:
            return []
        if status != 200:
            raise DebtsUnavailable(N_("the answer's status is %(status)s"), status=status)
        rows = reading.at(_parsed(body), self._options.path)
        if not isinstance(rows, list):
            raise NonsenseAnswer(N_("there is no list of debts in the answer"))
        return reading.debts(rows, self._reading)

    def report_paid(self, debt: Debt, paid: Paid) -> None:
        if not self._options.report_url:
            return
        url = self._options.report_url.replace("{key}", quote(debt.key, safe=""))
        status, _ = self._ask("POST", url, json=_report(debt, paid), key=paid.key)
        if not 200 <= status < 300:
            raise DebtsUnavailable(
                N_("the report was answered with status %(status)s"), status=status
            )

    def close(self) -> None:
        self._client.close()

    def _ask(
        self, method: str, url: str, *, json: Any = None, key: str | None = None
    ) -> tuple[int, bytes]:
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        for name, value in self._options.headers.items():
            secret = value if isinstance(value, str) else read_secret(self._instance, value["file"])
            headers[name] = secret
        if key:
            headers["Idempotency-Key"] = key
        end = time.monotonic() + self._options.timeout_s
        try:
            with self._client.stream(method, url, headers=headers, json=json) as response:
                return response.status_code, _body(response, end)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # The error's text may hold the address, and with it somebody's document.
            raise DebtsUnavailable(type(error).__name__, said=_said(error)) from None


def _said(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException):
        return N_("it did not answer in the time that it is given")
    if isinstance(error, httpx.ConnectError):
        return N_("nobody answers at its address")
    return N_("the conversation with it broke off")


def _body(response: httpx.Response, end: float) -> bytes:
    """The body, as long as it is of a sane size and comes before `end`."""
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise NonsenseAnswer(N_("a compressed answer, which was not asked for"))
    body = bytearray()
    for chunk in response.iter_raw(65_536):
        body += chunk
        if len(body) > MOST_BYTES:
            raise NonsenseAnswer(N_("an answer of more than %(most)s bytes"), most=MOST_BYTES)
        if time.monotonic() > end:
            raise DebtsUnavailable(N_("the answer comes too slowly"))
    return bytes(body)


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_refused)
    except (ValueError, RecursionError):
        raise NonsenseAnswer(N_("the answer is not JSON")) from None


def _refused(constant: str) -> Any:
    raise ValueError(constant)


def _report(debt: Debt, paid: Paid) -> dict[str, Any]:
    return {
        "key": paid.key,
        "debt": debt.key,
        "amount_minor": paid.amount_minor,
        "currency": paid.currency,
        "receipt": paid.receipt,
        "method": paid.method,
        "paid_at": rfc3339(paid.at),
    }
