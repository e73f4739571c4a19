"""A kiosk that was set up: who it is, what it offers, what it reads, and who may open its menu."""

from datetime import timedelta

import time_machine
from sqlalchemy import select, text
from tests.kiosk.lobby import Kiosk, Lobby
from werkzeug.test import TestResponse

from turnero_core import clock as clocks
from turnero_hardware.models import PrintJob
from turnero_kiosk import technician
from turnero_kiosk.heartbeats import HEADER, changes_of
from turnero_queue import devices, models
from turnero_queue.devices import KioskSettings
from turnero_queue.models.devices import Device, DeviceEnrolment

ROSA = "00125559991@QUISPE@ROSA INES@F@28765457@A@17/01/1974@28/12/2012"


def enrol(
    lobby: Lobby,
    settings: KioskSettings | None = None,
    *,
    office: str | None = "centro",
    kind: str = "kiosk",
    name: str = "Entrada",
) -> str:
    """A machine that was let in; its token."""
    now = clocks.now()
    with lobby.database.write() as session:
        place = session.scalar(select(models.Office.id).where(models.Office.code == office))
        code = devices.invite(
            session, kind, name=name, office_id=place, settings=settings, actor="test", now=now
        )
        return devices.redeem(session, code, now)[1]


def at(lobby: Lobby, token: str) -> Kiosk:
    kiosk = lobby.kiosk()
    kiosk.client.set_cookie("turnero_device", token, path="/kiosk")
    return kiosk


def post(kiosk: Kiosk, path: str, **data: str) -> TestResponse:
    """Send a form of the machine's own pages."""
    page = kiosk.client.get("/kiosk/-/setup").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    return kiosk.client.post(f"/kiosk/{path}", data={"csrf_token": token, **data})


def device(lobby: Lobby, code: str = "entrada") -> Device:
    with lobby.database.read() as session:
        return devices.find(session, code)


def revoke(lobby: Lobby) -> None:
    with lobby.database.write() as session:
        found = devices.find(session, "entrada")
        devices.revoke(session, found, actor="test", now=clocks.now())


def scan(kiosk: Kiosk, typed: str) -> str:
    kiosk.get()
    answer = post(kiosk, f"{kiosk.office}/scan", text=typed)
    return kiosk.client.get(answer.location).text if answer.location else answer.text


def everything_stored(lobby: Lobby) -> str:
    """Every value of every table, as one text."""
    with lobby.database.read() as session:
        tables = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        return str([session.execute(text(f'SELECT * FROM "{one}"')).all() for one in tables])  # noqa: S608


# Setting up


