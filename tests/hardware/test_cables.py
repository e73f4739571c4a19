"""Printers on USB, serial ports, device files and print queues: found, asked, and lost cleanly."""

import errno
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import usb.backend
import usb.backend.libusb1
import usb.core

from turnero_hardware import cups, dialogue, serial_port, status, transports
from turnero_hardware import usb as usb_printer
from turnero_hardware.dialogue import Asking, Timing
from turnero_hardware.files import FileTransport
from turnero_hardware.printer_error import PrinterError
from turnero_hardware.serial_port import Flow, SerialTransport
from turnero_hardware.status import Paper, Source
from turnero_hardware.transports import transport_for
from turnero_hardware.usb import UsbTransport
from turnero_hardware.virtual_paper import Feed
from turnero_hardware.virtual_printer import Fault, VirtualPrinter

JOB = b"\x1b@" + b"R012\n" * 400 + b"\x1dVB\x00"
QUICK = Timing(connect=1.0, answer=0.3, total=2.0)
EPSON, TM_T20 = 0x04B8, 0x0E15


class Plug(usb.backend.IBackend):  # type: ignore[misc]
    """USB as the kernel shows it, with a virtual printer behind an interface of its own ends.
    `trouble` is raised by the transfer number `trouble_at` from now on."""

    def __init__(self, printer: VirtualPrinter, **facts: Any) -> None:
        self.printer = printer
        self.serial = facts.get("serial", "ABC123")
        self.interface_class = facts.get("interface_class", 7)
        self.ends = facts.get("ends", (0x03, 0x84))
        self.present = True
        self.kernel_driver = True
        self.opening: OSError | None = None
        self.trouble: OSError | None = None
        self.trouble_at = 0
        self.transfers = 0
        self.answers = bytearray()
        self.feed = Feed(printer, self.answers.extend)
        self.resets = self.closed = 0

    def enumerate_devices(self) -> Iterator[str]:
        return iter(["printer"] if self.present else [])

    def get_device_descriptor(self, dev: str) -> SimpleNamespace:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0,
            bDeviceProtocol=0, bMaxPacketSize0=64, idVendor=EPSON, idProduct=TM_T20,
            bcdDevice=0x100, iManufacturer=1, iProduct=2, iSerialNumber=3, bNumConfigurations=1,
            address=5, bus=1, port_number=1, port_numbers=(1,), speed=3,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: str, config: int) -> SimpleNamespace:
        if config:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=32, bNumInterfaces=1,
            bConfigurationValue=1, iConfiguration=0, bmAttributes=0xC0, bMaxPower=1,
            extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(
        self, dev: str, intf: int, alt: int, config: int
    ) -> SimpleNamespace:
        if intf or alt:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=0,
            bNumEndpoints=len(self.ends), bInterfaceClass=self.interface_class,
            bInterfaceSubClass=1, bInterfaceProtocol=2, iInterface=0, extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(
        self, dev: str, ep: int, intf: int, alt: int, config: int
    ) -> SimpleNamespace:
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=self.ends[ep], bmAttributes=2,
            wMaxPacketSize=64, bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: str) -> str:
        if self.opening:
            raise self.opening
        return dev

    def close_device(self, dev_handle: str) -> None:
        self.closed += 1

    def get_configuration(self, dev_handle: str) -> int:
        return 1

    def set_configuration(self, dev_handle: str, config_value: int) -> None:
        raise AssertionError("it is configured already")

    def claim_interface(self, dev_handle: str, intf: int) -> None:
        if self.kernel_driver:
            raise usb.core.USBError("busy", errno=errno.EBUSY)

    def release_interface(self, dev_handle: str, intf: int) -> None: ...

    def reset_device(self, dev_handle: str) -> None:
        self.resets += 1

    def is_kernel_driver_active(self, dev_handle: str, intf: int) -> bool:
        return self.kernel_driver

    def detach_kernel_driver(self, dev_handle: str, intf: int) -> None:
        self.kernel_driver = False

    def ctrl_transfer(self, *asked: Any) -> int:
        """The strings a device has: its languages, and its serial number."""
        _handle, _kind, _request, value, _index, buffer, _timeout = asked
        words = b"\x09\x04" if value & 0xFF == 0 else self.serial.encode("utf-16-le")
        said = bytes([len(words) + 2, 3]) + words
        buffer[: len(said)] = type(buffer)("B", said)
        return len(said)

    def bulk_write(self, dev_handle: str, ep: int, intf: int, data: Any, timeout: int) -> int:
        assert ep == self.ends[0]
        assert timeout > 0
        self._transfer()
        self.feed.receive(bytes(data))
        self.feed.work()
        return len(data)

    def bulk_read(self, dev_handle: str, ep: int, intf: int, buff: Any, timeout: int) -> int:
        assert (ep, len(buff)) == (self.ends[1], 64)
        assert timeout > 0
        self._transfer()
        if not self.answers:
            time.sleep(timeout / 1000)
            raise usb.core.USBTimeoutError("timed out", errno=errno.ETIMEDOUT)
        said = bytes(self.answers)
        self.answers.clear()
        buff[: len(said)] = type(buff)("B", said)
        return len(said)

    def _transfer(self) -> None:
        self.transfers += 1
        if self.trouble and self.transfers > self.trouble_at:
            raise self.trouble


