"""What a printer says of itself is read as it is meant, and what it does not say stays unknown."""

import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product

import pytest

from turnero_hardware import dialogue, status
from turnero_hardware.dialogue import Asking, Timing, ask_status, deliver
from turnero_hardware.printer_error import PrinterError
from turnero_hardware.status import Paper, PrinterStatus, Source
from turnero_hardware.tcp import TcpTransport
from turnero_hardware.transports import MemoryTransport, read_status
from turnero_hardware.virtual_printer import Fault, VirtualPrinter

AT = datetime(2026, 3, 2, 15, 10, tzinfo=UTC)
UNKNOWN = PrinterStatus(at=AT)
QUICK = Timing(connect=1.0, answer=0.3, total=2.0)
CUT = b"\x1dVB\x00"


class Wire:
    """A line to a printer that answers as `answers` says: request byte -> bytes, by default none.
    What is sent is kept in `sent`."""

    def __init__(self, answers: Callable[[bytes], bytes]) -> None:
        self.answers = answers
        self.sent = b""
        self.waiting = b""

    def write(self, data: memoryview, timeout: float) -> int:
        self.sent += bytes(data)
        self.waiting += self.answers(bytes(data))
        return len(data)

    def read(self, timeout: float) -> bytes:
        if not self.waiting:
            raise TimeoutError
        taken, self.waiting = self.waiting[:1], self.waiting[1:]
        return taken


def real_time(*answers: int, ordered: bytes = b"") -> Callable[[bytes], bytes]:
    """A printer's answers to DLE EOT 1, 2, 3, 4, as far as it knows them, and to GS r 1."""

    def answer(request: bytes) -> bytes:
        if request[:2] == status.REAL_TIME and request[2] <= len(answers):
            return bytes([answers[request[2] - 1]])
        return ordered if request == status.ORDERED else b""

    return answer


@pytest.mark.parametrize(
    ("request_byte", "answer", "field", "value"),
    [
        (1, 0x12, "online", True),
        (1, 0x1A, "online", False),
        (1, 0x16, "drawer_high", True),
        (2, 0x16, "cover_open", True),
        (2, 0x12, "cover_open", False),
        (2, 0x32, "paper", Paper.OUT),
        (2, 0x52, "error", True),
        (3, 0x1A, "cutter_error", True),
        (3, 0x32, "error", True),
        (3, 0x12, "error", False),
        (4, 0x12, "paper", Paper.OK),
        (4, 0x1E, "paper", Paper.NEAR_END),
        (4, 0x72, "paper", Paper.OUT),
        (4, 0x7E, "paper", Paper.OUT),
    ],
)
def test_each_bit_of_a_real_time_answer_means_what_the_reference_says(
    request_byte: int, answer: int, field: str, value: object
) -> None:
    known = status.with_answer(UNKNOWN, request_byte, answer)

    assert getattr(known, field) == value
    assert known.source is Source.DLE_EOT


@pytest.mark.parametrize("answer", [0x00, 0x01, 0x10, 0x13, 0x0F, 0x80, 0xFF])
@pytest.mark.parametrize("request_byte", [1, 2, 3, 4])
def test_bits_of_another_language_say_nothing(request_byte: int, answer: int) -> None:
    assert status.with_answer(UNKNOWN, request_byte, answer) == UNKNOWN


def test_every_state_comes_back_from_its_answers_and_from_its_packet() -> None:
    states = product((True, False), list(Paper)[:3], (True, False), (True, False), (True, False))
    for online, paper, cover, cutter, drawer in states:
        said = PrinterStatus(AT, Source.ASB, online, paper, cover, cutter, cutter, drawer)
        assert status.from_asb(status.to_asb(said), AT) == said
        heard = UNKNOWN
        for request in (1, 2, 3, 4):
            heard = status.with_answer(heard, request, status.answer_to(said, request))
        assert heard == PrinterStatus(
            AT, Source.DLE_EOT, online, paper, cover, cutter, cutter, drawer
        )


@pytest.mark.parametrize("packet", [b"", b"\x10\x00\x00", b"\x12\x00\x00\x00", b"\x10\x10\x00\x00"])
def test_what_is_no_status_packet_is_not_taken_for_one(packet: bytes) -> None:
    assert status.from_asb(packet, AT) is None


def test_the_fault_named_is_the_one_to_mend_first() -> None:
    out = PrinterStatus(AT, online=False, paper=Paper.OUT)

    assert out.fault == status.NO_PAPER
    assert PrinterStatus(AT, paper=Paper.OUT, cover_open=True).fault == status.COVER_OPEN
    assert PrinterStatus(AT, online=False).fault == status.OFFLINE
    assert PrinterStatus(AT, paper=Paper.NEAR_END).fault is None
    assert UNKNOWN.fault is None


def test_packets_sent_unasked_are_not_taken_for_answers() -> None:
    packet = status.to_asb(PrinterStatus(AT, online=False, paper=Paper.OUT))
    said = real_time(0x12, 0x12, 0x12, 0x12)

    known = ask_status(Wire(lambda request: packet + said(request)), 0.2)

    assert (known.online, known.paper, known.cover_open) == (True, Paper.OK, False)


def test_a_model_that_answers_only_the_first_request_is_online_and_the_rest_unknown() -> None:
    known = ask_status(Wire(real_time(0x12)), 0.1)

    assert (known.online, known.paper, known.cover_open) == (True, Paper.UNKNOWN, None)


