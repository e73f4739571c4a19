"""Printers on a USB cable, through python-escpos and pyusb.

What the library's device does otherwise, and why this one does not: it takes endpoints 0x82 and
0x01 for granted, resets the printer (some then come back as another device), goes on when it may
not use the printer, has no time limit for reading, and calls anything that went wrong "not found".
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import usb.core  # type: ignore[import-untyped]
import usb.util  # type: ignore[import-untyped]

from turnero_core.clock import now
from turnero_core.i18n import N_
from turnero_hardware.dialogue import Asking, Timing, ask_status, deliver
from turnero_hardware.escpos_library import DeviceNotFoundError, Usb
from turnero_hardware.printer_error import PrinterError
from turnero_hardware.status import PrinterStatus

NO_LIBRARY = N_("This machine cannot use USB printers: libusb is missing.")
NOT_PLUGGED = N_("The printer is not plugged in, or is switched off.")
NOT_ALLOWED = N_("This user may not use the USB printer.")
IN_USE = N_("Another program uses the USB printer.")
NOT_OPENED = N_("The USB printer could not be opened.")
NO_PRINTER = N_("That USB device is not a printer.")

_PRINTER_CLASS, _VENDOR_CLASS = 7, 0xFF
_MESSAGES = {
    errno.ENODEV: NOT_PLUGGED,
    errno.ENOENT: NOT_PLUGGED,
    errno.EACCES: NOT_ALLOWED,
    errno.EPERM: NOT_ALLOWED,
    errno.EBUSY: IN_USE,
}


class UsbTransport:
    """A printer by its vendor and product, and its serial number where there are several."""

    def __init__(
        self,
        vendor: int,
        product: int,
        serial: str = "",
        *,
        asking: Asking = Asking.FULL,
        timing: Timing | None = None,
    ) -> None:
        self.vendor, self.product, self.serial = vendor, product, serial
        self.asking = asking
        self.timing = timing or Timing()

    def send(self, data: bytes) -> None:
        with self._plugged() as line:
            deliver(line, data, self.asking if line.can_read else Asking.NO, self.timing)

    def status(self, timeout: float) -> PrinterStatus:
        with self._plugged() as line:
            if not line.can_read:
                return PrinterStatus(at=now())
            return ask_status(line, timeout)

    @contextmanager
    def _plugged(self) -> Iterator[_Device]:
        device = _Device(self.vendor, self.product, self.serial)
        try:
            _open(device)
            yield device
        finally:
            # Of a printer that is gone nothing can be released.
            with suppress(usb.core.USBError):
                device.close()


class _Device(Usb):  # type: ignore[misc]
    """The library's device with its ends found out and time limits."""

    def __init__(self, vendor: int, product: int, serial: str) -> None:
        match = {"custom_match": lambda found: _serial_of(found) == serial} if serial else {}
        super().__init__(vendor, product, match)
        self.can_read = False

    def _check_driver(self) -> None:
        """Take the printer from the system's own driver, once its interface is known."""

    def _configure_usb(self) -> None:
        if not self.device:
            raise usb.core.USBError("no such device", errno=errno.ENODEV)
        interface = _printer_interface(self.device)
        with suppress(NotImplementedError):
            if self.device.is_kernel_driver_active(interface.bInterfaceNumber):
                self.device.detach_kernel_driver(interface.bInterfaceNumber)
        usb.util.claim_interface(self.device, interface.bInterfaceNumber)
        writing = _bulk_end(interface, usb.util.ENDPOINT_OUT)
        if writing is None:
            raise PrinterError(NO_PRINTER, detail="it has no end to write to")
        self.out_ep = writing.bEndpointAddress
        reading = _bulk_end(interface, usb.util.ENDPOINT_IN)
        if reading is not None:
            self.can_read = True
            self.in_ep, self.packet = reading.bEndpointAddress, reading.wMaxPacketSize

    def write(self, data: memoryview, timeout: float) -> int:
        with _plain_errors():
            return int(self.device.write(self.out_ep, bytes(data), _ms(timeout)))

    def read(self, timeout: float) -> bytes:
        """A read shorter than a packet would overflow; an empty packet is no answer."""
        with _plain_errors():
            found = bytes(self.device.read(self.in_ep, self.packet, _ms(timeout)))
        if not found:
            raise TimeoutError("the printer sent an empty packet")
        return found


def _open(device: _Device) -> None:
    try:
        device.open()
    except usb.core.NoBackendError as error:
        raise PrinterError(NO_LIBRARY, detail=str(error)) from error
    except DeviceNotFoundError as error:
        raise _not_opened(error.__context__ or error) from error
    except OSError as error:
        raise _not_opened(error) from error


def _printer_interface(device: Any) -> Any:
    """The interface that prints; some boards say "vendor's own" where they should say "printer"."""
    try:
        configuration = device.get_active_configuration()
    except usb.core.USBError:
        device.set_configuration()
        configuration = device.get_active_configuration()
    for wanted in (_PRINTER_CLASS, _VENDOR_CLASS):
        for interface in configuration:
            if interface.bInterfaceClass == wanted:
                return interface
    raise PrinterError(NO_PRINTER, detail=f"no printer among {len(list(configuration))} interfaces")


def _bulk_end(interface: Any, direction: int) -> Any | None:
    for end in interface:
        kind = usb.util.endpoint_type(end.bmAttributes)
        way = usb.util.endpoint_direction(end.bEndpointAddress)
        if kind == usb.util.ENDPOINT_TYPE_BULK and way == direction:
            return end
    return None


def _serial_of(device: Any) -> str:
    """Empty when it has none, or may not be asked."""
    try:
        return str(device.serial_number or "")
    except (usb.core.USBError, ValueError, NotImplementedError):
        return ""


def _not_opened(error: BaseException) -> PrinterError:
    """The library says "not found" by an assertion, without a number."""
    if isinstance(error, AssertionError):
        return PrinterError(NOT_PLUGGED, detail=str(error))
    number = getattr(error, "errno", None)
    return PrinterError(_MESSAGES.get(number or 0, NOT_OPENED), detail=str(error))


@contextmanager
def _plain_errors() -> Iterator[None]:
    """pyusb's time-out is no `TimeoutError`."""
    try:
        yield
    except usb.core.USBTimeoutError as error:
        raise TimeoutError(str(error)) from error


def _ms(timeout: float) -> int:
    """Zero would mean for ever."""
    return max(10, int(timeout * 1000))
