"""A process that moves an appointment and is killed: mover.py DATABASE TOKEN START STATEMENT.

It kills itself, as the kernel would, just before the statement that begins so (or "COMMIT").
"""

import os
import signal
import sys
from datetime import datetime
from typing import Any

from sqlalchemy import event

from turnero_core import clock, sealed
from turnero_core.db import Database
from turnero_queue import appointments


def main(url: str, token: str, start: str, statement: str) -> None:
    sealed.use("a-secret-of-the-tests")
    database = Database(url)

    def watch(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        if text.startswith(statement):
            die()

    def die(*_: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.engine, "before_cursor_execute", watch)
    if statement == "COMMIT":
        event.listen(database.engine, "commit", die)
    now = clock.now()
    with database.write() as session:
        appointments.reschedule(session, token, datetime.fromisoformat(start), now)
    sys.stdout.write("moved")


main(*sys.argv[1:])
