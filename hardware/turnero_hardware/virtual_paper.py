"""The inside of the virtual printer: its memory, what it obeys, and the paper that comes out."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Protocol

from turnero_hardware import status
from turnero_hardware.escpos_read import read
from turnero_hardware.escpos_reading import Code, Line, Raster
from turnero_hardware.escpos_split import end_of_command
from turnero_hardware.status import PrinterStatus

MEMORY = 65_536
_SLOW_STEP, _SLOW_BYTES_A_SECOND = 200, 4096
_KICK, _CUT, _ASB, _ORDERED = b"\x1bp", b"\x1dV", b"\x1da", b"\x1dr"


class Machine(Protocol):
    """The printer that a connection prints on."""

    cutter: bool
    drawer_open: bool

    @property
    def stopped(self) -> bool: ...
    @property
    def slow(self) -> bool: ...
    def status(self) -> PrinterStatus: ...
    def keep(self, slip: bytes, *, whole: bool) -> None: ...
    def may_print(self, feed: Feed) -> bool: ...
    def is_done(self, feed: Feed) -> None: ...


class Feed:
    """What one connection sends, on its way to the paper; `reply` sends bytes back."""

    def __init__(self, machine: Machine, reply: Callable[[bytes], None]) -> None:
        self.machine, self.reply = machine, reply
        self.memory, self.slip = bytearray(), bytearray()
        self.stuck = False
        self._recent = b""
        self._told: bytes | None = None
        self._ready_at = 0.0

    @property
    def room(self) -> int:
        return MEMORY - len(self.memory)

    @property
    def pending(self) -> bool:
        return bool(self.memory) or bool(self.slip)

    def receive(self, chunk: bytes) -> None:
        """Keep what came, and answer real-time requests at once, even those that stand in the
        middle of a picture, as printers do."""
        self.memory += chunk
        recent = self._recent + chunk
        for index in range(len(recent) - 2):
            request = recent[index + 2]
            if recent[index : index + 2] == status.REAL_TIME and 1 <= request <= 4:
                self.reply(bytes([status.answer_to(self.machine.status(), request)]))
        self._recent = recent[-2:]

    def work(self) -> None:
        """Print what can be printed now, and tell what has changed if that was asked for."""
        if self.memory and self.machine.may_print(self):
            self._print()
        if not self.pending:
            self.machine.is_done(self)
        if self._told is not None:
            self._tell()

    def end(self, *, orderly: bool) -> None:
        """No more will come, and what came is printed: what was not cut stays as it is."""
        if not self.machine.stopped:
            self.slip += self.memory
        self.memory.clear()
        slip, self.slip = bytes(self.slip), bytearray()
        if _is_inked(slip):
            self.machine.keep(slip, whole=orderly and not self.machine.cutter)
        self.machine.is_done(self)

    def _print(self) -> None:
        """Obey what is there; `stuck` when the rest is a command of which more has to come."""
        at, self.stuck = 0, False
        while at < len(self.memory) and not self.machine.stopped and not self._is_late(at):
            end = end_of_command(self.memory, at)
            if end is None:
                self.stuck = True
                break
            self._obey(bytes(self.memory[at:end]))
            at = end
        del self.memory[:at]

    def _is_late(self, printed: int) -> bool:
        """A slow printer stops after a while, for as long as its paper takes."""
        if self.machine.slow and printed > _SLOW_STEP:
            self._ready_at = monotonic() + printed / _SLOW_BYTES_A_SECOND
        return monotonic() < self._ready_at

    def _obey(self, command: bytes) -> None:
        name = command[:2]
        if name == status.REAL_TIME:
            return
        if name == _ORDERED:
            self.reply(bytes([status.answer_to_ordered(self.machine.status())]))
            return
        if name == _ASB:
            self._told = b"" if command[2] else None
            return
        self.slip += command
        if name == _KICK:
            self.machine.drawer_open = True
        elif name == _CUT and self.machine.cutter:
            self.machine.keep(bytes(self.slip), whole=True)
            self.slip.clear()

    def _tell(self) -> None:
        packet = status.to_asb(self.machine.status())
        if packet != self._told:
            self._told = packet
            self.reply(packet)


def _is_inked(slip: bytes) -> bool:
    """Whether anything can be seen of it."""
    return any(
        isinstance(item, Code | Raster) or (isinstance(item, Line) and item.text.strip())
        for item in read(slip).elements
    )
