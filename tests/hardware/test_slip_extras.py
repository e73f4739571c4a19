"""Cash drawers, blades, and slips that are too much or broken."""

import time
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from turnero_hardware.dialogue import Timing
from turnero_hardware.escpos_read import read
from turnero_hardware.escpos_reading import Kick
from turnero_hardware.escpos_render import LONGEST_MM, TooLongError, UnprintableError, render
from turnero_hardware.measure import length_mm
from turnero_hardware.paper import draw_paper
from turnero_hardware.profiles import PROFILES
from turnero_hardware.slip import (
    Cut,
    Drawer,
    Picture,
    Slip,
    SlipError,
    Space,
    Text,
)
from turnero_hardware.tcp import TcpTransport
from turnero_hardware.virtual_printer import VirtualPrinter

PAID = Slip((Text("Total 15.00"), Drawer(), Cut()))


def png(width: int, height: int) -> bytes:
    output = BytesIO()
    Image.new("1", (width, height), 0).save(output, "PNG")
    return output.getvalue()


@pytest.mark.parametrize(("pin", "code"), [(2, 0), (5, 1)])
def test_a_paid_receipt_opens_the_drawer_and_its_copy_does_not(pin: int, code: int) -> None:
    slip = Slip((Text("Total 15.00"), Drawer(pin), Cut()))  # type: ignore[arg-type]
    data = render(slip, PROFILES["80mm"])

    assert read(data).kicks == [Kick(pin)]
    assert data.count(b"\x1bp" + bytes([code])) == 1
    assert read(data).unknown == []
    assert read(render(slip, PROFILES["80mm"], copy=True)).kicks == []
    assert Slip.from_dict(slip.to_dict()) == slip


def test_a_drawer_hangs_on_one_of_two_pins() -> None:
    with pytest.raises(SlipError):
        Drawer(3)  # type: ignore[arg-type]


def test_the_printer_itself_opens_the_drawer(virtual_printer: VirtualPrinter) -> None:
    cable = TcpTransport(virtual_printer.host, virtual_printer.port, timing=Timing(answer=1))
    assert cable.status(1).drawer_high is False

    cable.send(render(PAID, PROFILES["80mm"]))

    assert cable.status(1).drawer_high is True
    assert len(virtual_printer.jobs()) == 1


@pytest.mark.parametrize(
    ("profile", "partial"),
    [("80mm", [True]), ("58mm", [True]), ("80mm-full", [False]), ("58mm-basic", [])],
)
def test_the_blade_cuts_as_far_as_the_printer_has_it(profile: str, partial: list[bool]) -> None:
    reading = read(render(PAID, PROFILES[profile]))

    assert [cut.partial for cut in reading.cuts] == partial


@pytest.mark.parametrize("broken", [b"", b"not a picture", png(40, 40)[:40], b"\x89PNG\r\n\x1a\n"])
def test_a_logo_that_is_no_picture_is_left_out_and_the_turn_prints(broken: bytes) -> None:
    slip = Slip((Picture(broken), Text("R012", size="huge"), Cut()))

    reading = read(render(slip, PROFILES["80mm"]))

    assert (reading.text, reading.pictures, reading.unknown) == ("R012", [], [])
    assert len(reading.cuts) == 1


def test_a_slip_that_is_nothing_but_a_broken_picture_is_refused() -> None:
    with pytest.raises(UnprintableError, match="not a PNG"):
        render(Slip((Picture(b"not a picture"), Cut())), PROFILES["80mm"])


def test_a_picture_larger_than_any_logo_costs_no_memory() -> None:
    slip = Slip((Picture(png(9_000, 9_000)), Text("R012")))
    began = time.monotonic()

    assert read(render(slip, PROFILES["80mm"])).pictures == []
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "slip",
    [
        Slip((*(Space(50) for _ in range(6)), Text("R012"))),
        Slip((Text("a " * 10_000),)),
        Slip((Picture(png(100, 9_000)), Text("R012"))),
        Slip((Text("\u0639\u0631\u0628\u064a " * 6_000),)),
    ],
)
def test_a_slip_longer_than_a_metre_is_refused(slip: Slip) -> None:
    with pytest.raises(TooLongError, match="mm of paper"):
        render(slip, PROFILES["80mm"])


def test_the_length_is_that_of_the_paper_that_is_drawn(turn_slip: Callable[..., Slip]) -> None:
    for name in ("80mm", "58mm"):
        reading = read(render(turn_slip("es"), PROFILES[name]), PROFILES[name].dots)
        drawn = draw_paper(reading, PROFILES[name].dots, torn=False).height / 8

        assert abs(length_mm(reading) - drawn) < 12
        assert 60 < length_mm(reading) < LONGEST_MM / 4
