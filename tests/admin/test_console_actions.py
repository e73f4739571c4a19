"""Every action of the console: what it changes, what it says, and what it leaves alone."""

import pytest
import time_machine
from tests.admin.cityhall import Browser, CityHall


@pytest.fixture
def ana(hall: CityHall) -> Browser:
    return hall.clerk()


def called(hall: CityHall, ana: Browser, *args: str, **kwargs: str) -> str:
    """Somebody who has been called to desk 1."""
    ticket = hall.take_turn(*args, **kwargs)
    assert ana.at_desk("next").status_code == 200
    assert hall.ticket(ticket).state == "called"
    return ticket


def serving(hall: CityHall, ana: Browser, *args: str, **kwargs: str) -> str:
    ticket = called(hall, ana, *args, **kwargs)
    assert ana.do("start", ticket).status_code == 200
    return ticket


def test_next_calls_who_is_next_and_says_why(hall: CityHall, ana: Browser) -> None:
    first = hall.take_turn("rentas")
    older = hall.take_turn("rentas", "preferential")
    answer = ana.at_desk("next")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Called: R002: Priority, came 09:05, counts as 08:20" in page
    assert hall.states() == {first: "waiting", older: "called"}
    assert hall.events(older)[-1].actor == "staff:ana"


def test_next_with_nobody_waiting_says_so(hall: CityHall, ana: Browser) -> None:
    answer = ana.at_desk("next")
    assert answer.status_code == 200
    assert "Nobody is waiting for this desk." in answer.get_data(as_text=True)


def test_next_while_somebody_is_there_refuses_and_shows_who(hall: CityHall, ana: Browser) -> None:
    there, other = called(hall, ana), hall.take_turn()
    answer = ana.at_desk("next")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "still has R001" in page
    assert f'data-person="{there}"' in page
    assert hall.states() == {there: "called", other: "waiting"}


def test_a_call_again_counts(hall: CityHall, ana: Browser) -> None:
    ticket = called(hall, ana)
    assert "Called 2 times" in ana.do("recall", ticket).get_data(as_text=True)
    assert hall.ticket(ticket).calls == 2


def test_start_and_finish(hall: CityHall, ana: Browser, clock: time_machine.Traveller) -> None:
    ticket = serving(hall, ana)
    clock.shift(125)
    assert "2:05" in ana.get("/console/centro/1/panel").get_data(as_text=True)
    page = ana.do("finish", ticket).get_data(as_text=True)
    assert "R001 is finished." in page
    done = hall.ticket(ticket)
    assert (done.state, done.outcome, done.served_s) == ("done", "resolved", 125)


def test_finish_keeps_services_outcome_and_notes(hall: CityHall, ana: Browser) -> None:
    ticket = serving(hall, ana)
    form = {
        "about": ticket,
        "given": ["rentas", "no-adeudo"],
        "outcome": "pending",
        "notes": "Falta\r\nla firma",
    }
    ana.do("finish", ticket, **form)
    done = hall.ticket(ticket)
    assert (done.state, done.outcome, done.notes) == ("done", "pending", "Falta\nla firma")
    assert hall.events(ticket)[-1].data["services"] == ["rentas", "no-adeudo"]


def test_what_is_written_about_somebody_else_is_not_kept(hall: CityHall, ana: Browser) -> None:
    ticket, other = serving(hall, ana), hall.take_turn()
    ana.do("finish", ticket, about=other, notes="Es de otra persona", outcome="pending")
    done = hall.ticket(ticket)
    assert (done.notes, done.outcome, hall.ticket(other).notes) == ("", "resolved", "")


def test_finish_and_next_is_one_action(hall: CityHall, ana: Browser) -> None:
    ticket, following = serving(hall, ana), hall.take_turn()
    page = ana.do("finish-and-next", ticket).get_data(as_text=True)
    assert "R001 is finished. Called: R002" in page
    assert hall.states() == {ticket: "done", following: "called"}


