"""Who may see and change which machine, and what the pages refuse."""

import pytest
from sqlalchemy import select
from tests.admin import machines
from tests.admin.cityhall import Browser, CityHall

from turnero_admin.devices import enrolling
from turnero_core import clock
from turnero_hardware.models import JobState, Printer, PrintJob
from turnero_queue import devices
from turnero_queue.devices import Guesses, alerts

PAGES = ("", "/now", "/new", "/banner", "/device/entrada", "/printer/entrada")
CHANGES = (
    ("/approve", {}),
    ("/invite", {}),
    ("/device/entrada/settings", {}),
    ("/device/entrada/rename", {"name": "Otra"}),
    ("/device/entrada/technician", {"code": "4711"}),
    ("/device/entrada/printers", {}),
    ("/device/entrada/tell", {"command": "reload"}),
    ("/device/entrada/revoke", {}),
    ("/device/entrada/invite", {}),
    ("/printer/entrada/move", {"to": "reserva"}),
    ("/printer/entrada/retry", {}),
)


@pytest.fixture
def furnished(hall: CityHall) -> CityHall:
    """A kiosk and two printers in the centre, a printer in the north, and who looks after them."""
    enrolling._guesses = Guesses(most=20)
    machines.add_printer(hall, "entrada", "virtual:entrada")
    machines.add_printer(hall, "reserva", "virtual:reserva")
    machines.add_printer(hall, "lejos", "virtual:lejos", office="norte")
    machines.enrolled(hall)
    machines.hire(hall)
    machines.hire(hall, "carla", "supervisor", "centro")
    machines.hire(hall, "audra", "auditor", "centro")
    machines.hire(hall, "nelson", "administrator", "norte")
    return hall


@pytest.fixture
def elena(furnished: CityHall) -> Browser:
    return furnished.clerk("elena")


def send(browser: Browser, path: str, **data: str) -> tuple[int, str]:
    answer = browser.post(f"/admin/devices{path}", data)
    return answer.status_code, answer.text


def test_who_may_not_look_after_machines_sees_none(furnished: CityHall) -> None:
    clerk = furnished.clerk("ana")
    assert {clerk.get(f"/admin/devices{page}").status_code for page in PAGES} == {403}
    assert "/admin/devices" not in clerk.get("/admin").text
    assert furnished.browser().get("/admin/devices").status_code in (302, 303)


def test_an_auditor_looks_but_changes_nothing(furnished: CityHall) -> None:
    audra = furnished.clerk("audra")
    assert audra.get("/admin/devices").status_code == 200
    assert audra.get("/admin/devices/device/entrada").status_code == 200
    assert {send(audra, path, **data)[0] for path, data in CHANGES} == {403}
    assert machines.device(furnished).name == "Entrada"


def test_a_supervisor_looks_after_the_machines_of_the_office(furnished: CityHall) -> None:
    carla = furnished.clerk("carla")
    form = {"code": "AAAA-AAAA", "name": "X", "kind": "kiosk"}
    assert send(carla, "/device/entrada/technician", code="4711")[0] == 303
    assert send(carla, "/invite", **form, office="norte")[0] == 403


def test_another_offices_machines_are_neither_listed_nor_reached(furnished: CityHall) -> None:
    nelson = furnished.clerk("nelson")
    page = nelson.get("/admin/devices").text
    assert "Impresora lejos" in page
    assert "Impresora entrada" not in page
    for path in ("/device/entrada", "/printer/entrada", "/device/entrada/now"):
        assert nelson.get(f"/admin/devices{path}").status_code == 403
    assert {send(nelson, path, **data)[0] for path, data in CHANGES[2:]} == {403}
    form = {"code": "AAAA-AAAA", "name": "X", "kind": "kiosk"}
    assert send(nelson, "/invite", **form, office="centro")[0] == 403
    assert send(nelson, "/invite", **form, office="*")[0] == 403
    # Nor may its own machine be put where its administrator may not.
    with furnished.database.write() as session:
        found = devices.find(session, "entrada")
        found.office_id = machines.office_id(furnished, "norte")
    form = {"which": "all", "volume": "5", "languages": "es"}
    assert send(nelson, "/device/entrada/settings", **form, office="")[0] == 403
    assert send(nelson, "/device/entrada/settings", **form, office="centro")[0] == 403
    assert send(nelson, "/device/entrada/settings", **form, office="norte")[0] == 303


