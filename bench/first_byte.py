"""From the citizen's touch to the first byte at a network printer: `python -m bench.first_byte`.

The product as its users start it, a virtual printer in a process of its own, and between the two a
line that notes when the first byte of each slip passes. A touch is the form of a service's sheet as
the kiosk sends it; the next one waits until the paper is out.
"""

import re
import socket
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Queue
from statistics import median

import click
import httpx
from bench.installations import product
from bench.printing import printer_process

from turnero_core.ids import new_id

INITIALISE = b"\x1b@"
FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
OFFICE = "office-1"


@contextmanager
def line_to(printer: str, passed: "Queue[float]") -> Iterator[str]:
    """An address that leads to `printer`; the time of each slip's first byte goes to `passed`."""
    host, _, port = printer.removeprefix("tcp://").partition(":")
    listener = socket.create_server(("127.0.0.1", 0))
    where = (host, int(port))
    threading.Thread(target=accept, args=(listener, where, passed), daemon=True).start()
    yield f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()


def accept(listener: socket.socket, where: tuple[str, int], passed: "Queue[float]") -> None:
    while True:
        try:
            near, _ = listener.accept()
        except OSError:
            return
        far = socket.create_connection(where)
        for way in ((near, far, passed), (far.dup(), near.dup(), None)):
            threading.Thread(target=carry, args=way, daemon=True).start()


def carry(source: socket.socket, target: socket.socket, passed: "Queue[float] | None") -> None:
    with source, target, suppress(OSError):
        while data := source.recv(65_536):
            if passed is not None and INITIALISE in data:
                passed.put(time.perf_counter())
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def add_printer(file: Path, uri: str) -> None:
    with sqlite3.connect(file, timeout=10) as database:
        [(office,)] = database.execute("SELECT id FROM office WHERE code = ?", (OFFICE,))
        database.execute(
            "INSERT INTO printer (id, code, name, uri, profile, office_id, state, paper)"
            " VALUES (?, 'bench', 'bench', ?, '80mm', ?, 'unknown', 'unknown')",
            (new_id(), uri, office),
        )


def touches(url: str, count: int, passed: "Queue[float]") -> list[float]:
    """How long each touch took until its first byte, in milliseconds."""
    took = []
    for _ in range(count):
        with httpx.Client(base_url=url, timeout=30) as kiosk:
            kiosk.get(f"/kiosk/{OFFICE}")
            page = kiosk.get(f"/kiosk/{OFFICE}/service/rentas").text
            form = {**dict(FIELD.findall(page)), "priority": "standard", "how": "paper"}
            touched = time.perf_counter()
            answer = kiosk.post(f"/kiosk/{OFFICE}/turn", data=form)
            if answer.status_code != 303:
                raise SystemExit(f"no turn was given: {answer.status_code}")
            took.append((passed.get(timeout=30) - touched) * 1000)
            time.sleep(0.2)
    return took


@click.command()
@click.option("--touches", "count", default=100, show_default=True)
def main(count: int) -> None:
    passed: Queue[float] = Queue()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "paper").mkdir()
        with (
            printer_process(folder / "paper") as printer,
            line_to(printer, passed) as uri,
            product(folder, prepare=lambda file: add_printer(file, uri)) as server,
        ):
            took = sorted(touches(f"http://127.0.0.1:{server.port}", count, passed))
    p95 = took[max(0, -(-len(took) * 95 // 100) - 1)]
    click.echo(
        f"touch to first byte, {count} touches: median {median(took):.0f} ms, "
        f"p95 {p95:.0f} ms, longest {took[-1]:.0f} ms"
    )


if __name__ == "__main__":
    main()