def test_a_model_of_another_language_prints_and_nothing_is_known_of_it() -> None:
    wire = Wire(real_time(0x0F, 0x0F, 0x0F, 0x0F))

    assert ask_status(wire, 0.1).source is Source.NONE
    assert deliver(wire, b"R012", Asking.FULL, QUICK)
    assert wire.sent.count(b"R012") == 1


def test_a_printer_that_says_nothing_gets_no_job() -> None:
    wire = Wire(real_time())
    began = time.monotonic()

    with pytest.raises(PrinterError) as caught:
        deliver(wire, b"R012", Asking.FULL, QUICK)

    assert (caught.value.message, caught.value.fate_unknown) == (dialogue.SILENT, False)
    assert b"R012" not in wire.sent
    assert time.monotonic() - began < 20


def test_a_job_counts_as_printed_when_the_printer_says_that_it_finished() -> None:
    wire = Wire(real_time(0x12, 0x12, 0x12, 0x12, ordered=b"\x00"))

    assert deliver(wire, b"R012", Asking.FULL, QUICK)
    assert wire.sent.endswith(b"R012" + status.ORDERED)


def test_a_printer_that_never_finishes_leaves_the_fate_unknown() -> None:
    finished = iter([b"\x00"])

    def answer(request: bytes) -> bytes:
        if request == status.ORDERED:
            return next(finished, b"")
        return real_time(0x12, 0x12, 0x12, 0x12)(request)

    with pytest.raises(PrinterError) as caught:
        deliver(Wire(answer), b"R012", Asking.FULL, QUICK)

    assert (caught.value.message, caught.value.fate_unknown) == (dialogue.UNFINISHED, True)


def test_a_printer_that_cannot_be_asked_is_unknown_rather_than_well() -> None:
    known = read_status(MemoryTransport(), 0.1)

    assert (known.source, known.online, known.paper) == (Source.NONE, None, Paper.UNKNOWN)


@pytest.mark.parametrize(
    ("fault", "message", "paper"),
    [
        (Fault.NONE, None, Paper.OK),
        (Fault.NEAR_END, None, Paper.NEAR_END),
        (Fault.PAPER_OUT, status.NO_PAPER, Paper.OUT),
        (Fault.COVER_OPEN, status.COVER_OPEN, Paper.OK),
        (Fault.CUTTER, status.CUTTER_STUCK, Paper.OK),
    ],
)
def test_the_virtual_printer_tells_the_truth_when_asked(
    virtual_printer: VirtualPrinter, fault: Fault, message: str | None, paper: Paper
) -> None:
    virtual_printer.set_fault(fault)
    cable = TcpTransport(virtual_printer.host, virtual_printer.port, timing=QUICK)

    known = read_status(cable, 1)

    assert (known.fault, known.paper, known.source) == (message, paper, Source.DLE_EOT)
    assert known.online is (message is None)
    assert virtual_printer.jobs() == virtual_printer.partials() == []


def test_the_virtual_printer_tells_by_itself_what_changes(virtual_printer: VirtualPrinter) -> None:
    with socket.create_connection((virtual_printer.host, virtual_printer.port)) as line:
        line.settimeout(2)
        line.sendall(status.ASB_ON)
        well = status.from_asb(line.recv(4), AT)
        virtual_printer.set_fault(Fault.COVER_OPEN)
        opened = status.from_asb(line.recv(4), AT)

    assert well == PrinterStatus(AT, Source.ASB, True, Paper.OK, False, False, False, False)
    assert opened is not None
    assert (opened.online, opened.cover_open) == (False, True)


def test_paper_that_ends_after_some_slips_stops_the_next_one_in_the_middle(
    virtual_printer: VirtualPrinter,
) -> None:
    virtual_printer.set_fault(Fault.PAPER_OUT, after=2)
    with socket.create_connection((virtual_printer.host, virtual_printer.port)) as line:
        line.sendall(b"uno\n" + CUT + b"dos\n" + CUT + b"tres\n" + CUT)
        until(lambda: len(virtual_printer.jobs()) == 2)
        time.sleep(0.1)
        assert virtual_printer.status().fault == status.NO_PAPER
        assert len(virtual_printer.jobs()) == 2

        virtual_printer.set_fault(Fault.NONE)
        until(lambda: len(virtual_printer.jobs()) == 3)

    assert virtual_printer.jobs()[-1] == b"tres\n" + CUT
    assert virtual_printer.partials() == []


def test_a_slip_cut_off_by_a_reset_stays_on_paper_as_a_part(
    virtual_printer: VirtualPrinter,
) -> None:
    virtual_printer.set_fault(Fault.HALF, after=10)
    cable = TcpTransport(virtual_printer.host, virtual_printer.port, asking=Asking.NO, timing=QUICK)

    with pytest.raises(PrinterError) as caught:
        cable.send(b"R012\nR012\nR012\n" * 400 + CUT)

    assert caught.value.fate_unknown
    until(lambda: virtual_printer.partials() != [])
    assert virtual_printer.partials() == [b"R012\nR012\n"]
    assert virtual_printer.jobs() == []


def test_a_printer_without_a_blade_ends_a_slip_with_its_connection(
    virtual_printer: VirtualPrinter,
) -> None:
    virtual_printer.cutter = False
    TcpTransport(virtual_printer.host, virtual_printer.port, timing=QUICK).send(b"R012\n")

    until(lambda: virtual_printer.jobs() == [b"R012\n"])


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)
