"""Short messages through a provider's HTTP interface, described in the configuration."""

import json
import re
from collections.abc import Callable, Mapping
from urllib.parse import quote

import httpx

from turnero_queue.notices.message import Message
from turnero_queue.notices.providers.base import ProviderError
from turnero_queue.notices.settings import Http

TIMEOUT_S = 20.0
FIELD = re.compile(r"\{(to|text|id|secret)\}")
# These are about our account, or about now; any other 4xx is about the receiver.
AGAIN = {401, 402, 403, 404, 405, 407, 408, 409, 425, 429}
MOST_ANSWER = 100_000


class HttpProvider:
    """The message's own id goes with it, as field and as Idempotency-Key, the same every time."""

    def __init__(self, settings: Http, secret: str, timeout: float = TIMEOUT_S) -> None:
        self._settings, self._secret, self._timeout = settings, secret, timeout

    def send(self, message: Message) -> str:
        settings = self._settings
        values = {
            "to": message.to,
            "text": message.text,
            "id": message.id.strip("<>"),
            "secret": self._secret,
        }
        headers = {name: _filled(text, values) for name, text in settings.headers.items()}
        headers.setdefault("Content-Type", "application/json")
        headers.setdefault("Idempotency-Key", values["id"])
        as_json = "json" in headers["Content-Type"].lower()
        body = _filled(settings.body, values, _in_json if as_json else _in_form)
        try:
            answer = httpx.request(
                settings.method,
                _filled(settings.url, values, _in_form),
                headers=headers,
                content=body.encode(),
                timeout=self._timeout,
                follow_redirects=False,
            )
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise ProviderError(f"no connection: {type(error).__name__}") from error
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            # The text of these may tell the address, and with it a secret.
            raise ProviderError(f"broke off: {type(error).__name__}", doubtful=True) from error
        return self._judge(answer)

    def _judge(self, answer: httpx.Response) -> str:
        if answer.is_success:
            return _reference(answer, self._settings.reference)
        said = " ".join(answer.text[:300].split())
        if self._secret:
            said = said.replace(self._secret, "…")
        permanent = 400 <= answer.status_code < 500 and answer.status_code not in AGAIN
        detail = f"{answer.status_code} {said}".strip()
        raise ProviderError(detail, permanent=permanent, doubtful=answer.status_code >= 500)


def _filled(template: str, values: Mapping[str, str], encode: Callable[[str], str] = str) -> str:
    """`template` with its fields, each once: what a person wrote is never a template itself."""
    return FIELD.sub(lambda found: encode(values[found[1]]), template)


def _in_form(text: str) -> str:
    return quote(text, safe="")


def _in_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _reference(answer: httpx.Response, path: str) -> str:
    if not path or len(answer.content) > MOST_ANSWER:
        return ""
    try:
        found = answer.json()
        for key in path.split("."):
            found = found[int(key)] if isinstance(found, list) else found[key]
    except (ValueError, KeyError, IndexError, TypeError):
        return ""
    return str(found)[:200] if isinstance(found, str | int) else ""