Plug.__module__ = "pretended.libusb1"


@pytest.fixture
def plug(virtual_printer: VirtualPrinter, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Plug]:
    """A printer on this machine's only USB port."""

    def plugged(**facts: Any) -> Plug:
        found = Plug(virtual_printer, **facts)
        monkeypatch.setattr(usb.backend.libusb1, "get_backend", lambda *_, **__: found)
        return found

    return plugged


def usb_cable(serial: str = "", asking: Asking = Asking.FULL) -> UsbTransport:
    return UsbTransport(EPSON, TM_T20, serial, asking=asking, timing=QUICK)


def failure_of(cable: transports.Transport, job: bytes = JOB) -> PrinterError:
    with pytest.raises(PrinterError) as caught:
        cable.send(job)
    return caught.value


def test_a_slip_goes_over_usb_through_whatever_ends_the_printer_has(
    plug: Callable[..., Plug], virtual_printer: VirtualPrinter
) -> None:
    plugged = plug()

    usb_cable().send(JOB)

    assert virtual_printer.jobs() == [JOB]
    assert not plugged.kernel_driver
    assert (plugged.resets, plugged.closed) == (0, 1)


def test_of_two_alike_the_serial_number_tells(
    plug: Callable[..., Plug], virtual_printer: VirtualPrinter
) -> None:
    plug(serial="HALL-2")

    assert failure_of(usb_cable("HALL-1")).message == usb_printer.NOT_PLUGGED
    assert virtual_printer.jobs() == []
    usb_cable("HALL-2").send(JOB)
    assert virtual_printer.jobs() == [JOB]


def test_a_usb_printer_without_paper_says_so_and_gets_nothing(
    plug: Callable[..., Plug], virtual_printer: VirtualPrinter
) -> None:
    plug()
    virtual_printer.set_fault(Fault.PAPER_OUT)

    error = failure_of(usb_cable())

    assert (error.message, error.fate_unknown) == (status.NO_PAPER, False)
    known = usb_cable().status(0.3)
    assert (known.paper, known.source) == (Paper.OUT, Source.DLE_EOT)
    virtual_printer.set_fault(Fault.NONE)
    assert virtual_printer.jobs() == virtual_printer.partials() == []


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.ENODEV, dialogue.CLOSED),
        (errno.EPIPE, dialogue.CLOSED),
        (errno.EIO, dialogue.CLOSED),
        (errno.ETIMEDOUT, dialogue.STUCK),
    ],
)
@pytest.mark.parametrize("asking", [Asking.FULL, Asking.NO])
def test_a_cable_pulled_in_the_middle_of_a_job_leaves_the_fate_unknown(
    plug: Callable[..., Plug], number: int, message: str, asking: Asking
) -> None:
    plugged = plug()
    kind = usb.core.USBTimeoutError if number == errno.ETIMEDOUT else usb.core.USBError
    plugged.trouble = kind("gone", errno=number)
    # Asking takes six transfers: printer, paper, and whether it answers in order.
    plugged.trouble_at = 7 if asking is Asking.FULL else 1

    error = failure_of(usb_cable(asking=asking), JOB * 10)

    assert (error.message, error.permanent, error.fate_unknown) == (message, False, True)
    assert plugged.closed == 1


