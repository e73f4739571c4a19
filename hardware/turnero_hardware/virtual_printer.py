"""A printer made of software: takes jobs on a TCP port as a network printer does, says how it
is, and can be told to fail as they do.

    python -m turnero_hardware.virtual_printer --port 9100 --tray DIR

Each slip that is printed whole, up to its cut, becomes a .bin file in the tray; paper on which
only part of a slip came out becomes a .partial file. A file named `fault` in the tray holds a
word of `Fault`, and perhaps a number, and is obeyed within a moment; without it the printer works.
"""

from __future__ import annotations

import threading
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import click

from turnero_core.clock import now
from turnero_hardware.files import drop
from turnero_hardware.paper import paper_png
from turnero_hardware.profiles import PROFILES, profile_named
from turnero_hardware.status import Paper, PrinterStatus
from turnero_hardware.virtual_line import Server
from turnero_hardware.virtual_paper import Feed

CONTROL_FILE = "fault"
_POLL_S = 0.05


class Fault(StrEnum):
    """What goes wrong. A number after it: how many slips still print, or bytes are still taken."""

    NONE = "none"
    REFUSE = "refuse"  #: nobody listens
    HALF = "half"  #: the connection is reset in the middle of the job, after 200 bytes
    SILENT = "silent"  #: accepts, but never reads nor answers
    PAPER_OUT = "paper-out"  #: stops in the middle of a slip and goes on when there is paper
    NEAR_END = "near-end"  #: works, and says that there is little paper left
    COVER_OPEN = "cover-open"  #: stops until the cover is shut
    CUTTER = "cutter-error"  #: stops until the blade is free
    SLOW = "slow"  #: 4 KB a second


_STOPPED = (Fault.PAPER_OUT, Fault.COVER_OPEN, Fault.CUTTER)
_RESET_AFTER = 200


class VirtualPrinter:
    """Listens on `port` (0 takes a free one) from `start` to `stop`; a context manager too.

    Like a real one it keeps what it has received when the paper ends, the cover opens or the
    connection breaks, and prints the rest as soon as it can; only switching it off (`stop`) loses
    it. With a `cutter` a slip is whole when it is cut, without one when its connection closes.
    """

    def __init__(
        self, tray: Path, port: int = 0, host: str = "127.0.0.1", *, cutter: bool = True
    ) -> None:
        self.tray, self.host, self.port, self.cutter = tray, host, port, cutter
        self.fault, self.after = Fault.NONE, 0
        self.drawer_open = False
        self.stopping = threading.Event()
        self._server: Server | None = None
        self._guard = threading.Lock()
        self._printing: list[Feed] = []
        self._obeyed = (Fault.NONE, 0)

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

    def set_fault(self, fault: Fault, after: int = 0) -> None:
        """Fail in this way from the next moment on, or when `after` more slips are printed;
        `Fault.NONE` mends the printer. `HALF` counts bytes of each connection instead."""
        self.fault, self.after = fault, after
        if fault is Fault.REFUSE:
            self._hang_up()
        elif self._server is None and not self.stopping.is_set():
            self._listen()

    def obey_control_file(self) -> None:
        """Take the fault from the tray's control file; words that are no fault mean none."""
        file = self.tray / CONTROL_FILE
        word, _, number = (file.read_text("utf-8") if file.is_file() else "").strip().partition(" ")
        fault = Fault(word) if word in list(Fault) else Fault.NONE
        wanted = (fault, int(number) if number.isdecimal() else 0)
        if wanted != self._obeyed:
            self._obeyed = wanted
            self.set_fault(*wanted)

    def status(self, at: datetime | None = None) -> PrinterStatus:
        """How the printer really is."""
        fault, stopped = self.fault, self.stopped
        paper = Paper.OK
        if fault in (Fault.PAPER_OUT, Fault.NEAR_END):
            paper = Paper.OUT if stopped else Paper.NEAR_END
        return PrinterStatus(
            at=at or now(),
            online=not stopped,
            paper=paper,
            cover_open=stopped and fault is Fault.COVER_OPEN,
            cutter_error=stopped and fault is Fault.CUTTER,
            error=stopped and fault is Fault.CUTTER,
            drawer_high=self.drawer_open,
        )

    @property
    def stopped(self) -> bool:
        """Whether nothing more comes out for now."""
        return self.stopping.is_set() or (self.fault in _STOPPED and not self.after)

    @property
    def silent(self) -> bool:
        return self.fault is Fault.SILENT

    @property
    def slow(self) -> bool:
        return self.fault is Fault.SLOW

    @property
    def reset_after(self) -> int | None:
        """How many bytes of a connection are taken before it is reset; None when it is not."""
        return (self.after or _RESET_AFTER) if self.fault is Fault.HALF else None

    def jobs(self) -> list[bytes]:
        """Every whole slip in the tray, oldest first."""
        return [file.read_bytes() for file in sorted(self.tray.glob("*.bin"))]

    def partials(self) -> list[bytes]:
        """What stands on paper of slips that were never finished, oldest first."""
        return [file.read_bytes() for file in sorted(self.tray.glob("*.partial"))]

    def keep(self, slip: bytes, *, whole: bool) -> None:
        """A slip, or part of one, has come out."""
        drop(self.tray, slip, "bin" if whole else "partial")
        if self.fault in _STOPPED and self.after:
            self.after -= 1

    def may_print(self, feed: Feed) -> bool:
        """One connection prints at a time, in the order in which their data came."""
        with self._guard:
            if feed not in self._printing:
                self._printing.append(feed)
            return self._printing[0] is feed

    def is_done(self, feed: Feed) -> None:
        with self._guard:
            if feed in self._printing:
                self._printing.remove(feed)

    def _listen(self) -> None:
        self._server = Server(self, (self.host, self.port))
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(_POLL_S,), daemon=True).start()

    def _hang_up(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()


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
        while not printer.stopping.wait(_POLL_S):
            printer.obey_control_file()
            if pictures:
                draw_missing_pictures(tray, pictures)


if __name__ == "__main__":
    main()
