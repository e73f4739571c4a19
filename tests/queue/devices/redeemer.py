"""A machine that types an invitation's code when it is told to: redeemer.py URL CODE SECRET NOW

Says "ready", waits for a line, tries, and prints the token it got, or nothing.
"""

import sys
from datetime import datetime

from turnero_core import sealed
from turnero_core.db import Database
from turnero_core.errors import NotFound
from turnero_queue import devices


def main(url: str, code: str, secret: str, now: str) -> None:
    sealed.use(secret)
    database = Database(url)
    with database.read() as session:
        devices.listed(session)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    try:
        with database.write() as session:
            token = devices.redeem(session, code, datetime.fromisoformat(now))[1]
        sys.stdout.write(token + "\n")
    except NotFound:
        sys.stdout.write("\n")
    database.dispose()


main(*sys.argv[1:])
