"""Ten kiosks of one process that take payments; one in five breaks off before its commit.

Run as `python kiosks.py DATABASE_URL OFFICE_ID FIRST_KIOSK`; prints the numbers that stand.
"""

import sys
from threading import Lock, Thread

from turnero_core import clock
from turnero_core.db import Database
from turnero_queue import receipts
from turnero_queue.payments import moves, paying, starting
from turnero_queue.payments.starting import Errand, How, Item, Where

KIOSKS, EACH = 10, 2


class PowerCutError(Exception):
    pass


def kiosk(database: Database, office_id: str, mine: int, numbers: list[int], lock: Lock) -> None:
    for turn in range(mine * EACH, mine * EACH + EACH):
        key = f"turn-{turn}"
        try:
            with database.write() as session:
                now = clock.now()
                where = Where(office_id, "PEN", point_of_sale="centro")
                item = Item({"es": "Copia"}, 150)
                how = How("qr", provider="simulated", simulated=True)
                errand = Errand("service", key)
                made = starting.start(session, [item], how, errand, where, key, now)
                payment = moves.hold(session, made.id)
                paying.approve(session, payment, "provider:simulated", now)
                receipt = receipts.of_payment(session, payment.id)
                if turn % 5 == 2:
                    raise PowerCutError
            if receipt is None:
                raise RuntimeError("an approved payment without a receipt")
            with lock:
                numbers.append(receipt.number)
        except PowerCutError:
            continue


def main() -> None:
    url, office_id, first = sys.argv[1:]
    database = Database(url)
    numbers: list[int] = []
    lock = Lock()
    threads = [
        Thread(target=kiosk, args=(database, office_id, int(first) + n, numbers, lock))
        for n in range(KIOSKS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.stdout.write(" ".join(map(str, numbers)))


if __name__ == "__main__":
    main()
