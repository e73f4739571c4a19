"""What the doctor says of payments: secrets that are missing, or that everybody can read."""

from pathlib import Path

from tests.queue import factories

from turnero_core.db import Database
from turnero_core.settings import Settings
from turnero_queue.models import Municipality
from turnero_server.checks.finding import Level
from turnero_server.checks.payments import payments


def test_secrets_must_be_there_and_private(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    settings = Settings(tmp_path, sqlite_url, "a-secret", "", 0)
    with database.write() as session:
        factories.create_san_martin(session)
        assert [found.level for found in payments(session, settings)] == [Level.OK]
        row = session.get_one(Municipality, 1)
        row.payments = {"providers": {"mercadopago": {"pos": "CAJA01"}}}
        session.flush()
        missing = list(payments(session, settings))
        assert [found.level for found in missing] == [Level.FAIL, Level.FAIL]
        folder = tmp_path / "secrets"
        folder.mkdir()
        for name, mode in (("access_token", 0o644), ("webhook_secret", 0o600)):
            file = folder / f"mercadopago_{name}"
            file.write_text("APP_USR-secret")
            file.chmod(mode)
        found = list(payments(session, settings))
        assert [entry.level for entry in found] == [Level.FAIL, Level.OK]
        assert "APP_USR" not in repr(found)
    database.dispose()
