"""The course of a job on a line that may answer: is the printer ready, the bytes, did it print.

Sending alone cannot say that a printer took a job: a small one fits in buffers on the way even
when nobody reads it. So the printer is asked how it is before anything is sent. After the last
byte `GS r 1` is asked, which printers answer once all before it is printed; those that do not
know it are asked in real time, which tells at least that the last byte arrived.
"""

from __future__ import annotations

from enum import StrEnum
from time import monotonic
from typing import NamedTuple, Protocol

from turnero_core.clock import now
from turnero_core.i18n import N_
from turnero_hardware import status
from turnero_hardware.printer_error import PrinterError
from turnero_hardware.status import PrinterStatus

SILENT = N_("The printer does not answer.")
CLOSED = N_("The printer closed the connection in the middle of the job.")
STUCK = N_("The printer stopped taking data.")
UNFINISHED = N_("The printer did not say that it finished printing.")

_CHUNK = 4096
#: An idle printer answers at once; one that does not has no `GS r`.
_ORDERED_PATIENCE_S = 0.6
_BETWEEN_LOOKS_S = 1.0


class Asking(StrEnum):
    """What a printer is asked: nothing; in real time; and also whether it finished."""

    NO = "no"
    REAL_TIME = "realtime"
    FULL = "full"


class Timing(NamedTuple):
    """Seconds: to connect, for an answer, and for a whole job, which has to stay below the lease
    of a print job."""

    connect: float = 4
    answer: float = 4
    total: float = 20


class NotTakenError(TimeoutError):
    """The line took not one byte of what it was given."""


class Line(Protocol):
    """An open line. `TimeoutError` when time runs out, another `OSError` when it broke."""

    def write(self, data: memoryview, timeout: float) -> int:
        """Send some of `data` and tell how many bytes."""

    def read(self, timeout: float) -> bytes:
        """What has come, at least one byte."""


def ask_status(line: Line, timeout: float) -> PrinterStatus:
    """All that the printer says of itself; `PrinterError` when it does not answer."""
    return _before_the_job(_Talk(line, timeout), thorough=True)


def deliver(line: Line, data: bytes, asking: Asking, timing: Timing) -> bool:
    """Print `data`; True when the printer itself said that it arrived, or `PrinterError`."""
    deadline = monotonic() + timing.total
    talk = _Talk(line, timing.answer)
    if asking is Asking.NO:
        _send(line, data, deadline, timing.answer)
        return False
    known = _before_the_job(talk)
    if known.fault:
        raise PrinterError(known.fault)
    answers_in_order = asking is Asking.FULL and talk.knows_ordered()
    _send(line, data, deadline, timing.answer)
    try:
        if answers_in_order:
            _until_printed(talk, deadline)
        else:
            _until_arrived(talk, deadline)
    except TimeoutError as error:
        raise PrinterError(STUCK, fate_unknown=True, detail=str(error)) from error
    except OSError as error:
        raise PrinterError(CLOSED, fate_unknown=True, detail=str(error)) from error
    return True


def _before_the_job(talk: _Talk, *, thorough: bool = False) -> PrinterStatus:
    try:
        return talk.status(thorough=thorough)
    except TimeoutError as error:
        raise PrinterError(SILENT, detail=str(error)) from error
    except OSError as error:
        raise PrinterError(CLOSED, detail=str(error)) from error


def _send(line: Line, data: bytes, deadline: float, patience: float) -> None:
    view = memoryview(data)
    try:
        while view:
            left = deadline - monotonic()
            if left <= 0:
                raise TimeoutError("the job takes too long")
            view = view[line.write(view[:_CHUNK], min(patience, left)) :]
    except NotTakenError as error:
        begun = len(view) < len(data)
        raise PrinterError(STUCK, fate_unknown=begun, detail=str(error)) from error
    except TimeoutError as error:
        raise PrinterError(STUCK, fate_unknown=True, detail=str(error)) from error
    except OSError as error:
        raise PrinterError(CLOSED, fate_unknown=True, detail=str(error)) from error


