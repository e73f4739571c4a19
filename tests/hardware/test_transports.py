"""A job arrives whole, or the error says whether trying again may double it."""

import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from turnero_hardware import files, status, tcp, transports
from turnero_hardware.dialogue import Asking, Timing
from turnero_hardware.escpos_render import render
from turnero_hardware.files import FileTransport
from turnero_hardware.printer_error import PrinterError
from turnero_hardware.profiles import PROFILES
from turnero_hardware.slip import Slip
from turnero_hardware.tcp import TcpTransport
from turnero_hardware.transports import MemoryTransport, transport_for
from turnero_hardware.virtual_printer import CONTROL_FILE, Fault, VirtualPrinter

CUT = b"\x1dVB\x00"
JOB = b"\x1b@" + b"R012\n" * 400 + CUT


QUICK = Timing(connect=1.0, answer=0.4, total=3.0)


def cable_to(printer: VirtualPrinter, asking: Asking = Asking.FULL) -> TcpTransport:
    return TcpTransport(printer.host, printer.port, asking=asking, timing=QUICK)


def failure_of(cable: transports.Transport, job: bytes = JOB) -> PrinterError:
    with pytest.raises(PrinterError) as caught:
        cable.send(job)
    return caught.value


def wait_for_jobs(printer: VirtualPrinter, count: int) -> list[bytes]:
    deadline = time.monotonic() + 5
    while len(printer.jobs()) < count and time.monotonic() < deadline:
        time.sleep(0.01)
    return printer.jobs()


def test_a_slip_arrives_at_a_network_printer_byte_for_byte(
    virtual_printer: VirtualPrinter, turn_slip: Callable[..., Slip]
) -> None:
    data = render(turn_slip("es"), PROFILES["80mm"])

    cable_to(virtual_printer).send(data)

    assert wait_for_jobs(virtual_printer, 1) == [data]


def test_jobs_keep_their_order_in_the_tray(virtual_printer: VirtualPrinter) -> None:
    for number in range(5):
        cable_to(virtual_printer).send(b"%d\n" % number + CUT)

    assert wait_for_jobs(virtual_printer, 5) == [b"%d\n" % number + CUT for number in range(5)]


def test_a_printer_that_refuses_got_nothing_and_works_again_once_it_listens(
    virtual_printer: VirtualPrinter,
) -> None:
    virtual_printer.set_fault(Fault.REFUSE)

    error = failure_of(cable_to(virtual_printer))

    assert (error.message, error.permanent, error.fate_unknown) == (tcp.REFUSED, False, False)
    virtual_printer.set_fault(Fault.NONE)
    cable_to(virtual_printer).send(JOB)
    assert wait_for_jobs(virtual_printer, 1) == [JOB]


@pytest.mark.parametrize("asking", list(Asking))
def test_a_connection_closed_in_the_middle_leaves_the_fate_unknown(
    virtual_printer: VirtualPrinter, asking: Asking
) -> None:
    virtual_printer.set_fault(Fault.HALF)

    error = failure_of(cable_to(virtual_printer, asking), JOB * 50)

    assert (error.message, error.permanent, error.fate_unknown) == (tcp.CLOSED, False, True)
    assert virtual_printer.jobs() == []


def test_a_printer_that_accepts_but_never_reads_is_found_out_before_anything_is_sent(
    virtual_printer: VirtualPrinter,
) -> None:
    virtual_printer.set_fault(Fault.SILENT)

    error = failure_of(cable_to(virtual_printer), b"R012\n")

    assert (error.message, error.permanent, error.fate_unknown) == (tcp.SILENT, False, False)
    assert virtual_printer.jobs() == []


def test_without_status_a_silent_printer_is_found_out_by_a_job_too_large_for_the_buffers(
    virtual_printer: VirtualPrinter,
) -> None:
    virtual_printer.set_fault(Fault.SILENT)

    error = failure_of(cable_to(virtual_printer, Asking.NO), bytes(20_000_000))

    assert (error.message, error.fate_unknown) == (tcp.STUCK, True)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Fault.PAPER_OUT, status.NO_PAPER),
        (Fault.COVER_OPEN, status.COVER_OPEN),
        (Fault.CUTTER, status.CUTTER_STUCK),
    ],
)
def test_a_printer_without_paper_or_open_says_so_and_gets_nothing(
    virtual_printer: VirtualPrinter, fault: Fault, message: str
) -> None:
    virtual_printer.set_fault(fault)

    error = failure_of(cable_to(virtual_printer))

    assert (error.message, error.permanent, error.fate_unknown) == (message, False, False)
    virtual_printer.set_fault(Fault.NONE)
    time.sleep(0.2)
    assert virtual_printer.jobs() == []


def test_a_job_already_in_a_printer_without_paper_comes_out_when_there_is_paper(
    virtual_printer: VirtualPrinter,
) -> None:
    virtual_printer.set_fault(Fault.PAPER_OUT)
    with socket.create_connection((virtual_printer.host, virtual_printer.port)) as line:
        line.sendall(JOB)
    time.sleep(0.2)
    assert virtual_printer.jobs() == []

    virtual_printer.set_fault(Fault.NONE)

    assert wait_for_jobs(virtual_printer, 1) == [JOB]