def test_pressing_finish_and_next_twice_does_not_finish_the_next_person(
    hall: CityHall, ana: Browser
) -> None:
    ticket, following = serving(hall, ana), hall.take_turn()
    third = hall.take_turn()
    ana.do("finish-and-next", ticket)
    again = ana.do("finish-and-next", ticket)
    assert again.status_code == 409
    assert hall.states() == {ticket: "done", following: "called", third: "waiting"}


def test_finish_and_next_with_nobody_waiting_finishes(hall: CityHall, ana: Browser) -> None:
    ticket = serving(hall, ana)
    page = ana.do("finish-and-next", ticket).get_data(as_text=True)
    assert "R001 is finished. Nobody is waiting for this desk." in page
    assert hall.ticket(ticket).state == "done"


def test_a_visit_of_two_services_goes_on_to_the_second(hall: CityHall, ana: Browser) -> None:
    ticket = hall.take_turn("rentas", also=["catastro"])
    ana.at_desk("next")
    assert "Afterwards: Land registry certificate" in ana.do("start", ticket).get_data(as_text=True)
    assert "asked for" in ana.get("/console/centro/1/work").get_data(as_text=True)
    page = ana.do("finish", ticket).get_data(as_text=True)
    assert "R001 goes on to “Land registry certificate”, with the same number." in page
    assert hall.ticket(ticket).state == "waiting"


def test_no_show_and_readmit(hall: CityHall, ana: Browser) -> None:
    ticket = called(hall, ana)
    page = ana.do("no-show", ticket).get_data(as_text=True)
    assert hall.ticket(ticket).state == "no_show"
    assert "Let R001 back in" in page
    ana.do("readmit", ticket)
    assert hall.ticket(ticket).state == "waiting"


def test_put_back_keeps_the_place(hall: CityHall, ana: Browser) -> None:
    ticket = called(hall, ana)
    due = hall.ticket(ticket).due_at
    ana.do("put-back", ticket)
    assert (hall.ticket(ticket).state, hall.ticket(ticket).due_at) == ("waiting", due)


def test_park_and_resume(hall: CityHall, ana: Browser) -> None:
    ticket = serving(hall, ana)
    assert "Go on with R001" in ana.do("park", ticket).get_data(as_text=True)
    assert hall.ticket(ticket).state == "parked"
    ana.do("resume", ticket)
    assert hall.ticket(ticket).state == "serving"


def test_another_desk_may_go_on_with_a_parked_person(hall: CityHall, ana: Browser) -> None:
    ticket = serving(hall, ana)
    ana.do("park", ticket)
    hall.clerk("bruno").do("resume", ticket, "centro/2")
    events = hall.events(ticket)
    assert (hall.ticket(ticket).state, events[-1].actor) == ("serving", "staff:bruno")
    assert ana.do("resume", ticket).status_code == 409


@pytest.mark.parametrize(
    ("form", "service", "to_desk"),
    [
        ({"service": "catastro", "to_desk": ""}, "catastro", None),
        ({"service": "rentas", "to_desk": "3", "reason": "Es su expediente"}, "rentas", "3"),
    ],
)
def test_transfer(
    hall: CityHall, ana: Browser, form: dict[str, str], service: str, to_desk: str | None
) -> None:
    ticket = serving(hall, ana)
    ana.do("transfer", ticket, **form)
    event = hall.events(ticket)[-1]
    assert hall.ticket(ticket).state == "waiting"
    assert event.data == {"service": service, "to_desk": to_desk}
    assert event.reason == form.get("reason")


def test_a_transfer_to_nowhere_is_refused(hall: CityHall, ana: Browser) -> None:
    ticket = serving(hall, ana)
    assert ana.do("transfer", ticket).status_code == 409
    assert ana.do("transfer", ticket, service="nope").status_code == 404
    assert hall.ticket(ticket).state == "serving"