def test_a_cable_pulled_before_the_job_leaves_nothing_on_paper(
    plug: Callable[..., Plug], virtual_printer: VirtualPrinter
) -> None:
    plugged = plug()
    plugged.trouble = usb.core.USBError("gone", errno=errno.ENODEV)

    assert not failure_of(usb_cable()).fate_unknown

    plugged.trouble, plugged.present = None, False
    error = failure_of(usb_cable())
    assert (error.message, error.fate_unknown) == (usb_printer.NOT_PLUGGED, False)
    assert virtual_printer.jobs() == virtual_printer.partials() == []


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.EACCES, usb_printer.NOT_ALLOWED),
        (errno.EBUSY, usb_printer.IN_USE),
        (errno.ENODEV, usb_printer.NOT_PLUGGED),
        (errno.EIO, usb_printer.NOT_OPENED),
    ],
)
def test_a_usb_printer_that_cannot_be_opened_says_why(
    plug: Callable[..., Plug], number: int, message: str
) -> None:
    plug().opening = usb.core.USBError("no", errno=number)

    error = failure_of(usb_cable())

    assert (error.message, error.permanent, error.fate_unknown) == (message, False, False)


def test_a_usb_device_that_is_no_printer_gets_nothing(plug: Callable[..., Plug]) -> None:
    plugged = plug(interface_class=8)

    assert failure_of(usb_cable()).message == usb_printer.NO_PRINTER
    assert (plugged.transfers, plugged.closed) == (0, 1)


def test_a_usb_printer_that_cannot_answer_is_printed_on_all_the_same(
    plug: Callable[..., Plug], virtual_printer: VirtualPrinter
) -> None:
    plug(ends=(0x01,))

    usb_cable().send(JOB)

    assert virtual_printer.jobs() == [JOB]
    assert usb_cable().status(0.2).source is Source.NONE


def test_a_machine_without_libusb_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("libusb0", "libusb1", "openusb"):
        module = __import__(f"usb.backend.{name}", fromlist=["get_backend"])
        monkeypatch.setattr(module, "get_backend", lambda *_, **__: None)

    error = failure_of(usb_cable())

    assert (error.message, error.permanent) == (usb_printer.NO_LIBRARY, False)


class Port:
    """A pseudo terminal with a virtual printer at its far end, in a thread; it does not read
    while somebody holds its `gate`."""

    def __init__(self, printer: VirtualPrinter) -> None:
        self.far, self.near = os.openpty()
        self.name = os.ttyname(self.near)
        self.gate = threading.Lock()
        self.ended = threading.Event()
        self.feed = Feed(printer, lambda data: os.write(self.far, data) and None)
        self.thread = threading.Thread(target=self._run)
        os.set_blocking(self.far, False)
        self.thread.start()

    def _run(self) -> None:
        while not self.ended.is_set():
            with self.gate, suppress(OSError):
                self.feed.receive(os.read(self.far, 4096))
            self.feed.work()
            time.sleep(0.002)

    def close(self) -> None:
        self.ended.set()
        self.thread.join()
        for end in (self.far, self.near):
            os.close(end)


@pytest.fixture
def port(virtual_printer: VirtualPrinter) -> Iterator[Port]:
    import tty

    opened = Port(virtual_printer)
    tty.setraw(opened.near)
    yield opened
    opened.close()


def serial_cable(port: str, **options: Any) -> SerialTransport:
    return SerialTransport(port, 115_200, Flow.NONE, timing=QUICK, **options)


def test_a_slip_goes_over_a_serial_port(port: Port, virtual_printer: VirtualPrinter) -> None:
    serial_cable(port.name).send(JOB)

    assert virtual_printer.jobs() == [JOB]


def test_a_serial_printer_says_how_it_is(port: Port, virtual_printer: VirtualPrinter) -> None:
    assert serial_cable(port.name).status(1).paper is Paper.OK
    virtual_printer.set_fault(Fault.COVER_OPEN)

    error = failure_of(serial_cable(port.name))

    assert (error.message, error.fate_unknown) == (status.COVER_OPEN, False)


def test_a_serial_printer_that_holds_the_line_is_not_waited_for_without_end(port: Port) -> None:
    began = time.monotonic()

    with port.gate:
        mute = failure_of(serial_cable(port.name))
        stuck = failure_of(serial_cable(port.name, asking=Asking.NO), JOB * 100)

    assert (mute.message, mute.fate_unknown) == (dialogue.SILENT, False)
    assert (stuck.message, stuck.fate_unknown) == (dialogue.STUCK, True)
    assert time.monotonic() - began < 30


def test_a_serial_port_that_is_missing_says_so(tmp_path: Path) -> None:
    error = failure_of(serial_cable(str(tmp_path / "ttyS9")))

    assert (error.message, error.permanent) == (serial_port.NO_PORT, False)


