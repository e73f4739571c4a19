"""A process that sends what is due and ends: python sending_process.py DATABASE INSTANCE LEASE.

It waits for a line on its standard input first, so that a test knows its number in time.
"""

import sys
from datetime import timedelta
from pathlib import Path

from turnero_core import sealed
from turnero_core.db import Database
from turnero_queue.notices.sender import Sender

if __name__ == "__main__":
    url, instance, lease = sys.argv[1:]
    sealed.use("the secret of a test's installation")
    database = Database(url)
    sender = Sender(database, Path(instance), lease=timedelta(seconds=float(lease)))
    print("ready", flush=True)
    sys.stdin.readline()
    sender.run_once()
    database.dispose()
