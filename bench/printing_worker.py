"""A process that prints, made to be killed: waits for a line on its input, then empties the
outbox of a database until it ends. printing_worker.py DATABASE_URL"""

import sys
import time
from datetime import timedelta
from pathlib import Path

from turnero_core.db import Database
from turnero_hardware.dialogue import Timing
from turnero_hardware.print_worker import PrintWorker
from turnero_hardware.tcp import TcpTransport
from turnero_hardware.transports import transport_for

# Real ones are ten times as long; the order between them is the same.
LEASE = timedelta(seconds=3)
TIMING = Timing(connect=0.5, answer=0.4, total=1.5)


def wait(attempts: int) -> timedelta:
    return timedelta(seconds=min(0.05 * 2**attempts, 0.4))


def hurried(uri: str) -> TcpTransport:
    cable = transport_for(uri, tray=Path())
    assert isinstance(cable, TcpTransport)
    cable.timing = TIMING
    return cable


def main() -> None:
    database = Database(sys.argv[1])
    worker = PrintWorker(database.write, hurried, lease=LEASE, wait=wait)
    print("ready", flush=True)
    sys.stdin.readline()
    while True:
        worker.dispatch()
        time.sleep(0.02)


if __name__ == "__main__":
    main()