def test_the_token_is_handed_to_the_machine_that_asked_and_only_once(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()
    page = kiosk.client.get(post(kiosk, "-/setup").location).text
    [code] = [word for word in page.replace("<", " ").replace(">", " ").split() if _is_code(word)]
    assert post(kiosk, "-/setup/collect").status_code == 202
    with lobby.database.write() as session:
        devices.approve(
            session, code, name="Entrada", office_id=None, actor="test", now=clocks.now()
        )

    stranger = lobby.kiosk()
    assert post(stranger, "-/setup/collect").status_code == 410
    answer = post(kiosk, "-/setup/collect")
    cookie = answer.headers["Set-Cookie"]
    assert answer.status_code == 200
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert post(kiosk, "-/setup/collect").status_code == 410
    # No page that the machine shows holds its token.
    token = cookie.partition("=")[2].partition(";")[0]
    assert token not in kiosk.client.get("/kiosk", follow_redirects=True).text


def _is_code(word: str) -> bool:
    return len(word) == 9 and word[4] == "-" and word.replace("-", "").isalnum() and word.isupper()


def test_a_code_that_ran_out_says_so(lobby: Lobby, clock: time_machine.Traveller) -> None:
    kiosk = lobby.kiosk()
    post(kiosk, "-/setup")
    clock.shift(timedelta(minutes=16))
    assert post(kiosk, "-/setup/collect").status_code == 410


def test_a_sheets_code_sets_a_kiosk_up_but_nothing_else(lobby: Lobby) -> None:
    with lobby.database.write() as session:
        make = {"office_id": None, "actor": "test", "now": clocks.now()}
        kiosk_code = devices.invite(session, "kiosk", name="Entrada", **make)
        agent_code = devices.invite(session, "agent", name="Agente", **make)
    kiosk = lobby.kiosk()
    wrong = post(kiosk, "-/setup/redeem", code=agent_code)
    assert wrong.status_code == 401
    assert "Set-Cookie" not in wrong.headers or "turnero_device" not in wrong.headers["Set-Cookie"]
    # What was refused has not used the code up.
    with lobby.database.write() as session:
        devices.redeem(session, agent_code, clocks.now())
    right = post(kiosk, "-/setup/redeem", code=kiosk_code.lower())
    assert right.status_code == 303
    assert kiosk.client.get("/kiosk", follow_redirects=True).status_code == 200


def test_asking_for_codes_again_and_again_is_slowed_down(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()
    kiosk.client.environ_base["REMOTE_ADDR"] = "192.0.2.77"
    answers = [post(kiosk, "-/setup").status_code for _ in range(11)]
    assert answers == [303] * 10 + [429]
    with lobby.database.read() as session:
        assert len(list(session.scalars(select(DeviceEnrolment)))) == 10


# What it offers


def test_it_opens_its_office_by_itself_and_no_other(lobby: Lobby) -> None:
    kiosk = at(lobby, enrol(lobby))
    assert kiosk.client.get("/kiosk").location == "/kiosk/centro"
    assert kiosk.client.get("/kiosk/norte").location == "/kiosk/centro"
    assert post(kiosk, "norte/turn").status_code == 404


def test_it_gives_turns_for_other_offices_when_told_to(lobby: Lobby) -> None:
    kiosk = at(lobby, enrol(lobby, KioskSettings(extra_offices=("norte",))))
    assert kiosk.client.get("/kiosk/norte").status_code == 200


def test_it_offers_its_services_only_and_refuses_the_others(lobby: Lobby) -> None:
    kiosk = at(lobby, enrol(lobby, KioskSettings(services=("rentas", "cuotas"))))
    form = kiosk.form("rentas")
    page = kiosk.get("/choose").text
    assert page.count('class="tile"') == 2
    assert kiosk.get("/service/licencia").status_code == 409
    assert kiosk.send({**form, "service": "licencia"}).status_code == 409
    assert lobby.tickets() == []
    assert kiosk.take("rentas")


def test_the_wait_counts_everybody_whatever_this_machine_offers(lobby: Lobby) -> None:
    lobby.kiosk().take("licencia")
    kiosk = at(lobby, enrol(lobby, KioskSettings(services=("rentas",))))
    assert kiosk.get("/now").status_code == 200
    kiosk.take("rentas")
    assert len(lobby.tickets()) == 2


def test_it_speaks_its_languages_only(lobby: Lobby) -> None:
    kiosk = at(lobby, enrol(lobby, KioskSettings(languages=("en",))))
    page = kiosk.get().text
    assert 'lang="en"' in page
    assert 'lang="pt"' not in page
    assert '<html lang="en"' in page


def test_it_prints_where_it_was_told_to(lobby: Lobby) -> None:
    lobby.add_printer("caja")
    at(lobby, enrol(lobby, KioskSettings(printer="entrada"))).take()
    at(lobby, enrol(lobby, KioskSettings(printer="caja"), name="Otra")).take()
    with lobby.database.read() as session:
        printers = {job.printer_id for job in session.scalars(select(PrintJob))}
    assert len(printers) == 2


def test_what_it_does_not_offer_is_refused_by_its_address_too(lobby: Lobby) -> None:
    kiosk = at(lobby, enrol(lobby, KioskSettings(appointments=False)))
    open_to_all = lobby.kiosk()
    rules = [
        rule.rule.replace("<office>", "centro")
        for rule in lobby.app.url_map.iter_rules()
        if rule.endpoint.startswith("kiosk_arriving.")
        and rule.arguments == {"office"}
        and "GET" in (rule.methods or ())
    ]
    assert rules
    for path in rules:
        assert open_to_all.client.get(path).status_code != 404
        assert kiosk.client.get(path).status_code == 404


def test_a_revoked_machine_is_out_of_service_at_its_next_touch(lobby: Lobby) -> None:
    kiosk = at(lobby, enrol(lobby))
    form = kiosk.form("rentas")
    revoke(lobby)
    assert kiosk.send(form).status_code == 403
    assert kiosk.get().status_code == 403
    assert kiosk.client.get("/kiosk").status_code == 403
    assert lobby.tickets() == []


def test_the_token_of_another_kind_of_device_opens_no_kiosk(lobby: Lobby) -> None:
    kiosk = at(lobby, enrol(lobby, kind="agent"))
    assert kiosk.get().status_code == 403


def test_the_rule_keeps_browsers_that_were_not_set_up_away(
    clock: time_machine.Traveller, lobby: Lobby
) -> None:
    assert lobby.kiosk().get().status_code == 200
    with lobby.database.write() as session:
        office = session.scalars(select(models.Office).where(models.Office.code == "centro")).one()
        office.rules = {"kiosks_must_be_enrolled": 1}
        session.get_one(models.Municipality, 1).config_version += 1
    assert lobby.kiosk().get().location == "/kiosk/-/setup"
    assert lobby.kiosk("norte").get().status_code == 200
    assert at(lobby, enrol(lobby)).get().status_code == 200


# Heartbeats


def test_a_heartbeat_tells_and_is_told(lobby: Lobby) -> None:
    kiosk = at(lobby, enrol(lobby))
    with lobby.database.write() as session:
        found = devices.find(session, "entrada")
        devices.tell(session, found, "reload", actor="test", now=clocks.now())
    told = {"version": "1.2", "errors": 3, "connection": "online", "secret": "no", "width": 1080}
    answer = kiosk.client.post("/kiosk/-/beat", json=told, headers={HEADER: "1"})
    assert answer.json is not None
    assert (answer.json["state"], answer.json["commands"]) == ("ok", ["reload"])
    again = kiosk.client.post("/kiosk/-/beat", json=told, headers={HEADER: "1"})
    assert again.json is not None
    assert again.json["commands"] == []
    kept = device(lobby)
    assert kept.last_seen_at == clocks.now()
    assert kept.version == "1.2"
    assert (kept.facts["errors"], "secret" in kept.facts) == (3, False)


def test_a_heartbeat_that_says_nonsense_still_counts(
    lobby: Lobby, clock: time_machine.Traveller
) -> None:
    kiosk = at(lobby, enrol(lobby))
    headers = {HEADER: "1", "Content-Type": "application/json"}
    for body in (b"", b"[]", b"{{{", b'"x"', b'{"errors": {"a": 1}}', b"\xff"):
        clock.shift(timedelta(seconds=15))
        answer = kiosk.client.post("/kiosk/-/beat", data=body, headers=headers)
        assert answer.status_code == 200, body
        assert device(lobby).last_seen_at == clocks.now(), body


def test_a_heartbeat_needs_the_cookie_and_the_header(lobby: Lobby) -> None:
    kiosk = at(lobby, enrol(lobby))
    assert kiosk.client.post("/kiosk/-/beat", json={}).status_code == 403
    assert lobby.kiosk().client.post("/kiosk/-/beat", headers={HEADER: "1"}).status_code == 403
    assert lobby.kiosk().client.get("/kiosk/-/live").status_code == 401
    revoke(lobby)
    answer = kiosk.client.post("/kiosk/-/beat", json={}, headers={HEADER: "1"})
    assert (answer.status_code, answer.json) == (403, {"state": "revoked"})


def test_a_kiosk_hears_of_its_own_changes_only(lobby: Lobby) -> None:
    enrol(lobby)
    enrol(lobby, name="Otra")
    hub = lobby.app.extensions["turnero"].hub
    before = hub.streams
    stream = changes_of(lobby.database, hub, device(lobby).id)
    assert b"event: machine" in next(stream)
    for code in ("otra", "entrada"):
        with lobby.database.write() as session:
            found = devices.find(session, code)
            devices.revoke(session, found, actor="test", now=clocks.now())
    # The first that is heard is the change of this one, for the other's was passed over.
    assert next(stream).startswith(b"id: 1\n")
    stream.close()
    assert hub.streams == before


# The reader


def test_a_document_is_used_after_a_yes_and_forgotten_with_the_visit(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()
    page = scan(kiosk, ROSA)
    assert "28765457" in page
    assert "ROSA INES" in page
    answered = post(kiosk, "centro/scan/person", use="yes")
    assert answered.location == "/kiosk/centro/choose"
    with kiosk.client.session_transaction() as session:
        assert session["kiosk"]["agreed"]
        assert "28765457" not in str(dict(session))
    kiosk.get()
    with kiosk.client.session_transaction() as session:
        assert set(session["kiosk"]) == {"visit"}
    assert kiosk.client.get("/kiosk/centro/scan/person").location == "/kiosk/centro"


def test_a_no_forgets_it_at_once(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()
    scan(kiosk, ROSA)
    post(kiosk, "centro/scan/person", use="no")
    with kiosk.client.session_transaction() as session:
        assert session["kiosk"].get("agreed") is None
        assert session["kiosk"].get("proposed") is None


def test_nothing_of_a_document_reaches_the_database(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()
    scan(kiosk, ROSA)
    post(kiosk, "centro/scan/person", use="yes")
    kiosk.send(kiosk.form("rentas"))
    stored = everything_stored(lobby)
    assert "R" in stored
    for word in ("28765457", "QUISPE", "ROSA INES", "1974"):
        assert word not in stored


def test_the_qr_of_a_slip_opens_its_turn(lobby: Lobby) -> None:
    token = lobby.kiosk().take()
    page = scan(lobby.kiosk(), f"http://localhost/t/{token}")
    assert "R001" in page


def test_a_turn_of_another_office_is_not_shown_here(lobby: Lobby) -> None:
    token = lobby.kiosk("norte").take()
    page = scan(lobby.kiosk(), f"http://localhost/t/{token}")
    assert "R001" not in page
    assert 'data-screen="unread"' in page


def test_what_cannot_be_read_is_said_kindly_and_changes_nothing(lobby: Lobby) -> None:
    foreign = "https://example.org/t/abcdef"
    for typed in ("", "x" * 10_000, "\0\1\2", foreign, ROSA[:40], "' OR 1=1 --"):
        page = scan(lobby.kiosk(), typed)
        assert 'data-screen="unread"' in page, typed[:40]
    assert lobby.tickets() == []


# The technician


def with_code(lobby: Lobby) -> Kiosk:
    kiosk = at(lobby, enrol(lobby))
    with lobby.database.write() as session:
        found = devices.find(session, "entrada")
        devices.set_technician_code(session, found, "4711", actor="test", now=clocks.now())
    return kiosk


def enter(kiosk: Kiosk, code: str) -> int:
    kiosk.get()
    return post(kiosk, "centro/technician", code=code).status_code


def test_without_the_code_no_test_can_be_done(lobby: Lobby) -> None:
    kiosk = with_code(lobby)
    kiosk.get()
    for tool in technician.TOOLS:
        assert kiosk.get(f"/technician/{tool}").status_code == 403
    for path in ("printer", "scanner", "restart"):
        assert post(kiosk, f"centro/technician/{path}").status_code == 403
    assert lobby.jobs() == []


def test_the_right_code_opens_every_test_until_the_screen_starts_again(lobby: Lobby) -> None:
    kiosk = with_code(lobby)
    assert enter(kiosk, "4711") == 303
    for tool in technician.TOOLS:
        assert kiosk.get(f"/technician/{tool}").status_code == 200
    assert post(kiosk, "centro/technician/printer").status_code == 303
    [job] = lobby.jobs()
    assert job.kind == "test"
    kiosk.get()
    assert kiosk.get("/technician/printer").status_code == 403


def test_it_closes_by_itself_after_a_while(lobby: Lobby, clock: time_machine.Traveller) -> None:
    kiosk = with_code(lobby)
    enter(kiosk, "4711")
    clock.shift(timedelta(minutes=11))
    assert kiosk.get("/technician/versions").status_code == 403


def test_guessing_is_slowed_down_even_for_the_right_code(lobby: Lobby) -> None:
    kiosk = with_code(lobby)
    assert [enter(kiosk, "0000") for _ in range(6)] == [403] * 5 + [429]
    assert enter(kiosk, "4711") == 429


def test_a_machine_without_a_code_has_no_menu_to_open(lobby: Lobby) -> None:
    kiosk = at(lobby, enrol(lobby))
    assert enter(kiosk, "") == 403
    assert lobby.kiosk().get("/technician").status_code == 200
    assert lobby.kiosk().get("/technician/printer").status_code == 403
