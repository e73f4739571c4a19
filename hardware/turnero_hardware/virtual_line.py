"""The virtual printer's connections: each is read, answered, or reset as the printer is told."""

from __future__ import annotations

import socket
import socketserver
import struct
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from turnero_hardware.virtual_paper import Feed

if TYPE_CHECKING:
    from turnero_hardware.virtual_printer import VirtualPrinter

_BUSY_S = 0.05
_IDLE_S = 0.1


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 16

    def __init__(self, printer: VirtualPrinter, address: tuple[str, int]) -> None:
        self.printer = printer
        super().__init__(address, Connection)


class Connection(socketserver.BaseRequestHandler):
    server: Server
    request: socket.socket

    def handle(self) -> None:
        printer = self.server.printer
        self.feed = Feed(printer, self._reply)
        self.received = 0
        orderly = False
        with suppress(OSError):
            orderly = self._listen()
        while self.feed.memory and not self.feed.stuck and not printer.stopping.is_set():
            self.feed.work()
            printer.stopping.wait(_BUSY_S)
        self.feed.end(orderly=orderly)

    def _listen(self) -> bool:
        """Read until the other side closes; True when it does so in order."""
        printer = self.server.printer
        while not printer.stopping.is_set():
            if printer.silent:
                printer.stopping.wait(_BUSY_S)
                continue
            chunk = self._take()
            if chunk == b"":
                return True
            self.received += len(chunk or b"")
            self.feed.receive(chunk or b"")
            self.feed.work()
            limit = printer.reset_after
            if limit is not None and self.received >= limit:
                self._reset()
                return False
        return False

    def _take(self) -> bytes | None:
        """What has come; empty when the other side closed, None when there was nothing yet."""
        printer = self.server.printer
        room = min(self.feed.room, 4096)
        limit = printer.reset_after
        if limit is not None:
            room = min(room, max(1, limit - self.received))
        if room <= 0:
            time.sleep(_BUSY_S)
            return None
        self.request.settimeout(_BUSY_S if self.feed.memory else _IDLE_S)
        try:
            return self.request.recv(room)
        except TimeoutError:
            return None

    def _reply(self, data: bytes) -> None:
        """Who has hung up hears nothing, and what was sent prints all the same."""
        with suppress(OSError):
            self.request.settimeout(1)
            self.request.sendall(data)

    def _reset(self) -> None:
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.request.close()
