"""An office's printers, made of plain choices: nobody types an address, nobody reaches a file."""

import re

import pytest
from tests.admin import machines
from tests.admin.cityhall import Browser, CityHall
from tests.admin.settings_forms import entry, hidden, save, text

from turnero_admin.configuration import printer_address
from turnero_core.errors import Invalid
from turnero_hardware.models import Printer, PrintJob

CENTRO = "/admin/configuration/offices/centro/printers"
NORTE = "/admin/configuration/offices/norte/printers"
NEW, KIOSK = f"{CENTRO}/new", f"{CENTRO}/edit/centro-caja"


@pytest.fixture
def caja(hall: CityHall, rosa: Browser) -> Browser:
    """Rosa, who has put a printer at the cash desk."""
    answer = save(
        rosa, NEW, name="Caja", code="centro-caja", way="network", network__host="192.168.1.50"
    )
    assert answer.status_code == 303
    return rosa


def uri(hall: CityHall, code: str = "centro-caja") -> str:
    found = entry(hall, "offices", "centro", "printers", code)
    return str(found["uri"]) if found else ""


def test_a_printer_on_the_network_needs_its_number_alone(hall: CityHall, caja: Browser) -> None:
    assert entry(hall, "offices", "centro", "printers", "centro-caja") == {
        "code": "centro-caja",
        "name": "Caja",
        "uri": "tcp://192.168.1.50:9100",
        "profile": "80mm",
    }
    listed = text(caja.get(CENTRO))
    assert "On the network: 192.168.1.50, port 9100" in listed
    assert "Paper of 80 mm, as most have" in listed


@pytest.mark.parametrize(
    ("chosen", "written"),
    [
        (
            {"way": "network", "network.host": "fe80::1", "network.port": "9101"},
            "tcp://[fe80::1]:9101",
        ),
        (
            {"way": "network", "network.host": "caja", "network.status": "no"},
            "tcp://caja:9100?status=no",
        ),
        ({"way": "usb", "usb.vendor": "04B8", "usb.product": "0e15"}, "usb://04b8:0e15"),
        (
            {"way": "usb", "usb.vendor": "4b8", "usb.product": "e15", "usb.number": "AB/1"},
            "usb://4b8:e15/AB%2F1",
        ),
        ({"way": "serial", "serial.path": "/dev/ttyS0"}, "serial:///dev/ttyS0"),
        (
            {
                "way": "serial",
                "serial.path": "/dev/ttyUSB1",
                "serial.baud": "19200",
                "serial.flow": "xon",
            },
            "serial:///dev/ttyUSB1?baud=19200&flow=xon",
        ),
        ({"way": "cups", "cups.queue": "caja"}, "cups://caja"),
        (
            {"way": "cups", "cups.queue": "caja", "cups.server": "impresion"},
            "cups://caja@impresion",
        ),
        ({"way": "device", "device.path": "/dev/usb/lp0"}, "file:///dev/usb/lp0"),
        (
            {"way": "device", "device.path": "/dev/usb/lp0", "device.status": "full"},
            "file:///dev/usb/lp0?status=full",
        ),
        ({"way": "tray"}, "virtual://tray"),
    ],
)
def test_every_way_makes_its_address_and_is_taken_apart_again(
    chosen: dict[str, str], written: str
) -> None:
    parts = {name.rpartition(".")[2]: value for name, value in chosen.items()}
    assert printer_address.made(parts) == written
    again = printer_address.taken_apart(written)
    assert again["way"] == parts["way"]
    assert printer_address.made(again) == written
    assert printer_address.words(written) != written


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "/dev/fd/5", "/dev/stdout", "/dev/../etc/passwd", "/dev/mqueue/x", "lp0", ""],
)
def test_no_path_reaches_a_file_of_the_server(path: str) -> None:
    for way in ("device", "serial"):
        with pytest.raises(Invalid) as refused:
            printer_address.made({"way": way, "path": path})
        assert list(refused.value.extra["errors"]) == ["path"]