def _until_printed(talk: _Talk, deadline: float) -> None:
    talk.ask_ordered()
    while not talk.ordered_answer(min(_BETWEEN_LOOKS_S, deadline - monotonic())):
        _check_still_well(talk, talk.patience)
        if monotonic() > deadline:
            raise PrinterError(UNFINISHED, fate_unknown=True)


def _until_arrived(talk: _Talk, deadline: float) -> None:
    """A slow printer without much memory reads the request only after the whole job."""
    _check_still_well(talk, max(0.01, deadline - monotonic()))


def _check_still_well(talk: _Talk, patience: float) -> None:
    fault = talk.status(patience).fault
    if fault:
        raise PrinterError(fault, fate_unknown=True)


class _Talk:
    """Requests and their answers, told from what a printer sends unasked."""

    def __init__(self, line: Line, patience: float) -> None:
        self.line, self.patience = line, patience
        self._packet = b""
        self._awaited = False
        self._finished = False

    def write(self, request: bytes) -> None:
        view = memoryview(request)
        while view:
            view = view[self.line.write(view, self.patience) :]

    def status(self, patience: float | None = None, *, thorough: bool = False) -> PrinterStatus:
        """Why a printer is offline is asked when it is; `thorough` asks all the same. The first
        request has to be answered, with `TimeoutError` otherwise; some know none but that."""
        known = PrinterStatus(at=now())
        byte = self._ask(status.PRINTER, patience or self.patience)
        known = status.with_answer(known, status.PRINTER, byte)
        requests = [status.PAPER]
        if thorough or known.online is False:
            requests += [status.CAUSE, status.ERROR]
        try:
            for request in requests:
                byte = self._ask(request, self.patience)
                known = status.with_answer(known, request, byte)
        except TimeoutError:
            # An answer that comes after all would be taken for the next one's.
            pass
        return known

    def knows_ordered(self) -> bool:
        try:
            self.ask_ordered()
            return self.ordered_answer(min(_ORDERED_PATIENCE_S, self.patience))
        except TimeoutError:
            return False
        except OSError as error:
            raise PrinterError(CLOSED, detail=str(error)) from error
        finally:
            self._awaited = False

    def ask_ordered(self) -> None:
        self._awaited = True
        self.write(status.ORDERED)

    def ordered_answer(self, timeout: float) -> bool:
        """Whether the answer to `GS r 1` came, now or while something else was asked."""
        end = monotonic() + timeout
        while not self._finished and (left := end - monotonic()) > 0:
            try:
                self._take(left)
            except TimeoutError:
                break
        finished, self._finished = self._finished, False
        return finished

    def _ask(self, request: int, timeout: float) -> int:
        """The answer to `DLE EOT request`, or the last byte of what is none."""
        end, other = monotonic() + timeout, None
        self.write(status.REAL_TIME + bytes([request]))
        while (left := end - monotonic()) > 0:
            try:
                for byte in self._take(left):
                    if status.is_real_time(byte):
                        return byte
                    other = byte
            except TimeoutError:
                break
        if other is None:
            raise TimeoutError(f"no answer to status request {request}")
        return other

    def _take(self, timeout: float) -> bytes:
        """Read once; the bytes that are no part of an ASB packet nor an answer to `GS r`."""
        taken, rest = self.line.read(timeout), bytearray()
        if not taken:
            raise ConnectionAbortedError("closed without an answer")
        for byte in taken:
            if self._packet and status.is_ordered(byte):
                self._packet = (self._packet + bytes([byte]))[: status.ASB_LENGTH]
                if len(self._packet) == status.ASB_LENGTH:
                    self._packet = b""
            elif status.starts_asb(byte):
                self._packet = bytes([byte])
            elif self._awaited and status.is_ordered(byte):
                self._finished = True
            else:
                rest.append(byte)
        return bytes(rest)
