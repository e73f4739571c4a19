"""A process full of people who book the same hour: crowd.py DATABASE PEOPLE.

Prints "ready", waits for a line, and prints what each of them got.
"""

import sys
import threading
from datetime import timedelta

from turnero_core import clock, sealed
from turnero_core.db import Database
from turnero_core.errors import Problem
from turnero_queue import appointments, catalogue
from turnero_queue.appointments import Wanted


def main(url: str, people: str) -> None:
    sealed.use("a-secret-of-the-tests")
    database = Database(url)
    with database.read() as session:
        catalogue.current(session)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    got: list[str] = []
    threads = [
        threading.Thread(target=lambda: got.append(book(database))) for _ in range(int(people))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.stdout.write(" ".join(got))
    database.dispose()


def book(database: Database) -> str:
    now = clock.now()
    start = (now + timedelta(days=2)).replace(hour=12, minute=0, second=0, microsecond=0)
    try:
        with database.write() as session:
            office = catalogue.current(session).office("centro")
            wanted = [Wanted(office.service("rentas"))]
            held = appointments.hold(session, office, wanted, start, now)
        with database.write() as session:
            return appointments.confirm(session, held.token, clock.now()).state
    except Problem as problem:
        return problem.slug


main(*sys.argv[1:])