def test_what_cannot_be_used_is_said_beside_it_and_nothing_is_saved(
    hall: CityHall, caja: Browser
) -> None:
    for typed, said in (
        ({"network.host": "not a name"}, "Write the printer's number or name in the network"),
        ({"network.port": "99999"}, "Write a whole number from 1 to 65535."),
        ({"way": "usb", "usb.vendor": "epson", "usb.product": "0e15"}, "Write up to four digits"),
        ({"way": "device", "device.path": "/etc/passwd"}, "Write a path that begins with /dev/"),
        ({"way": "cups", "cups.queue": "-x y"}, "Write the name of the queue, without spaces."),
        ({"way": ""}, "Choose where the printer is."),
    ):
        answer = save(caja, KIOSK, **typed)
        assert answer.status_code == 422, typed
        assert said in text(answer)
    assert uri(hall) == "tcp://192.168.1.50:9100"


def test_a_form_opened_and_saved_changes_nothing_not_even_of_an_unusual_address(
    hall: CityHall, caja: Browser
) -> None:
    for stored in ("tcp://192.168.1.50", "tcp://10.0.0.1:9100?profile=58mm", "file:///srv/slips"):
        with hall.database.write() as session:
            session.query(Printer).filter_by(code="centro-caja").one().uri = stored
        page = caja.get(KIOSK)
        answer = save(caja, KIOSK, page)
        assert "Nothing was changed." in text(caja.get(answer.location)), stored
        assert uri(hall) == stored
    assert "As it is written in the configuration file" in text(page)
    assert save(caja, KIOSK, way="tray").status_code == 303
    assert uri(hall) == "virtual://tray"
    assert "As it is written in the configuration file" not in text(caja.get(KIOSK))
    assert save(caja, KIOSK, way="other").status_code == 422


def test_a_printer_is_not_overwritten_by_a_new_one_of_its_short_name(
    hall: CityHall, caja: Browser
) -> None:
    answer = save(caja, NEW, name="Otra", code="centro-caja", way="tray")
    assert answer.status_code == 409
    assert "There is a printer centro-caja already." in text(answer)
    assert uri(hall) == "tcp://192.168.1.50:9100"
    assert save(caja, NEW, name="Otra caja", way="tray").status_code == 303
    assert uri(hall, "otra-caja") == "virtual://tray"


def test_the_second_one_is_shown_what_the_first_saved(hall: CityHall, caja: Browser) -> None:
    machines.hire(hall)
    elena = hall.clerk("elena")
    opened = elena.get(KIOSK)
    save(caja, KIOSK, network__host="192.168.1.60")
    answer = save(elena, KIOSK, opened, network__host="192.168.1.70")
    assert answer.status_code == 409
    line = re.search(r"Where it is</th>.*?</tr>", text(answer), re.S)
    assert line
    assert re.findall(r"192\.168\.1\.\d+", line[0]) == ["192.168.1.60", "192.168.1.70"]
    assert uri(hall) == "tcp://192.168.1.60:9100"
    assert save(elena, KIOSK, answer).status_code == 303
    assert uri(hall) == "tcp://192.168.1.70:9100"


def test_it_is_taken_out_of_use_and_put_back_from_the_history(
    hall: CityHall, caja: Browser
) -> None:
    assert "City Hall cash desk" in text(caja.get(f"{CENTRO}/retire/centro"))
    path = f"{CENTRO}/retire/centro-caja"
    assert "City Hall cash desk" not in text(caja.get(path))
    assert caja.post(path, {"opened": hidden(caja.get(path), "opened")}).status_code == 303
    assert uri(hall) == ""
    past = "/admin/configuration/offices/centro/history"
    version = re.search(r"/history/(\d+)", text(caja.get(past)))
    assert version
    assert caja.post(f"{past}/{version[1]}").status_code == 303
    assert uri(hall) == "tcp://192.168.1.50:9100"


def test_who_has_one_office_neither_sees_nor_changes_the_printers_of_another(
    hall: CityHall, rosa: Browser
) -> None:
    for path in (NORTE, f"{NORTE}/new", f"{NORTE}/edit/x", f"{NORTE}/retire/x"):
        assert rosa.get(path).status_code == 403, path
        assert rosa.post(path).status_code in (403, 405), path
    assert hall.clerk("ana").get(CENTRO).status_code == 403


def test_a_test_slip_goes_in_line_and_the_log_says_who_wanted_it(
    hall: CityHall, caja: Browser
) -> None:
    page = caja.post("/admin/devices/printer/centro-caja/test", follow_redirects=True)
    assert "A test slip is in line." in text(page)
    with hall.database.read() as session:
        (job,) = session.query(PrintJob).all()
        assert (job.kind, job.state) == ("test", "queued")
        assert "TEST PRINT" in str(job.slip)