def test_another_desks_person_cannot_be_moved_from_here(hall: CityHall, ana: Browser) -> None:
    ticket = serving(hall, ana)
    bruno = hall.clerk("bruno")
    for verb in ("finish", "finish-and-next", "park", "transfer"):
        answer = bruno.do(verb, ticket, "centro/2", service="catastro")
        assert answer.status_code == 409, verb
    assert hall.ticket(ticket).state == "serving"


def test_calling_somebody_before_the_others_needs_a_reason(hall: CityHall, ana: Browser) -> None:
    first, later = hall.take_turn(), hall.take_turn()
    refused = ana.do("call", later, reason="  ")
    assert refused.status_code == 422
    assert "Say why this person goes before the others." in refused.get_data(as_text=True)
    ana.do("call", later, reason="Se siente mal")
    event = hall.events(later)[-1]
    assert (event.reason, event.data["out_of_order"]) == ("Se siente mal", True)
    assert hall.states() == {first: "waiting", later: "called"}


def test_printing_again_in_an_office_without_printer_says_so(hall: CityHall, ana: Browser) -> None:
    ticket = called(hall, ana)
    answer = ana.do("reprint", ticket)
    assert answer.status_code in (200, 409)
    said = "The slip of R001 is printing." if answer.status_code == 200 else "has no printer"
    assert said in answer.get_data(as_text=True)


def test_notes_are_kept_while_they_are_typed(hall: CityHall, ana: Browser) -> None:
    ticket = serving(hall, ana)
    answer = ana.do("notes", ticket, about=ticket, notes="Trae copia\x07 del título")
    assert answer.get_data(as_text=True) == "Saved at 09:05"
    assert hall.ticket(ticket).notes == "Trae copia del título"
    assert ana.do("notes", ticket, about=ticket, notes="x" * 1001).status_code == 422
    assert hall.ticket(ticket).notes == "Trae copia del título"


def test_a_late_note_does_not_overwrite_another_desks(hall: CityHall, ana: Browser) -> None:
    ticket = serving(hall, ana)
    ana.do("transfer", ticket, service="catastro", about=ticket, notes="De Ana")
    assert ana.do("notes", ticket, about=ticket, notes="Tarde").status_code == 409
    assert hall.ticket(ticket).notes == "De Ana"


def test_a_refused_action_keeps_nothing_of_its_form(hall: CityHall, ana: Browser) -> None:
    ticket = called(hall, ana)
    answer = ana.do("finish", ticket, about=ticket, notes="Aún no")
    assert answer.status_code == 409
    assert (hall.ticket(ticket).state, hall.ticket(ticket).notes) == ("called", "")


def test_without_scripts_an_action_leads_back_to_the_console(hall: CityHall, ana: Browser) -> None:
    ticket = hall.take_turn()
    answer = ana.post("/console/centro/1/next", token=ana.token("/console/centro/1"))
    assert (answer.status_code, answer.location) == (303, "/console/centro/1")
    page = ana.get("/console/centro/1").get_data(as_text=True)
    assert "Called: R001" in page
    assert f'data-person="{ticket}"' in page


def test_the_answer_replaces_what_is_written_only_for_another_person(
    hall: CityHall, ana: Browser
) -> None:
    ticket = called(hall, ana)
    path, token = f"/console/centro/1/tickets/{ticket}", ana.token()
    same = ana.post(f"{path}/start", htmx=True, token=token, headers={"X-Console-Person": ticket})
    assert "innerHTML:#work" not in same.get_data(as_text=True)
    gone = ana.post(f"{path}/finish", htmx=True, token=token, headers={"X-Console-Person": ticket})
    assert "innerHTML:#work" in gone.get_data(as_text=True)


def test_the_page_escapes_what_people_write(hall: CityHall, ana: Browser) -> None:
    ticket = serving(hall, ana)
    ana.do("notes", ticket, about=ticket, notes="</textarea><script>alert(1)</script>")
    page = ana.get("/console/centro/1").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
