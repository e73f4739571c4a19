"""The supervisor's pages: what they show to whom, and what may be done from there."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from tests.admin import machines
from tests.admin.cityhall import Browser, CityHall

from turnero_queue import catalogue
from turnero_queue.models import AuditEntry, Office

HERE = "/admin/supervision/centro"


@pytest.fixture
def carla(hall: CityHall) -> Browser:
    """The supervisor of the centre, and of nothing else."""
    machines.hire(hall, "carla", "supervisor", "centro")
    return hall.clerk("carla")


def send(browser: Browser, path: str, **data: object) -> tuple[int, str]:
    answer = browser.post(f"{HERE}{path}", data)
    return answer.status_code, answer.text


def audited(hall: CityHall) -> list[tuple[str, str]]:
    with hall.database.read() as session:
        rows = session.execute(select(AuditEntry.action, AuditEntry.reason))
        return [(row.action, row.reason) for row in rows]


def refuses(browser: Browser, path: str, status: int, **data: object) -> None:
    """The action is refused, its page says why, and the live page is not reached."""
    found, page = send(browser, path, **data)
    assert found == status, page
    assert 'class="notice notice--danger"' in page


def test_only_the_offices_supervisor_looks_and_acts(hall: CityHall, carla: Browser) -> None:
    ticket = hall.take_turn(office="norte")
    paths = ("", "/now", "/desks/1", "/message", "/services/rentas", f"/tickets/{ticket}")
    for path in paths:
        assert carla.get(f"/admin/supervision/norte{path}").status_code == 403
        assert hall.clerk("ana").get(f"{HERE}{path}").status_code == 403
    for path in ("/desks/1/open", "/message", "/services/rentas/pause"):
        answer = carla.post(f"/admin/supervision/norte{path}", {"reason": "x", "how": "hand"})
        assert answer.status_code == 403
    # A turn of the north is not found under the centre's address either.
    assert carla.get(f"{HERE}/tickets/{ticket}").status_code == 404
    assert send(carla, f"/tickets/{ticket}/transfer", reason="x", service="rentas")[0] == 404
    city = carla.get("/admin/supervision").text
    assert 'data-office="centro"' in city
    assert "norte" not in city
    assert hall.ticket(ticket).state == "waiting"


def test_the_live_page_says_who_waits_how_long_and_what_is_wrong(
    hall: CityHall, carla: Browser, clock: time_machine.Traveller
) -> None:
    first = hall.take_turn("rentas")
    hall.take_turn("rentas", "preferential")
    clock.shift(timedelta(minutes=25))
    hall.clerk("ana").at_desk("open", "centro/4")
    page = carla.get(HERE).text
    part = carla.get(f"{HERE}/now").text
    assert part.strip() in page
    codes = re.findall(r'data-code="(\w+)" data-level="(\w+)"', part)
    assert codes == [("R002", "over"), ("R001", "over")]
    assert "5 min over target" in part
    assert "counts as" in part
    assert re.search(r'data-desk="4" data-doing="idle"', part)
    assert "No open desk attends" in part
    assert part.index("No open desk attends") < part.index('data-code="R002"')
    assert hall.code(first) == "R001"


def test_desks_are_opened_paused_and_closed_with_reasons(hall: CityHall, carla: Browser) -> None:
    assert send(carla, "/desks/1/open")[0] == 303
    refuses(carla, "/desks/1/pause", 422, reason="  ")
    assert send(carla, "/desks/1/pause", reason="Lunch")[0] == 303
    assert "Lunch" in carla.get(f"{HERE}/now").text
    send(carla, "/desks/1/open")
    person = hall.take_turn("rentas")
    hall.clerk("ana").at_desk("next")
    refuses(carla, "/desks/1/close", 409, reason="End of the day")
    assert hall.ticket(person).state == "called"
    assert [event.status for event in hall.desk_events()] == ["open", "paused", "open"]
    assert {event.actor for event in hall.desk_events()} == {"staff:carla"}


def test_a_desk_closed_before_today_says_since_which_day(
    hall: CityHall, carla: Browser, clock: time_machine.Traveller
) -> None:
    send(carla, "/desks/1/open")
    send(carla, "/desks/1/close", reason="End of the day")
    said = []
    for _ in range(3):
        page = carla.get(f"{HERE}/now").text
        row = page[page.index('data-desk="1"') :]
        said.append(re.search(r"<span>([^<]*)</span>\s*</span>", row)[1])  # type: ignore[index]
        clock.shift(timedelta(days=1))
        carla.sign_in("carla")
    assert said == ["since 09:05", "since yesterday", "since Mar 2"]


def test_a_desk_attends_more_or_less_and_people_left_are_named_first(
    hall: CityHall, carla: Browser
) -> None:
    send(carla, "/desks/4/open")
    ticket = hall.take_turn("catastro")
    assert "Sign out" in carla.get(f"{HERE}/desks/4").text
    wanted = {"services": ["rentas"], "how": "good", "late": "5", "reason": "A long queue"}
    status, page = send(carla, "/desks/4/services", **wanted)
    assert status == 409
    assert hall.code(ticket) in page
    assert 'name="confirmed"' in page
    refuses(carla, "/desks/4/services", 422, **{**wanted, "late": "many"})
    refuses(carla, "/desks/4/services", 422, **{**wanted, "reason": "", "confirmed": "1"})
    assert send(carla, "/desks/4/services", **wanted, confirmed="1")[0] == 303
    with hall.database.read() as session:
        desk = catalogue.current(session).office("centro").desk("4")
        assert list(desk.handicaps.values()) == [timedelta(minutes=5)]
    assert ("desk.attends", "A long queue") in audited(hall)
    refuses(carla, "/desks/4/services", 409, **wanted)


def test_people_are_moved_called_and_counted_otherwise_with_a_reason(
    hall: CityHall, carla: Browser
) -> None:
    first, second = hall.take_turn("rentas"), hall.take_turn("rentas")
    third = hall.take_turn("rentas")
    refuses(carla, f"/tickets/{first}/transfer", 422, service="catastro")
    refuses(carla, f"/tickets/{first}/transfer", 422, reason="Wrong counter")
    assert hall.ticket(first).state == "waiting"
    came = hall.ticket(first).issued_at
    answer = send(carla, f"/tickets/{first}/transfer", service="catastro", reason="Wrong counter")
    assert answer[0] == 303
    assert hall.ticket(first).issued_at == came
    assert hall.events(first)[-1].reason == "Wrong counter"
    refuses(carla, f"/tickets/{second}/call", 422, desk="1")
    assert send(carla, f"/tickets/{second}/call", desk="1", reason="Feels unwell")[0] == 303
    refuses(carla, f"/tickets/{third}/call", 409, desk="1", reason="In a hurry")
    asked = {"priority": "preferential", "reason": "Is pregnant"}
    assert send(carla, f"/tickets/{third}/priority", **asked)[0] == 303
    refuses(carla, f"/tickets/{third}/priority", 409, **asked)
    assert list(hall.states().values()) == ["waiting", "called", "waiting"]
    assert {
        ("ticket.transfer", "Wrong counter"),
        ("ticket.call-out-of-order", "Feels unwell"),
        ("ticket.priority", "Is pregnant"),
    } <= set(audited(hall))


def test_a_paused_service_is_refused_at_the_kiosk_kindly_until_its_hour(
    hall: CityHall, carla: Browser, clock: time_machine.Traveller
) -> None:
    ticket = hall.ticket(hall.take_turn("rentas"))
    kiosk = hall.browser()
    sheet = kiosk.get("/kiosk/centro/service/rentas?lang=en").text
    form = dict(re.findall(r'name="(csrf_token|key)" value="([^"]+)"', sheet))
    taken = {**form, "service": "rentas", "priority": "standard", "how": "phone"}
    refuses(carla, "/services/rentas/pause", 422, how="hour", until="08:00", reason="No system")
    refuses(carla, "/services/rentas/pause", 422, how="hour", until="soon", reason="No system")
    refuses(carla, "/services/rentas/pause", 422, how="hand", reason="")
    wanted = {"how": "hour", "until": "10:30", "reason": "No system"}
    assert send(carla, "/services/rentas/pause", **wanted)[0] == 303
    refused = kiosk.post("/kiosk/centro/turn", taken, token=form["csrf_token"])
    assert refused.status_code == 409
    assert "This service is paused" in refused.text
    assert "It goes on at 10:30." in refused.text
    assert "come back at 10:30" in kiosk.get("/kiosk/centro/tiles?category=tributos").text
    assert "It goes on at 10:30." in kiosk.get("/kiosk/centro/service/rentas/pause").text
    assert "Yours stays valid" in kiosk.get(f"/t/{ticket.public_token}?lang=en").text
    clock.shift(timedelta(hours=2))
    assert kiosk.get("/kiosk/centro/service/rentas/pause").text.strip() == ""
    assert kiosk.post("/kiosk/centro/turn", taken, token=form["csrf_token"]).status_code == 303
    refuses(carla, "/services/rentas/resume", 409)


def test_words_to_the_hall_are_text_and_go_at_their_hour(
    hall: CityHall, carla: Browser, clock: time_machine.Traveller
) -> None:
    said = "<script>alert(1)</script> & hola"
    refuses(carla, "/message", 422, **{"text-es": "", "until": "10:00"})
    refuses(carla, "/message", 422, **{"text-es": "Hola", "until": "08:59"})
    sent = send(carla, "/message", **{"text-es": said, "text-en": "Hello", "until": "10:00"})
    assert sent[0] == 303
    shown = hall.browser().get("/hall/centro").text
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert" not in shown + carla.get(HERE).text
    assert send(carla, "/message/remove")[0] == 303
    assert hall.browser().get("/hall/centro/message").text.strip() == ""
    refuses(carla, "/message/remove", 409)
    send(carla, "/message", **{"text-es": said, "text-en": "Hello", "until": "10:00"})
    assert 'lang="en"' in hall.browser().get("/hall/centro/message").text
    assert "data-message" not in hall.browser().get("/hall/norte/message").text
    clock.shift(timedelta(hours=1))
    assert hall.browser().get("/hall/centro/message").text.strip() == ""


def test_the_city_is_one_table_that_can_be_sorted_and_a_map_of_the_same(hall: CityHall) -> None:
    machines.hire(hall)
    elena = hall.clerk("elena")
    for _ in range(3):
        hall.take_turn(office="norte")
    page = elena.get("/admin/supervision").text
    assert elena.get("/admin/supervision/-/now").text.strip() in page
    offices = re.findall(r'data-office="(\w+)"', page)
    assert (offices[0], len(offices)) == ("norte", 3)
    others = elena.get("/admin/supervision?sort=waiting&way=other").text
    assert re.findall(r'data-office="(\w+)"', others)[-1] == "norte"
    assert 'aria-sort="ascending"' in others
    assert page.count("<circle") == 6
    assert "Look at it soon, 3 waiting" in page
    assert "style=" not in page[page.index('<svg class="sup__map') :]
    with hall.database.write() as session:
        north = session.scalars(select(Office).where(Office.code == "norte")).one()
        north.latitude = north.longitude = None
        catalogue.bump_version(session)
    page = elena.get("/admin/supervision").text
    assert page.count("<circle") == 4
    assert "Without a place on the map" in page
