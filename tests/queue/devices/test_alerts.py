"""Alerts: each raised once and cleared once, told by mail and by a webhook, whatever happens."""

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from tests.queue.devices.hall_devices import Machines
from tests.queue.devices.receiver import Receiver

from turnero_core import clock as clocks
from turnero_hardware.models import Printer
from turnero_hardware.status import Paper
from turnero_queue import models, rules
from turnero_queue.devices import alert_hook, alerts
from turnero_queue.models.device_alerts import DeviceAlert
from turnero_queue.models.notices import Notice


def review(machines: Machines) -> int:
    with machines.database.write() as session:
        return alerts.review(session, clocks.now())


def paper(machines: Machines, code: str, state: Paper) -> None:
    with machines.database.write() as session:
        printer = session.scalars(select(Printer).where(Printer.code == code)).one()
        printer.paper = state


def set_rules(machines: Machines, **values: Any) -> None:
    assert rules.problems(values) == {}
    with machines.database.write() as session:
        municipality = session.get_one(models.Municipality, 1)
        municipality.rules = {**municipality.rules, **values}


def all_alerts(machines: Machines) -> list[DeviceAlert]:
    with machines.database.read() as session:
        return list(session.scalars(select(DeviceAlert).order_by(DeviceAlert.raised_at)))


def tell(machines: Machines) -> int:
    return alert_hook.tell(machines.database, alert_hook.post)


def test_paper_that_ends_is_one_alert_until_it_is_changed(
    machines: Machines, clock: time_machine.Traveller
) -> None:
    machines.printer("entrada")
    machines.printer("caja")
    paper(machines, "caja", Paper.OK)
    assert review(machines) == 0
    paper(machines, "entrada", Paper.OUT)
    assert [review(machines), review(machines), review(machines)] == [1, 0, 0]
    [alert] = all_alerts(machines)
    assert (alert.code, alert.slug, alert.cleared_at) == ("entrada", "paper-out", None)
    clock.shift(timedelta(minutes=5))
    paper(machines, "entrada", Paper.OK)
    assert [review(machines), review(machines)] == [1, 0]
    [alert] = all_alerts(machines)
    assert alert.cleared_at == clocks.now()
    # The next time is another alert.
    paper(machines, "entrada", Paper.OUT)
    assert review(machines) == 1
    assert len(all_alerts(machines)) == 2


def test_silence_and_a_long_line_are_alerts_of_their_own(
    small_machines: Machines, clock: time_machine.Traveller
) -> None:
    machines = small_machines
    set_rules(machines, device_offline_after_minutes=2, print_jobs_waiting_alert=3)
    token = machines.enrolled("agent", "Hall", "entrada")
    machines.ask("/devices/heartbeat", {"version": "1"}, token)
    assert review(machines) == 0
    for _ in range(3):
        machines.slip("entrada")
    assert review(machines) == 1
    clock.shift(timedelta(minutes=3))
    assert review(machines) == 2
    assert {alert.slug for alert in all_alerts(machines)} == {
        "jobs-waiting",
        "offline",
        "agent-offline",
    }
    machines.ask("/devices/heartbeat", {"version": "1"}, token)
    assert review(machines) == 2


def test_a_machine_that_is_taken_out_of_service_ails_no_more(
    small_machines: Machines, clock: time_machine.Traveller
) -> None:
    token = small_machines.enrolled("agent", "Hall")
    small_machines.ask("/devices/heartbeat", {"version": "1"}, token)
    clock.shift(timedelta(minutes=10))
    assert review(small_machines) == 1
    small_machines.revoke("hall")
    assert review(small_machines) == 1
    assert all(alert.cleared_at for alert in all_alerts(small_machines))


def test_those_on_duty_get_a_mail_at_the_beginning_and_one_at_the_end(
    small_machines: Machines,
) -> None:
    machines = small_machines
    set_rules(machines, device_alert_email="marta@sanmartin.example soporte@sanmartin.example")
    machines.printer("entrada")
    paper(machines, "entrada", Paper.OUT)
    review(machines)
    review(machines)
    paper(machines, "entrada", Paper.OK)
    review(machines)
    with machines.database.read() as session:
        sent = list(session.scalars(select(Notice)))
    assert {notice.kind for notice in sent} == {"device-alert"}
    assert sorted(str(notice.address) for notice in sent) == [
        "marta@sanmartin.example",
        "marta@sanmartin.example",
        "soporte@sanmartin.example",
        "soporte@sanmartin.example",
    ]