def test_a_machine_without_pyserial_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    import escpos.printer.serial

    monkeypatch.setattr(escpos.printer.serial, "_DEP_PYSERIAL", False)

    error = failure_of(serial_cable("/dev/ttyS0"))

    assert (error.message, error.permanent) == (serial_port.NO_LIBRARY, False)


def test_a_device_file_that_answers_is_asked(port: Port, virtual_printer: VirtualPrinter) -> None:
    device = FileTransport(Path(port.name), asking=Asking.FULL, timing=QUICK)
    virtual_printer.set_fault(Fault.NEAR_END)

    assert device.status(1).paper is Paper.NEAR_END
    device.send(JOB)

    assert virtual_printer.jobs() == [JOB]


def test_a_device_file_is_not_asked_unless_its_address_says_so(port: Port) -> None:
    device = transport_for(f"file://{port.name}", tray=Path())

    assert isinstance(device, FileTransport)
    with port.gate:
        assert device.status(1).source is Source.NONE


def test_a_plain_file_has_nothing_to_say_and_keeps_what_was_printed(tmp_path: Path) -> None:
    file = tmp_path / "slips"
    file.write_bytes(b"before")
    device = FileTransport(file, asking=Asking.FULL)

    device.send(b"R012")

    assert device.status(1).source is Source.NONE
    assert file.read_bytes() == b"beforeR012"


@pytest.fixture
def lp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """A print service's command that does what `script` says; gives where it is."""

    def installed(script: str) -> Path:
        command = tmp_path / "lp"
        command.write_text(f"#!/bin/sh\n{script}\n")
        command.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        return tmp_path

    return installed


def test_a_job_goes_raw_to_a_queue_of_this_machine_or_another(lp: Callable[[str], Path]) -> None:
    folder = lp('echo "$@" > "${0%/*}/words"; cat > "${0%/*}/job"')

    transport_for("cups://Hall_2@print.example", tray=folder).send(JOB)

    assert (folder / "job").read_bytes() == JOB
    assert (folder / "words").read_text() == ("-h print.example -d Hall_2 -o raw -t turnero\n")
    assert transport_for("cups://Hall_2", tray=folder).status(1).source is Source.NONE  # type: ignore[attr-defined]


def test_a_print_service_that_refuses_or_hangs_says_so(
    lp: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lp("echo 'lp: The printer or class does not exist.' >&2; exit 1")
    refused = failure_of(cups.CupsTransport("hall"))
    assert (refused.message, refused.fate_unknown) == (cups.NOT_TAKEN, False)
    assert "does not exist" in refused.detail

    lp("exec sleep 5")
    hung = failure_of(cups.CupsTransport("hall", total=0.2))
    assert (hung.message, hung.fate_unknown) == (cups.NO_ANSWER, True)

    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert failure_of(cups.CupsTransport("hall")).message == cups.NO_COMMAND


@pytest.mark.parametrize(
    "uri",
    [
        "usb://04b8", "usb://04b8:zzzz", "usb://04b8:0e15:1", "serial://ttyS0", "serial:",
        "serial:///dev/ttyS0?baud=fast", "serial:///dev/ttyS0?baud=-1",
        "serial:///dev/ttyS0?flow=loud", "cups://", "cups://-h", "cups://hall@-x", "cups://a b",
        "tcp://10.0.0.9?status=perhaps", "file://lp0",
    ],
)  # fmt: skip
def test_addresses_that_mean_nothing_are_refused_when_they_are_read(
    uri: str, tmp_path: Path
) -> None:
    with pytest.raises(PrinterError) as caught:
        transport_for(uri, tray=tmp_path)

    assert (caught.value.message, caught.value.permanent) == (transports.BAD_URI, False)


def test_addresses_say_which_printer_and_how_to_speak_to_it(tmp_path: Path) -> None:
    by_usb = transport_for("usb://04B8:0e15/ABC%20123?status=realtime", tray=tmp_path)
    assert isinstance(by_usb, UsbTransport)
    assert (by_usb.vendor, by_usb.product, by_usb.serial) == (EPSON, TM_T20, "ABC 123")
    assert by_usb.asking is Asking.REAL_TIME

    by_serial = transport_for("serial:///dev/ttyS0?baud=19200&flow=rts", tray=tmp_path)
    assert isinstance(by_serial, SerialTransport)
    assert (by_serial.port, by_serial.baud, by_serial.flow) == ("/dev/ttyS0", 19200, Flow.RTS)
