"""A process that races others on the domain: issues turns, or calls until nobody waits.

racer.py URL issue OFFICE COUNT | racer.py URL call OFFICE DESK

Says "ready", waits for a line, works, and prints the codes it got.
"""

import sys

from turnero_core import clock
from turnero_core.db import Database
from turnero_queue import calling, catalogue, issuing, sequence
from turnero_queue.issuing import Visit
from turnero_queue.waiting import code_of


def issue(database: Database, office_code: str) -> str:
    with database.write() as session:
        known = catalogue.current(session)
        office = known.office(office_code)
        moment = sequence.hold(session, office.id, clock.now())
        visit = Visit(known.service("rentas"), known.priority(None), "es")
        ticket = issuing.issue(session, moment, office, visit, "racer")
        return code_of(ticket.prefix, ticket.number)


def call(database: Database, office_code: str, desk_code: str) -> str | None:
    with database.write() as session:
        known = catalogue.current(session)
        office = known.office(office_code)
        moment = sequence.hold(session, office.id, clock.now())
        called = calling.call_next(
            session, moment, known, office.desk(desk_code), "racer", finish_current=True
        )
        return code_of(called[0].prefix, called[0].number) if called else None


def main(url: str, task: str, office: str, argument: str) -> None:
    database = Database(url)
    with database.read() as session:
        catalogue.current(session)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    if task == "issue":
        codes = [issue(database, office) for _ in range(int(argument))]
    else:
        codes = list(iter(lambda: call(database, office, argument), None))
    sys.stdout.write("".join(f"{code}\n" for code in codes))
    database.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