def test_nobody_is_told_where_nobody_was_named(small_machines: Machines) -> None:
    small_machines.printer("entrada")
    paper(small_machines, "entrada", Paper.OUT)
    review(small_machines)
    with small_machines.database.read() as session:
        assert list(session.scalars(select(Notice))) == []
    assert tell(small_machines) == 0


def test_the_webhook_is_told_of_beginning_and_end_with_a_signature(
    small_machines: Machines,
) -> None:
    machines = small_machines
    machines.printer("entrada")
    with Receiver() as receiver:
        set_rules(machines, device_alert_webhook=receiver.url)
        paper(machines, "entrada", Paper.OUT)
        review(machines)
        assert [tell(machines), tell(machines)] == [1, 0]
        paper(machines, "entrada", Paper.OK)
        review(machines)
        assert [tell(machines), tell(machines)] == [1, 0]
    events = [json.loads(body) for body, _ in receiver.told]
    assert [event["event"] for event in events] == ["device-alert.raised", "device-alert.cleared"]
    assert (events[0]["device"], events[0]["problem"]) == ("entrada", "paper-out")
    assert events[0]["id"] != events[1]["id"]
    for body, signature in receiver.told:
        made = hmac.new(alert_hook.key().encode(), body, hashlib.sha256).hexdigest()
        assert signature == f"sha256={made}"


@pytest.mark.parametrize("status", [500, 404, 302])
def test_a_receiver_that_does_not_take_it_is_told_again_later_and_later(
    small_machines: Machines, clock: time_machine.Traveller, status: int
) -> None:
    machines = small_machines
    machines.printer("entrada")
    with Receiver(status=status) as receiver:
        set_rules(machines, device_alert_webhook=receiver.url)
        paper(machines, "entrada", Paper.OUT)
        review(machines)
        for wait in (0, 5, 6, 5, 16):
            clock.shift(timedelta(seconds=wait))
            assert tell(machines) == 0
        assert len(receiver.told) == 3
        # It is over before the receiver ever took its beginning: both are told, in order.
        paper(machines, "entrada", Paper.OK)
        review(machines)
        receiver.status = 200
        receiver.told.clear()
        assert [tell(machines), tell(machines)] == [1, 1]
    assert [json.loads(body)["event"] for body, _ in receiver.told] == [
        "device-alert.raised",
        "device-alert.cleared",
    ]


def test_after_a_day_a_receiver_that_is_gone_is_given_up(
    small_machines: Machines, clock: time_machine.Traveller
) -> None:
    machines = small_machines
    machines.printer("entrada")
    set_rules(machines, device_alert_webhook="http://127.0.0.1:1/nobody")
    paper(machines, "entrada", Paper.OUT)
    review(machines)
    assert tell(machines) == 0
    clock.shift(timedelta(hours=25))
    assert tell(machines) == 0
    [alert] = all_alerts(machines)
    assert alert.hook_step == 1


def test_old_alerts_are_forgotten(small_machines: Machines, clock: time_machine.Traveller) -> None:
    machines = small_machines
    machines.printer("entrada")
    machines.printer("caja")
    for code in ("entrada", "caja"):
        paper(machines, code, Paper.OUT)
    review(machines)
    paper(machines, "caja", Paper.OK)
    review(machines)
    clock.shift(timedelta(days=91))
    with machines.database.write() as session:
        assert alerts.purge(session, clocks.now()) == 1
    assert [alert.code for alert in all_alerts(machines)] == ["entrada"]


@pytest.mark.parametrize(
    "values",
    [
        {"device_alert_email": "marta"},
        {"device_alert_email": "a@b.example,c@d.example\nBcc: x@y.example"},
        {"device_alert_email": 3},
        {"device_alert_webhook": "ftp://example.org"},
        {"device_alert_webhook": "javascript:alert(1)"},
        {"device_alert_webhook": "https://"},
        {"kiosks_must_be_enrolled": True},
    ],
)
def test_rules_that_cannot_be_used_are_refused(values: dict[str, Any]) -> None:
    assert set(rules.problems(values)) == set(values)
