"""A printer made of software: takes jobs on a TCP port as a network printer does, and can be
told to fail as they do.

    python -m turnero_hardware.virtual_printer --port 9100 --tray DIR

Each job becomes a .bin file in the tray. A file named `fault` in the tray holds one word of
`Fault` and is obeyed within a moment; without it the printer works.
"""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
import time
from enum import StrEnum
from pathlib import Path

import click

from turnero_hardware.paper import paper_png
from turnero_hardware.profiles import PROFILES, profile_named
from turnero_hardware.transports import drop

STATUS_REQUEST = b"\x10\x04"
CONTROL_FILE = "fault"
_POLL_S = 0.05


class Fault(StrEnum):
    """What goes wrong."""

    NONE = "none"
    REFUSE = "refuse"  #: nobody listens
    HALF = "half"  #: the connection is reset in the middle of the job
    SILENT = "silent"  #: accepts, but never reads nor answers
    PAPER_OUT = "paper-out"  #: holds the job until there is paper
    COVER_OPEN = "cover-open"  #: holds the job until the cover is shut
    SLOW = "slow"  #: 4 KB a second


_STATUS = {
    Fault.PAPER_OUT: {1: 0x1A, 2: 0x32, 4: 0x72},
    Fault.COVER_OPEN: {1: 0x1A, 2: 0x16},
}
_WAITING = (Fault.PAPER_OUT, Fault.COVER_OPEN)


def status_answer(fault: Fault, request: int) -> bytes:
    """The byte that answers `DLE EOT request`; 0x12 says that all is well."""
    return bytes([_STATUS.get(fault, {}).get(request, 0x12)])


def without_status_requests(data: bytes) -> bytes:
    """The job itself: `data` less the status requests before and after it."""
    while data[:2] == STATUS_REQUEST:
        data = data[3:]
    while data[-3:-1] == STATUS_REQUEST:
        data = data[:-3]
    return data


class VirtualPrinter:
    """Listens on `port` (0 takes a free one) from `start` to `stop`; a context manager too."""

    def __init__(self, tray: Path, port: int = 0, host: str = "127.0.0.1") -> None:
        self.tray, self.host, self.port = tray, host, port
        self.fault = Fault.NONE
        self.stopping = threading.Event()
        self._server: _Server | None = None

    def __enter__(self) -> VirtualPrinter:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self.tray.mkdir(parents=True, exist_ok=True)
        self.stopping.clear()
        self._listen()

    def stop(self) -> None:
        self.stopping.set()
        self._hang_up()

    def set_fault(self, fault: Fault) -> None:
        """Fail in this way from the next moment on; `Fault.NONE` mends the printer."""
        self.fault = fault
        if fault is Fault.REFUSE:
            self._hang_up()
        elif self._server is None and not self.stopping.is_set():
            self._listen()

    def obey_control_file(self) -> None:
        """Take the fault from the tray's control file; words that are no fault mean none."""
        file = self.tray / CONTROL_FILE
        word = file.read_text("utf-8").strip() if file.is_file() else ""
        fault = Fault(word) if word in list(Fault) else Fault.NONE
        if fault is not self.fault:
            self.set_fault(fault)

    def jobs(self) -> list[bytes]:
        """Every job in the tray, oldest first."""
        return [file.read_bytes() for file in sorted(self.tray.glob("*.bin"))]

    def keep(self, data: bytes) -> None:
        job = without_status_requests(data)
        while self.fault in _WAITING and not self.stopping.is_set():
            time.sleep(_POLL_S)
        if job and not self.stopping.is_set():
            drop(self.tray, job)

    def _listen(self) -> None:
        self._server = _Server(self, (self.host, self.port))
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(_POLL_S,), daemon=True).start()

    def _hang_up(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, printer: VirtualPrinter, address: tuple[str, int]) -> None:
        self.printer = printer
        super().__init__(address, _Handler)


class _Handler(socketserver.BaseRequestHandler):
    server: _Server
    request: socket.socket

    def handle(self) -> None:
        printer, data = self.server.printer, b""
        while printer.fault is Fault.SILENT and not printer.stopping.wait(_POLL_S):
            pass
        self.request.settimeout(60)
        try:
            while chunk := self.request.recv(200 if printer.fault is Fault.SLOW else 4096):
                self._answer(data[-2:] + chunk, chunk)
                data += chunk
                if printer.fault is Fault.SLOW:
                    time.sleep(_POLL_S)
                if printer.fault is Fault.HALF and len(data) > 200:
                    self._reset()
                    return
        except OSError:
            return
        printer.keep(data)

    def _answer(self, recent: bytes, chunk: bytes) -> None:
        """Answer the status requests that end in `chunk`, even in the middle of a picture, as
        printers do."""
        fault = self.server.printer.fault
        for index in range(max(0, len(recent) - len(chunk) - 2), len(recent) - 2):
            request = recent[index + 2]
            if recent[index : index + 2] == STATUS_REQUEST and 1 <= request <= 4:
                self.request.sendall(status_answer(fault, request))

    def _reset(self) -> None:
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.request.close()


def draw_missing_pictures(tray: Path, profile: str) -> None:
    """Put a .png of the paper beside each job that has none yet."""
    for job in tray.glob("*.bin"):
        drawing = job.with_suffix(".png")
        if not drawing.exists():
            drawing.write_bytes(paper_png(job.read_bytes(), profile_named(profile).dots))


@click.command()
@click.option("--port", type=int, default=9100, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--tray", type=click.Path(path_type=Path), required=True)
@click.option("--pictures", type=click.Choice(list(PROFILES)), help="Also draw each job.")
def main(port: int, host: str, tray: Path, pictures: str | None) -> None:
    """Print to a folder what is sent to a TCP port."""
    with VirtualPrinter(tray, port, host) as printer:
        click.echo(f"listening on {host}:{printer.port}, printing to {tray}")
        while not printer.stopping.wait(0.2):
            printer.obey_control_file()
            if pictures:
                draw_missing_pictures(tray, pictures)


if __name__ == "__main__":
    main()
