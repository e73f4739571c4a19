"""What a device may do: its own work, and nothing else; and what becomes of the jobs it claims."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from tests.queue.devices.hall_devices import ADMIN, Machines

from turnero_core import clock as present
from turnero_core.web import access
from turnero_hardware import outbox
from turnero_hardware.models import Printer, PrintJobEvent
from turnero_hardware.outbox_agents import AHEAD, LEASE
from turnero_hardware.outbox_moves import move_jobs
from turnero_queue import devices

UUID = "01890000-0000-7000-8000-000000000000"
BODIES: dict[str, dict[str, Any]] = {"report": {"outcome": "printed"}}


def device_routes(machines: Machines) -> list[str]:
    rules = machines.town.app.url_map.iter_rules()
    return [
        rule.rule.replace("<uuid:job_id>", UUID)
        for rule in rules
        if access.declared(machines.town.app.view_functions[rule.endpoint]) == ("device",)
        and rule.rule.startswith("/api/")
    ]


def body_of(path: str) -> dict[str, Any]:
    return BODIES.get(path.rsplit("/", 1)[1], {})


def test_a_revoked_device_is_refused_everywhere_at_once(small_machines: Machines) -> None:
    token = small_machines.enrolled("agent", "Hall", "hall")
    paths = device_routes(small_machines)
    assert len(paths) == 3
    for path in paths:
        assert small_machines.ask(path, body_of(path), token).status_code in (200, 404)

    small_machines.revoke("hall")

    for path in paths:
        assert small_machines.ask(path, body_of(path), token).status_code == 401
        assert small_machines.ask(path, body_of(path), None).status_code == 401


def test_an_api_token_is_no_device(small_machines: Machines) -> None:
    token = small_machines.town.create_token("all")

    for path in device_routes(small_machines):
        assert small_machines.ask(path, body_of(path), token).status_code == 403


def test_a_devices_token_opens_nothing_else(small_machines: Machines) -> None:
    token = small_machines.enrolled("agent", "Hall")
    town = small_machines.town
    checked = 0
    for rule in town.app.url_map.iter_rules():
        who = access.declared(town.app.view_functions[rule.endpoint])
        if rule.rule.startswith("/api/") and any(name.startswith("scope:") for name in who):
            method = "POST" if "POST" in (rule.methods or ()) else "GET"
            path = rule.rule.replace("<uuid:ticket_id>", UUID).replace("<office>", "centro")
            if "<" not in path:
                answer = town.ask(method, path, token=token, json={} if method == "POST" else None)
                assert (answer.status_code, path) == (403, path)
                checked += 1
    assert checked > 4


def test_an_agent_gets_the_jobs_of_its_own_printers_in_order(machines: Machines) -> None:
    hall = machines.enrolled("agent", "Hall", "hall")
    machines.enrolled("agent", "Patio", "patio")
    machines.printer("of-the-server")
    wanted = [machines.slip("hall", f"R00{number}") for number in range(3)]
    for other in ("patio", "of-the-server"):
        machines.slip(other)

    answer = machines.claim(hall)

    assert [job["id"] for job in answer["jobs"]] == wanted
    assert {job["printer"]["code"] for job in answer["jobs"]} == {"hall"}
    assert answer["jobs"][0]["printer"]["uri"] == "virtual://hall"
    assert [block["text"] for block in answer["jobs"][1]["slip"]["blocks"] if "text" in block] == [
        "R001"
    ]
    assert machines.job(wanted[0]).claimed_by == "device:hall:one"


def test_nobody_reports_the_job_of_another_device(small_machines: Machines) -> None:
    hall = small_machines.enrolled("agent", "Hall", "hall")
    patio = small_machines.enrolled("agent", "Patio", "patio")
    job = small_machines.slip("hall")
    small_machines.claim(hall)

    assert small_machines.report(patio, job, "printed").status_code == 403
    assert small_machines.report(patio, UUID, "printed").status_code == 404
    assert small_machines.job(job).state == "claimed"
    assert small_machines.report(hall, job, "printed").get_json() == {"id": job, "state": "printed"}


def test_a_heartbeat_changes_ones_own_printers_alone(small_machines: Machines) -> None:
    hall = small_machines.enrolled("agent", "Hall", "hall")
    small_machines.enrolled("agent", "Patio", "patio")
    told = [{"code": code, "state": "failing", "paper": "out"} for code in ("hall", "patio")]

    answer = small_machines.beat(hall, version="2.0", printers=told).get_json()

    assert [printer["code"] for printer in answer["printers"]] == ["hall"]
    with small_machines.database.read() as session:
        papers = dict(session.execute(select(Printer.code, Printer.paper)).all())
    assert (papers["hall"], papers["patio"]) == ("out", "unknown")
    assert small_machines.device("hall").version == "2.0"
    assert small_machines.device("patio").last_seen_at is None


def test_only_agents_claim_and_each_names_its_installation(small_machines: Machines) -> None:
    kiosk = small_machines.enrolled("kiosk", "Kiosk")
    hall = small_machines.enrolled("agent", "Hall", "hall")

    assert small_machines.ask("/print-jobs/claim", {}, kiosk).status_code == 403
    assert small_machines.report(kiosk, small_machines.slip("hall"), "printed").status_code == 403
    assert small_machines.beat(kiosk, instance="").status_code == 200
    nameless = small_machines.ask("/print-jobs/claim", {}, hall, instance="")
    assert (nameless.status_code, list(nameless.get_json()["errors"])) == (
        422,
        ["Turnero-Instance"],
    )


def test_two_installations_with_one_token_are_told_apart(
    machines: Machines, clock: time_machine.Traveller
) -> None:
    hall = machines.enrolled("agent", "Hall", "hall")
    first, second = machines.slip("hall"), machines.slip("hall")
    assert machines.claimed(hall, instance="one") == [first, second]

    refused = machines.ask("/print-jobs/claim", {}, hall, instance="two")
    assert (refused.status_code, refused.get_json()["type"]) == (409, "/problems/device-in-use")
    assert machines.beat(hall, instance="two").status_code == 409
    assert machines.report(hall, first, "printed", instance="two").status_code == 409
    assert machines.job(first).state == "claimed"

    clock.shift(timedelta(minutes=5, seconds=1))
    again = machines.claim(hall, instance="two")
    assert [(job["id"], job["copy"]) for job in again["jobs"]] == [(first, True), (second, True)]
    assert machines.beat(hall, instance="one").status_code == 409


def test_what_the_agent_holds_is_not_given_twice_and_what_got_lost_is(machines: Machines) -> None:
    hall = machines.enrolled("agent", "Hall", "hall")
    first, second = machines.slip("hall"), machines.slip("hall")
    machines.claim(hall)

    lost = machines.claim(hall, first)

    assert [(job["id"], job["copy"]) for job in lost["jobs"]] == [(second, False)]
    assert lost["drop"] == []
    assert machines.claim(hall, first, second)["jobs"] == []


def test_an_agent_is_given_only_so_much_ahead(small_machines: Machines) -> None:
    hall = small_machines.enrolled("agent", "Hall", "hall")
    jobs = [small_machines.slip("hall", kind="receipt") for _ in range(AHEAD + 2)]

    held = small_machines.claimed(hall)
    small_machines.report(hall, held[0], "printed")

    assert held == jobs[:AHEAD]
    assert small_machines.claimed(hall, *held[1:]) == [jobs[AHEAD]]


def test_a_lease_is_renewed_by_whoever_holds_the_job(
    small_machines: Machines, clock: time_machine.Traveller
) -> None:
    hall = small_machines.enrolled("agent", "Hall", "hall")
    job = small_machines.slip("hall", kind="receipt")
    small_machines.claim(hall)

    for _ in range(4):
        clock.shift(LEASE / 2 + timedelta(seconds=1))
        small_machines.claim(hall, job)

    lease = small_machines.job(job).lease_until
    assert lease is not None
    assert lease > present.now()
    assert small_machines.job(job).attempts == 1


def test_the_server_does_not_print_what_an_agent_drives(
    small_machines: Machines, clock: time_machine.Traveller
) -> None:
    hall = small_machines.enrolled("agent", "Hall", "hall")
    job = small_machines.slip("hall", kind="receipt")
    printer = small_machines.job(job).printer_id
    with small_machines.database.write() as session:
        assert outbox.waiting_printers(session, present.now()) == []
        assert outbox.claim(session, printer, "server", present.now()) is None
    small_machines.claim(hall)

    small_machines.drives("hall")

    clock.shift(LEASE + timedelta(seconds=1))
    with small_machines.database.write() as session:
        assert outbox.waiting_printers(session, present.now()) == [printer]
        taken = outbox.claim(session, printer, "server", present.now())
        assert taken is not None
        assert (taken.id, taken.copy) == (job, True)
    assert small_machines.report(hall, job, "printed").status_code == 403


def test_jobs_moved_to_another_printer_are_to_be_dropped(small_machines: Machines) -> None:
    hall = small_machines.enrolled("agent", "Hall", "hall", "patio")
    job = small_machines.slip("hall")
    small_machines.claim(hall)
    with small_machines.database.write() as session:
        printers = {one.code: one for one in session.scalars(select(Printer))}
        move_jobs(session, printers["hall"], printers["patio"], ADMIN, present.now())

    moved = small_machines.claim(hall, job)

    assert moved["drop"] == [job]
    assert [(one["id"], one["printer"]["code"], one["copy"]) for one in moved["jobs"]] == [
        (job, "patio", True)
    ]


@pytest.mark.parametrize("outcome", ["printed", "failed", "unknown", "expired"])
def test_a_report_said_twice_is_the_same(small_machines: Machines, outcome: str) -> None:
    hall = small_machines.enrolled("agent", "Hall", "hall")
    job = small_machines.slip("hall")
    small_machines.claim(hall)

    first = small_machines.report(hall, job, outcome)
    second = small_machines.report(hall, job, outcome)

    assert first.status_code == second.status_code == 200
    assert first.get_json() == second.get_json()
    with small_machines.database.read() as session:
        kinds = session.scalars(
            select(PrintJobEvent.kind)
            .where(PrintJobEvent.print_job_id == job)
            .order_by(PrintJobEvent.at, PrintJobEvent.id)
        ).all()
    assert len(kinds) == 3


def test_what_an_outcome_means(machines: Machines) -> None:
    hall = machines.enrolled("agent", "Hall", "a", "b", "c", "d")
    a, b, c, d = (machines.slip(code) for code in "abcd")
    machines.claim(hall)

    machines.report(hall, a, "unknown")
    machines.report(hall, b, "failed", error="Jammed.")
    machines.report(hall, c, "failed", error="Too long.", permanent=True)
    machines.report(hall, d, "printed", copy=True)

    told = [(machines.job(job).state, machines.job(job).copy) for job in (a, b, c, d)]
    assert told == [("queued", True), ("queued", False), ("failed", False), ("printed", True)]
    assert machines.job(b).last_error == "Jammed."
    assert machines.claimed(hall) == [a]


def test_a_slip_that_came_out_after_it_was_given_up_counts_as_printed(
    machines: Machines, clock: time_machine.Traveller
) -> None:
    hall = machines.enrolled("agent", "Hall", "hall")
    job = machines.slip("hall")
    machines.claim(hall)
    clock.shift(timedelta(minutes=20))
    with machines.database.write() as session:
        assert outbox.expire_old(session, present.now()) == 1

    answer = machines.report(hall, job, "printed")

    assert (answer.status_code, machines.job(job).state) == (200, "printed")
    assert machines.claim(hall, job)["drop"] == [job]


def test_a_job_given_up_before_it_was_claimed_cannot_be_reported(
    small_machines: Machines, clock: time_machine.Traveller
) -> None:
    hall = small_machines.enrolled("agent", "Hall", "hall")
    job = small_machines.slip("hall")
    clock.shift(timedelta(minutes=20))
    with small_machines.database.write() as session:
        outbox.expire_old(session, present.now())

    answer = small_machines.report(hall, job, "printed")

    assert (answer.status_code, answer.get_json()["type"]) == (
        409,
        "/problems/not-yours-any-more",
    )
    assert small_machines.job(job).state == "expired"


def test_a_command_is_told_once(small_machines: Machines) -> None:
    hall = small_machines.enrolled("agent", "Hall")
    with small_machines.database.write() as session:
        device = devices.find(session, "hall")
        devices.tell(session, device, "restart", actor=ADMIN, now=present.now())

    assert small_machines.beat(hall).get_json()["commands"] == ["restart"]
    assert small_machines.beat(hall).get_json()["commands"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"wait_s": 26},
        {"wait_s": -1},
        {"wait_s": "long"},
        {"holds": "all"},
        {"holds": ["x" * 37]},
        {"printer": "hall"},
    ],
)
def test_a_bad_claim_is_refused(small_machines: Machines, body: dict[str, Any]) -> None:
    hall = small_machines.enrolled("agent", "Hall", "hall")

    assert small_machines.ask("/print-jobs/claim", body, hall).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        {"time": "yesterday"},
        {"printers": [{"code": "hall", "paper": "plenty"}]},
        {"printers": [{"state": "ready"}]},
        {"printers": [{"code": "hall", "error": "x" * 501}]},
        {"facts": {str(number): number for number in range(41)}},
    ],
)
def test_a_bad_heartbeat_changes_nothing(small_machines: Machines, body: dict[str, Any]) -> None:
    hall = small_machines.enrolled("agent", "Hall", "hall")

    assert small_machines.beat(hall, **body).status_code == 422
    assert small_machines.device("hall").last_seen_at is None
