"""A backup made while turns are given is one moment of them, and can be served."""

import threading
from collections.abc import Callable
from typing import Any

OFFICE = "office-1"


def test_a_backup_made_under_load_restores_to_a_consistent_system(
    own_server: Any, install: Callable[[str], Any], check_consistent: Callable[[str], None]
) -> None:
    given: list[str] = []
    ending = threading.Event()

    def kiosk() -> None:
        with own_server.client() as client:
            while not ending.is_set():
                answer = client.post(f"/offices/{OFFICE}/tickets", json={"service": "rentas"})
                assert answer.status_code == 201
                given.append(answer.json()["code"])
                client.post(f"/offices/{OFFICE}/desks/1/call-next", json={"finish_current": True})

    threads = [threading.Thread(target=kiosk) for _ in range(3)]
    for thread in threads:
        thread.start()
    file = own_server.folder / "saved"
    try:
        while len(given) < 20:
            threading.Event().wait(0.05)
        before = list(given)
        own_server.turnero("backup", str(file))
    finally:
        ending.set()
        for thread in threads:
            thread.join()

    other = install("sqlite")
    refused = other.turnero("restore", str(file), check=False)
    assert refused.returncode != 0
    other.turnero("restore", "--force", str(file))
    check_consistent(other.database_url)
    other.token = own_server.token
    other.start()
    with other.client() as client:
        after = client.post(f"/offices/{OFFICE}/tickets", json={"service": "rentas"})
        assert after.status_code == 201
        assert len(before) < after.json()["number"] <= len(given) + 1