def test_a_slow_printer_gets_the_whole_job(virtual_printer: VirtualPrinter) -> None:
    virtual_printer.set_fault(Fault.SLOW)

    cable_to(virtual_printer).send(JOB)

    assert wait_for_jobs(virtual_printer, 1) == [JOB]


def test_paper_that_ends_in_the_middle_of_a_job_leaves_its_fate_unknown(
    virtual_printer: VirtualPrinter,
) -> None:
    virtual_printer.set_fault(Fault.SLOW)
    threading.Timer(0.25, virtual_printer.set_fault, [Fault.PAPER_OUT]).start()

    error = failure_of(cable_to(virtual_printer))

    assert (error.message, error.fate_unknown) == (tcp.NO_PAPER, True)


def test_a_port_nobody_listens_on_is_worth_another_try() -> None:
    error = failure_of(TcpTransport("127.0.0.1", 1, timing=QUICK))

    assert error.message == tcp.REFUSED
    assert not error.permanent


def test_asking_for_status_alone_leaves_no_job(virtual_printer: VirtualPrinter) -> None:
    with socket.create_connection((virtual_printer.host, virtual_printer.port)) as line:
        line.sendall(b"\x10\x04\x01\x10\x04")
        line.sendall(b"\x04")
        line.settimeout(2)
        assert line.recv(1) + line.recv(1) == b"\x12\x12"
    time.sleep(0.2)

    assert virtual_printer.jobs() == []


def test_a_file_in_the_tray_breaks_and_mends_the_printer(virtual_printer: VirtualPrinter) -> None:
    control = virtual_printer.tray / CONTROL_FILE
    control.write_text("paper-out\n")
    virtual_printer.obey_control_file()
    assert virtual_printer.fault is Fault.PAPER_OUT

    control.unlink()
    virtual_printer.obey_control_file()
    assert virtual_printer.fault is Fault.NONE


def test_a_folder_gets_one_file_per_job_and_no_half_written_one(tmp_path: Path) -> None:
    for job in (b"uno", b"dos"):
        transport_for(tmp_path.as_uri(), tray=tmp_path / "unused").send(job)

    assert [file.read_bytes() for file in sorted(tmp_path.iterdir())] == [b"uno", b"dos"]
    assert not (tmp_path / "unused").exists()


def test_a_device_file_is_written_and_a_missing_one_is_not_made(tmp_path: Path) -> None:
    device = tmp_path / "lp0"

    error = failure_of(FileTransport(device))

    assert (error.message, error.permanent, error.fate_unknown) == (
        files.NO_FOLDER,
        False,
        False,
    )
    assert not device.exists()
    device.touch()
    FileTransport(device).send(b"uno")
    FileTransport(device).send(b"dos")
    assert device.read_bytes() == b"unodos"


def test_a_pipe_nobody_reads_any_more_leaves_the_fate_unknown(tmp_path: Path) -> None:
    pipe = tmp_path / "lp0"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    threading.Timer(0.2, os.close, [reader]).start()

    error = failure_of(FileTransport(pipe), bytes(2_000_000))

    assert (error.message, error.fate_unknown) == (tcp.CLOSED, True)


def test_a_device_that_takes_nothing_has_printed_nothing(tmp_path: Path) -> None:
    pipe = tmp_path / "lp0"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    full = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    with suppress(BlockingIOError):
        while os.write(full, bytes(4096)):
            pass

    error = failure_of(FileTransport(pipe, timing=QUICK))

    assert (error.message, error.permanent, error.fate_unknown) == (tcp.STUCK, False, False)
    for end in (reader, full):
        os.close(end)


def test_the_virtual_address_prints_to_the_instance_s_tray(tmp_path: Path) -> None:
    transport_for("virtual://tray", tray=tmp_path / "tray").send(JOB)

    assert [file.read_bytes() for file in (tmp_path / "tray").glob("*.bin")] == [JOB]


@pytest.mark.parametrize(
    "uri", ["", "tcp://", "tcp://host:port", "usb:04b8:0e15", "file:lp0", "http://printer"]
)
def test_an_address_that_means_nothing_is_an_error_an_administrator_can_mend(
    uri: str, tmp_path: Path
) -> None:
    with pytest.raises(PrinterError) as caught:
        transport_for(uri, tray=tmp_path)

    assert caught.value.message == transports.BAD_URI
    assert not caught.value.permanent


def test_an_address_carries_port_profile_and_whether_to_ask_for_status(tmp_path: Path) -> None:
    cable = transport_for("tcp://10.0.0.9?profile=58mm&status=no", tray=tmp_path)

    assert isinstance(cable, TcpTransport)
    assert (cable.host, cable.port, cable.asking) == ("10.0.0.9", 9100, Asking.NO)
    assert transports.profile_of("tcp://10.0.0.9?profile=58mm&status=no") == "58mm"
    assert transports.profile_of("tcp://10.0.0.9") == "80mm"


def test_the_printer_in_memory_keeps_jobs_or_fails_as_told() -> None:
    cable = MemoryTransport()
    cable.send(JOB)
    cable.error = PrinterError(tcp.NO_PAPER)

    assert failure_of(cable).message == tcp.NO_PAPER
    assert cable.jobs == [JOB]
