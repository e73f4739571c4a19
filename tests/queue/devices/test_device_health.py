"""Every device says how it is, why, and no more than it knows."""

from datetime import timedelta

import time_machine
from sqlalchemy import update
from tests.queue.devices.hall_devices import Machines

from turnero_core import clock as present
from turnero_queue.models import Municipality, Office


def test_a_device_is_well_silent_or_was_never_heard_of(
    small_machines: Machines, clock: time_machine.Traveller
) -> None:
    hall = small_machines.enrolled("agent", "Hall")
    small_machines.invite("kiosk", "Kiosk")
    small_machines.beat(hall)
    assert small_machines.health() == {"hall": ("ok", []), "kiosk": ("never", ["never-seen"])}

    clock.shift(timedelta(minutes=3, seconds=1))

    assert small_machines.health()["hall"] == ("offline", ["offline"])


def test_a_revoked_device_is_not_looked_after(small_machines: Machines) -> None:
    small_machines.enrolled("agent", "Hall", "hall")
    small_machines.revoke("hall")

    assert "hall" not in small_machines.health()
    assert small_machines.health()["*hall"][0] == "offline"


def test_a_clock_that_is_wrong_by_a_day_is_said(small_machines: Machines) -> None:
    hall = small_machines.enrolled("agent", "Hall")
    wrong = present.rfc3339(present.now() - timedelta(days=1))

    small_machines.beat(hall, time=wrong, facts={"disk_free_bytes": 10**6})

    assert small_machines.health()["hall"] == ("warning", ["clock", "disk"])
    shown = small_machines.town.get("/devices").get_json()["devices"][0]
    assert shown["clock_offset_s"] == -86400
    assert shown["reasons"][0]["text"] == (
        "Its clock is wrong by 1440 minutes. Set its date and time."
    )


def test_a_printers_paper_faults_and_queue_are_seen(machines: Machines) -> None:
    hall = machines.enrolled("agent", "Hall", "a", "b", "c", "d")
    told = [
        {"code": "a", "state": "failing", "paper": "out", "error": "The printer is out of paper."},
        {"code": "b", "state": "ready", "paper": "near_end"},
        {"code": "c", "state": "failing", "paper": "ok", "error": "The printer is not ready."},
        {"code": "d", "state": "ready", "paper": "ok"},
    ]
    machines.beat(hall, printers=told)
    for _ in range(5):
        machines.slip("d")

    assert machines.health() == {
        "hall": ("ok", []),
        "*a": ("trouble", ["paper-out"]),
        "*b": ("warning", ["paper-low"]),
        "*c": ("trouble", ["failing"]),
        "*d": ("warning", ["jobs-waiting"]),
    }
    machines.beat(hall, printers=[{"code": "a", "state": "ready", "paper": "ok"}])
    assert machines.health()["*a"] == ("ok", [])


def test_a_printer_is_offline_with_its_agent(
    small_machines: Machines, clock: time_machine.Traveller
) -> None:
    hall = small_machines.enrolled("agent", "Hall", "hall")
    small_machines.beat(hall, printers=[{"code": "hall", "state": "ready", "paper": "ok"}])
    small_machines.printer("elsewhere")

    clock.shift(timedelta(minutes=4))

    assert small_machines.health()["*hall"] == ("offline", ["agent-offline"])
    assert small_machines.health()["*elsewhere"] == ("never", ["never-seen"])


def test_an_office_has_thresholds_and_devices_of_its_own(
    small_machines: Machines, clock: time_machine.Traveller
) -> None:
    rules = {"device_offline_after_minutes": 10, "print_jobs_waiting_alert": 2}
    with small_machines.database.write() as session:
        session.execute(update(Municipality).values(rules={"print_jobs_waiting_alert": 9}))
        session.execute(update(Office).where(Office.code == "norte").values(rules=rules))
    tokens = {}
    for office in ("centro", "norte"):
        code = small_machines.invite("kiosk", f"Kiosk {office}", office)
        tokens[office] = small_machines.enrol(code).get_json()["token"]
        small_machines.beat(tokens[office])
        small_machines.printer(office, office)
        for _ in range(3):
            small_machines.slip(office)

    clock.shift(timedelta(minutes=5))

    assert small_machines.health("norte") == {
        "kiosk-norte": ("ok", []),
        "*norte": ("warning", ["jobs-waiting", "never-seen"]),
    }
    assert small_machines.health("centro") == {
        "kiosk-centro": ("offline", ["offline"]),
        "*centro": ("never", ["never-seen"]),
    }


def test_the_list_is_for_the_scope_and_the_office_of_the_token(small_machines: Machines) -> None:
    for office in ("centro", "norte"):
        small_machines.invite("kiosk", f"Kiosk {office}", office)
    town = small_machines.town
    of_norte = town.create_token("devices", office="norte", name="norte")

    shown = town.get("/devices", token=of_norte).get_json()["devices"]

    assert [(one["code"], one["office"], one["state"]) for one in shown] == [
        ("kiosk-norte", "norte", "never")
    ]
    assert town.get("/devices", token=town.create_token("tickets")).status_code == 403
    assert town.get("/devices", token=None).status_code == 401
