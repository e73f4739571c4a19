"""A code is good for one machine, for a while, and leaves nothing behind that could be stolen."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select
from tests.program import Program
from tests.queue.devices.hall_devices import ADMIN, Machines

from turnero_core import clock, sealed
from turnero_core.errors import Invalid, NotFound, Unauthorized
from turnero_queue import devices
from turnero_queue.devices import Guesses, KioskSettings, TooManyGuesses
from turnero_queue.models.audit import AuditEntry

REDEEMER = Path(__file__).with_name("redeemer.py")


def asked(machines: Machines, kind: str = "kiosk") -> dict[str, str]:
    answer = machines.town.post("/devices/enrol/requests", {"kind": kind}, token=None)
    assert answer.status_code == 201
    body: dict[str, str] = answer.get_json()
    return body


def collect(machines: Machines, secret: str) -> tuple[int, str]:
    answer = machines.town.post("/devices/enrol/collect", {"secret": secret}, token=None)
    return answer.status_code, (answer.get_json() or {}).get("token", "")


def approve(machines: Machines, code: str, name: str = "Kiosco de la entrada") -> str:
    with machines.database.write() as session:
        return devices.approve(
            session,
            code,
            name=name,
            office_id=machines.town.office("centro").id,
            settings=KioskSettings(services=("rentas",), payment=False),
            actor=ADMIN,
            now=clock.now(),
        ).code


def test_an_invited_machine_gets_its_token_once(machines: Machines) -> None:
    code = machines.invite(name="Kiosco Hall")

    first = machines.enrol(code.lower().replace("-", " "))
    second = machines.enrol(code)

    assert first.status_code == 201
    assert first.get_json()["device"] == {
        "code": "kiosco-hall",
        "name": "Kiosco Hall",
        "kind": "agent",
    }
    assert (second.status_code, second.get_json()["type"]) == (404, "/problems/unknown-code")
    with machines.database.read() as session:
        device = devices.authenticate(session, first.get_json()["token"], clock.now())
    assert (device.version, device.enrolled_at) == ("1.2", clock.now())


def test_a_machine_that_asks_waits_until_its_code_is_approved(machines: Machines) -> None:
    request = asked(machines)
    assert collect(machines, request["secret"]) == (204, "")

    assert approve(machines, request["code"]) == "kiosco-de-la-entrada"

    status, token = collect(machines, request["secret"])
    assert status == 200
    assert collect(machines, request["secret"])[0] == 404
    with machines.database.read() as session:
        device = devices.authenticate(session, token, clock.now())
        assert devices.settings_of(device).services == ("rentas",)
        assert devices.pending(session, clock.now()) == []


def test_what_a_machine_shows_cannot_be_typed_into_another(small_machines: Machines) -> None:
    request = asked(small_machines)

    assert small_machines.enrol(request["code"]).status_code == 404
    assert collect(small_machines, request["code"])[0] == 404
    with pytest.raises(NotFound):
        approve(small_machines, small_machines.invite())


def test_one_code_is_approved_once(small_machines: Machines) -> None:
    request = asked(small_machines)
    approve(small_machines, request["code"])

    with pytest.raises(NotFound):
        approve(small_machines, request["code"], "Another")

    with small_machines.database.read() as session:
        assert [device.name for device in devices.listed(session)] == ["Kiosco de la entrada"]


def test_codes_run_out(small_machines: Machines, clock: time_machine.Traveller) -> None:
    invitation, request = small_machines.invite(), asked(small_machines)

    clock.shift(timedelta(minutes=15))
    with pytest.raises(NotFound):
        approve(small_machines, request["code"])
    assert collect(small_machines, request["secret"])[0] == 404
    clock.shift(timedelta(hours=23, minutes=45))

    assert small_machines.enrol(invitation).status_code == 404
    assert small_machines.device("hall").token_hash is None


def test_an_approved_machine_has_time_to_collect(
    small_machines: Machines, clock: time_machine.Traveller
) -> None:
    request = asked(small_machines)
    clock.shift(timedelta(minutes=14))
    approve(small_machines, request["code"])
    clock.shift(timedelta(minutes=14))

    assert collect(small_machines, request["secret"])[0] == 200


def test_of_two_processes_with_one_code_one_is_let_in(machines: Machines) -> None:
    sealed.use("shared")
    code = machines.invite()
    url = machines.database.url.render_as_string(hide_password=False)
    words = (REDEEMER, url, code, "shared", clock.rfc3339(clock.now()))
    racers = [Program(*words) for _ in range(2)]
    for racer in racers:
        assert racer.stdout
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin
        racer.stdin.write("go\n")
        racer.stdin.flush()
    tokens = [racer.communicate(timeout=60)[0].strip() for racer in racers]

    (won,) = [token for token in tokens if token]
    with machines.database.read() as session:
        assert devices.authenticate(session, won, clock.now()).code == "hall"


def test_no_code_secret_or_token_is_stored(small_machines: Machines) -> None:
    code, request = small_machines.invite(), asked(small_machines)
    token = small_machines.enrol(code, **{"Idempotency-Key": "k1"}).get_json()["token"]
    approve(small_machines, request["code"])
    token_of_kiosk = collect(small_machines, request["secret"])[1]

    stored = repr(small_machines.town.everything())

    for secret in (code, request["code"], request["secret"], token, token_of_kiosk):
        assert secret not in stored
        assert secret.replace("-", "") not in stored


def test_a_repeated_key_does_not_bring_the_token_again(small_machines: Machines) -> None:
    code = small_machines.invite()
    small_machines.enrol(code, **{"Idempotency-Key": "k1"})

    assert small_machines.enrol(code, **{"Idempotency-Key": "k1"}).status_code == 404


def test_guessing_is_stopped(small_machines: Machines) -> None:
    answers = [small_machines.enrol("AAAA-AAAA").status_code for _ in range(12)]

    assert answers == [404] * 10 + [429] * 2


def test_guesses_are_counted_by_address_and_forgotten() -> None:
    guesses = Guesses(most=3, window_s=3600)
    for _ in range(3):
        guesses.count("10.0.0.1")
    with pytest.raises(TooManyGuesses):
        guesses.count("10.0.0.1")
    guesses.count("10.0.0.2")
    guesses.forget("10.0.0.1")
    guesses.count("10.0.0.1")

    for number in range(25):
        guesses.count(f"10.0.1.{number}")
    with pytest.raises(TooManyGuesses):
        guesses.count("10.0.2.1")


def test_codes_can_be_read_aloud(small_machines: Machines) -> None:
    codes = {small_machines.invite(name=f"Machine {number}") for number in range(20)}

    assert len(codes) == 20
    for code in codes:
        assert re.fullmatch(r"[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}", code)


def test_a_device_enrolled_again_leaves_its_old_token_behind(small_machines: Machines) -> None:
    old = small_machines.enrolled("agent", "Hall")
    small_machines.beat(old, instance="first disk")
    small_machines.revoke("hall")
    with small_machines.database.write() as session:
        device = devices.find(session, "hall")
        code = devices.invite_again(session, device, actor=ADMIN, now=clock.now())

    new = small_machines.enrol(code).get_json()["token"]

    assert small_machines.beat(old, instance="first disk").status_code == 401
    assert small_machines.beat(new, instance="second disk").status_code == 200
    assert small_machines.device("hall").revoked_at is None


def test_a_second_invitation_ends_the_first(small_machines: Machines) -> None:
    first = small_machines.invite()
    with small_machines.database.write() as session:
        device = devices.find(session, "hall")
        second = devices.invite_again(session, device, actor=ADMIN, now=clock.now())

    assert small_machines.enrol(first).status_code == 404
    assert small_machines.enrol(second).status_code == 201


def test_devices_of_one_name_have_codes_of_their_own(small_machines: Machines) -> None:
    for _ in range(3):
        small_machines.invite("kiosk", "Kiosco Ñandú")

    with small_machines.database.read() as session:
        codes = [device.code for device in devices.listed(session)]
    assert codes == ["kiosco-nandu", "kiosco-nandu-2", "kiosco-nandu-3"]


def test_the_audit_log_tells_who_let_it_in_and_who_shut_it_out(small_machines: Machines) -> None:
    small_machines.enrolled("agent", "Hall", "hall")
    small_machines.revoke("hall")

    with small_machines.database.read() as session:
        entries = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.subject == "device:hall", AuditEntry.at == clock.now())
            .order_by(AuditEntry.seq.desc())
            .limit(4)
        ).all()
    assert [(entry.actor, entry.action, entry.reason) for entry in reversed(entries)] == [
        (ADMIN, "device.invite", ""),
        ("device:hall", "device.enrol", ""),
        (ADMIN, "device.printers", ""),
        (ADMIN, "device.revoke", "stolen"),
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "toaster"}, "kind"),
        ({"kind": 7}, "kind"),
        ({}, "kind"),
        ({"kind": "kiosk", "version": "v" * 41}, "version"),
        ({"kind": "kiosk", "office": "centro"}, "office"),
    ],
)
def test_a_bad_request_names_its_field(
    small_machines: Machines, body: dict[str, str], field: str
) -> None:
    answer = small_machines.town.post("/devices/enrol/requests", body, token=None)

    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == [field]


def test_kiosk_settings_go_there_and_back() -> None:
    settings = KioskSettings(
        services=("rentas", "caja"),
        languages=("es", "pt"),
        payment=False,
        printer="hall",
        screen_on="07:30",
        screen_off="17:00",
        volume=0,
        extra_offices=("norte",),
    )

    assert KioskSettings.from_dict(settings.to_dict()) == settings
    assert KioskSettings.from_dict({}) == KioskSettings()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("services", "rentas"),
        ("services", [7]),
        ("languages", ["xx"]),
        ("languages", []),
        ("payment", "yes"),
        ("printer", ""),
        ("screen_on", "7:30"),
        ("screen_on", "25:00"),
        ("screen_off", "18:00"),
        ("volume", 101),
        ("volume", True),
        ("extra_offices", None),
        ("colour", "red"),
    ],
)
def test_kiosk_settings_that_cannot_be_used_are_named(key: str, value: object) -> None:
    with pytest.raises(Invalid) as refusal:
        KioskSettings.from_dict({key: value})

    assert list(refusal.value.extra["errors"]) == [key]


def test_the_technicians_code_opens_one_device(small_machines: Machines) -> None:
    for name in ("Hall", "Patio"):
        small_machines.invite("kiosk", name)
    with small_machines.database.write() as session:
        hall, patio = devices.find(session, "hall"), devices.find(session, "patio")
        devices.set_technician_code(session, hall, "4711", actor=ADMIN, now=clock.now())
        with pytest.raises(Invalid):
            devices.set_technician_code(session, hall, "47", actor=ADMIN, now=clock.now())

        assert devices.is_technician(hall, " 4711 ")
        assert not devices.is_technician(hall, "4712")
        assert not devices.is_technician(patio, "4711")
        assert not devices.is_technician(patio, "")


def test_an_unknown_token_is_nobodys(small_machines: Machines) -> None:
    with small_machines.database.read() as session, pytest.raises(Unauthorized):
        devices.authenticate(session, devices.PREFIX + "nonsense", clock.now())
