"""A municipality whose messages go to servers on this machine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.queue import factories
from tests.queue.notices.letters import Post
from tests.queue.notices.mailbox import MailServer

from turnero_core.db import Database


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer().start()
    yield server
    server.stop()


@pytest.fixture
def post(database: Database, mail_server: MailServer, tmp_path: Path) -> Post:
    """San Martín's outbox on each database, and the mail server that it speaks to."""
    return _post(database, mail_server, tmp_path)


@pytest.fixture
def small_post(sqlite_url: str, mail_server: MailServer, tmp_path: Path) -> Iterator[Post]:
    """The same on SQLite alone, for what does not depend on the database."""
    database = Database(sqlite_url)
    yield _post(database, mail_server, tmp_path)
    database.dispose()


def _post(database: Database, server: MailServer, folder: Path, **overrides: Any) -> Post:
    email = {
        "provider": "smtp",
        "sender": "turnos@sanmartin.example",
        "host": "127.0.0.1",
        "port": server.port,
        "security": "none",
    }
    with database.write() as session:
        factories.create_municipality(session, notices={"email": email, **overrides})
        factories.create_office(session, "centro")
    return Post(database, server, folder)