def test_an_alert_is_told_to_those_of_its_office_only(furnished: CityHall) -> None:
    with furnished.database.write() as session:
        session.scalars(select(Printer).where(Printer.code == "entrada")).one().paper = "out"
        alerts.review(session, clock.now())
    assert "Impresora entrada" in furnished.clerk("carla").get("/admin").text
    assert "Impresora entrada" not in furnished.clerk("nelson").get("/admin").text


def test_wrong_codes_are_told_and_counted(elena: Browser) -> None:
    form = {"code": "AAAA-AAAA", "name": "Kiosk", "office": "centro"}
    status, page = send(elena, "/approve", **form)
    assert status == 404
    assert "This code is not known" in page
    assert 'value="AAAA-AAAA"' in page
    answers = [send(elena, "/approve", **form)[0] for _ in range(20)]
    assert answers[-1] == 429


def test_the_sheet_with_a_code_is_kept_by_no_cache(elena: Browser) -> None:
    answer = elena.post(
        "/admin/devices/invite", {"kind": "agent", "name": "Caja", "office": "centro"}
    )
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    assert "turnero agent enrol --server" in answer.text
    assert send(elena, "/invite", kind="toaster", name="X", office="centro")[0] == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"volume": "101"},
        {"volume": "loud"},
        {"volume": "²"},
        {"screen_on": "07:00"},
        {"screen_on": "25:00", "screen_off": "26:00"},
        {"languages": "xx"},
        {"printer": "x" * 100},
    ],
)
def test_settings_that_cannot_be_used_are_refused_and_nothing_is_changed(
    furnished: CityHall, elena: Browser, wrong: dict[str, str]
) -> None:
    before = machines.device(furnished).settings
    form = {"which": "all", "languages": "es", "volume": "50", "office": "centro", **wrong}
    status, page = send(elena, "/device/entrada/settings", **form)
    assert status == 422
    assert "Not saved" in page
    assert machines.device(furnished).settings == before


def test_a_printers_line_is_moved_and_a_slip_printed_again_for_a_reason(
    furnished: CityHall, elena: Browser
) -> None:
    slip = machines.put_in_line(furnished, "entrada")
    assert send(elena, "/printer/entrada/move", to="entrada")[0] == 422
    assert send(elena, "/printer/entrada/move", to="nowhere")[0] == 404
    assert send(elena, "/printer/entrada/move", to="reserva")[0] == 303
    with furnished.database.write() as session:
        found = session.get_one(PrintJob, slip)
        found.state, found.printed_at = JobState.PRINTED, clock.now()
    elena.post(f"/admin/devices/printer/reserva/job/{slip}/reprint", {"reason": "  "})
    page = elena.get("/admin/devices/printer/reserva").text
    assert page.count("data-job=") == 1
    elena.post(f"/admin/devices/printer/reserva/job/{slip}/reprint", {"reason": "It was torn"})
    page = elena.get("/admin/devices/printer/reserva").text
    assert page.count("data-job=") == 2
    assert elena.get(f"/admin/devices/printer/entrada/job/{slip}").status_code == 404


def test_a_machine_taken_out_of_service_is_listed_apart(
    furnished: CityHall, elena: Browser
) -> None:
    assert send(elena, "/device/entrada/revoke", reason="Stolen")[0] == 303
    page = elena.get("/admin/devices").text
    assert 'data-device="entrada" data-state' in page.replace("\n", " ")
    assert "Out of service (1)" in page
    assert machines.device(furnished).revoked_at == clock.now()


def test_measures_tell_of_states_paper_and_lines(furnished: CityHall) -> None:
    machines.put_in_line(furnished, "entrada")
    text = furnished.browser().get("/metrics").text
    assert 'turnero_devices{kind="kiosk",state="never"} 1.0' in text
    assert 'turnero_print_jobs_waiting{office="centro",printer="entrada"} 1.0' in text
    assert 'turnero_printer_paper{office="centro",paper="unknown",printer="entrada"} 1.0' in text
    assert 'turnero_print_job_oldest_seconds{printer="entrada"} 0.0' in text
    assert "turnero_device_alerts 0.0" in text
