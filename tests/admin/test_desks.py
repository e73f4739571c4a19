"""Choosing a desk, who may, and what becomes of the desk itself."""

import pytest
from tests.admin.cityhall import CityHall


def statuses(hall: CityHall, desk: str = "1") -> list[tuple[str, str, str | None]]:
    return [(event.status, event.actor, event.reason) for event in hall.desk_events(desk=desk)]


def test_taking_a_desk_opens_it_and_leads_to_its_console(hall: CityHall) -> None:
    ana = hall.clerk()
    answer = ana.post("/console/centro/1/take", token=ana.token("/console"))
    assert (answer.status_code, answer.location) == (303, "/console/centro/1")
    assert statuses(hall) == [("open", "staff:ana", None)]
    assert statuses(hall, "2") == []


def test_the_choice_says_who_is_at_a_desk_and_how_many_wait(hall: CityHall) -> None:
    hall.take_turn("rentas")
    ana, bruno = hall.clerk(), hall.clerk("bruno")
    ana.post("/console/centro/1/take", token=ana.token("/console"))
    page = bruno.get("/console").get_data(as_text=True)
    assert "Ana Flores" in page
    assert "1 waiting" in page
    assert 'aria-current="true"' not in page
    assert 'aria-current="true"' in ana.get("/console").get_data(as_text=True)


def test_relieving_a_colleague_is_in_the_desks_history(hall: CityHall) -> None:
    ana, bruno = hall.clerk(), hall.clerk("bruno")
    for person in (ana, bruno, bruno):
        person.post("/console/centro/1/take", token=person.token("/console"))
    assert statuses(hall) == [
        ("open", "staff:ana", None),
        ("paused", "staff:bruno", "relief"),
        ("open", "staff:bruno", None),
    ]


def test_a_clerk_of_one_office_sees_and_works_there_only(hall: CityHall) -> None:
    visitor = hall.take_turn()
    nora = hall.clerk("nora")
    page = nora.get("/console").get_data(as_text=True)
    assert "North District Office" in page
    assert "City Hall" not in page
    token = nora.token("/console")
    assert nora.get("/console/norte/1").status_code == 200
    for part in ("", "/panel", "/queue", "/work"):
        assert nora.get(f"/console/centro/1{part}").status_code == 403
    for action in ("take", "open", "pause", "close", "next", f"tickets/{visitor}/call"):
        answer = nora.post(f"/console/centro/1/{action}", {"reason": "x"}, token=token)
        assert answer.status_code == 403, action
    assert nora.get("/live/desks/centro/1").status_code == 403
    assert hall.ticket(visitor).state == "waiting"
    assert statuses(hall) == []


def test_a_ticket_of_another_office_cannot_be_touched_from_this_desk(hall: CityHall) -> None:
    elsewhere = hall.take_turn(office="centro")
    nora = hall.clerk("nora")
    answer = nora.do("call", elsewhere, "norte/1", reason="x")
    assert answer.status_code == 404
    assert hall.ticket(elsewhere).state == "waiting"


@pytest.mark.parametrize("path", ["/console/centro/99", "/console/nowhere/1"])
def test_there_is_no_console_for_a_desk_that_is_not(hall: CityHall, path: str) -> None:
    assert hall.clerk().get(path).status_code == 404


def test_a_desk_pauses_with_its_reason_resumes_and_closes(hall: CityHall) -> None:
    ana = hall.clerk()
    ana.at_desk("open")
    paused = ana.at_desk("pause", reason="Refrigerio")
    assert "Refrigerio" in paused.get_data(as_text=True)
    ana.at_desk("open")
    assert "The desk is closed." in ana.at_desk("close").get_data(as_text=True)
    assert [status for status, _, _ in statuses(hall)] == ["open", "paused", "open", "closed"]
    assert statuses(hall)[1][2] == "Refrigerio"


def test_a_desk_with_somebody_does_not_close(hall: CityHall) -> None:
    hall.take_turn()
    ana = hall.clerk()
    ana.at_desk("next")
    answer = ana.at_desk("close")
    assert answer.status_code == 409
    assert "still has R001" in answer.get_data(as_text=True)
    assert [status for status, _, _ in statuses(hall)] == ["open"]
