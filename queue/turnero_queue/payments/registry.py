"""The configured providers, with the secrets that they need from the instance folder.

Secrets are files in `secrets/` of the instance, readable by the server alone; they are neither
configuration nor data, so that no dump and no table has them.
"""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from turnero_core.db import Database
from turnero_queue.payments import settings
from turnero_queue.payments.mercadopago import API, Account, MercadoPago
from turnero_queue.payments.provider import Provider, ProviderError

SECRETS = "secrets"
TOKEN_FILE = "{code}_access_token"  # noqa: S105 - the name of the file
WEBHOOK_FILE = "{code}_webhook_secret"
# Where the simulated provider listens; it writes this itself when it starts.
SIMULATED_ADDRESS = "simulated_provider_url"
MOST_SECRET_BYTES = 4096


def secret_names(code: str, stored: Mapping[str, Any]) -> dict[str, str]:
    """The files in `SECRETS` that a provider's settings mean, by the settings that may name
    others."""
    usual = {"access_token_file": TOKEN_FILE, "webhook_secret_file": WEBHOOK_FILE}
    return {key: stored.get(key) or name.format(code=code) for key, name in usual.items()}


class Registry:
    """Providers by code, made when they are first needed and again when their settings change."""

    def __init__(self, database: Database, instance: Path) -> None:
        self._database = database
        self._instance = instance
        self._made: dict[str, tuple[object, MercadoPago]] = {}
        self._lock = threading.Lock()

    def get(self, code: str) -> Provider:
        with self._database.read() as session:
            stored = settings.current(session).providers.get(code)
        if stored is None:
            raise ProviderError(f"{code}: not configured")
        account = self._account(code, stored)
        with self._lock:
            known = self._made.get(code)
            if known is None or known[0] != account:
                provider = MercadoPago(code, account, simulated=code == settings.SIMULATED)
                known = self._made[code] = (account, provider)
            return known[1]

    def _account(self, code: str, stored: Mapping[str, Any]) -> Account:
        names = secret_names(code, stored)
        usual = "SIMULADO" if code == settings.SIMULATED else ""
        return Account(
            access_token=self._secret(names["access_token_file"], code),
            webhook_secret=self._secret(names["webhook_secret_file"], code),
            api=self._address(code, stored),
            points={"": stored.get("pos", usual), **stored.get("points", {})},
            terminals={"": stored.get("terminal", usual), **stored.get("terminals", {})},
        )

    def _address(self, code: str, stored: Mapping[str, Any]) -> str:
        if code != settings.SIMULATED:
            return str(stored.get("api", API))
        try:
            return (self._instance / SIMULATED_ADDRESS).read_text("utf-8").strip()
        except OSError as error:
            raise ProviderError(f"{code}: is not running") from error

    def _secret(self, name: str, code: str) -> str:
        file = self._instance / SECRETS / name
        try:
            text = file.read_bytes()[:MOST_SECRET_BYTES].decode("ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ProviderError(f"{code}: {file.name} cannot be read") from error
        if not text:
            raise ProviderError(f"{code}: {file.name} is empty")
        return text
