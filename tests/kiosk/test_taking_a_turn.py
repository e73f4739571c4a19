"""A touch gives one turn, whatever happens to the touch: twice, again, late, or its answer lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import structlog
import time_machine
from tests.kiosk.lobby import Lobby, said, token_of


def test_printing_gives_one_turn_and_one_slip(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()
    kiosk.get()

    answer = kiosk.send(kiosk.form("rentas"))
    page = kiosk.client.get(answer.location)

    [ticket] = lobby.tickets()
    assert (ticket.prefix, ticket.number, ticket.origin) == ("R", 1, "kiosk")
    assert "R001" in page.text
    assert [job.subject_id for job in lobby.jobs()] == [ticket.id]
    assert lobby.issued_events()[0].data["paper"] is True


def test_a_turn_on_the_phone_saves_the_slip_and_says_so(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()
    kiosk.take(how="phone")

    assert lobby.jobs() == []
    assert lobby.issued_events()[0].data["paper"] is False


def test_priority_is_what_the_person_says(lobby: Lobby) -> None:
    lobby.kiosk().take(priority="preferential")
    lobby.kiosk().take()

    first, second = lobby.tickets()
    assert first.due_at < second.due_at
    assert first.priority_id != second.priority_id


def test_nobody_has_to_answer_the_question_of_priority(lobby: Lobby) -> None:
    page = lobby.kiosk().get("/service/rentas").text

    assert 'value="standard" checked' in page
    assert 'value="preferential" checked' not in page


def test_five_touches_at_once_give_one_turn(both: Lobby) -> None:
    kiosk = both.kiosk()
    kiosk.get()

    answers = kiosk.send_at_once(kiosk.form("rentas"), 5)

    assert [answer.status_code for answer in answers] == [303] * 5
    assert len(both.tickets()) == 1
    assert len(both.jobs()) == 1
    assert both.count_keys() == 1


def test_two_kiosks_with_five_touches_each_give_two_turns(both: Lobby) -> None:
    kiosks = [both.kiosk(), both.kiosk()]
    for kiosk in kiosks:
        kiosk.get()
    forms = [kiosk.form("rentas") for kiosk in kiosks]

    with ThreadPoolExecutor(2) as pool:
        sent = list(
            pool.map(lambda pair: pair[0].send_at_once(pair[1], 5), zip(kiosks, forms, strict=True))
        )

    assert {answer.status_code for answers in sent for answer in answers} == {303}
    assert [ticket.number for ticket in both.tickets()] == [1, 2]
    assert len(both.jobs()) == 2


def test_a_sheet_loaded_again_still_gives_the_same_turn(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()
    kiosk.get()
    kiosk.send(kiosk.form("rentas"))

    answer = kiosk.send(kiosk.form("rentas"))

    assert len(lobby.tickets()) == 1
    assert "R001" in kiosk.client.get(answer.location).text


def test_another_button_after_a_lost_answer_gives_the_same_turn(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()
    kiosk.get()
    form = kiosk.form("rentas")
    kiosk.send(form)

    kiosk.send(form, how="phone", priority="preferential")

    assert len(lobby.tickets()) == 1
    assert len(lobby.jobs()) == 1


def test_another_service_in_the_same_visit_is_another_turn(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()
    kiosk.get()
    kiosk.send(kiosk.form("rentas"))
    kiosk.send(kiosk.form("consulta"))

    assert [ticket.prefix for ticket in lobby.tickets()] == ["R", "X"]


def test_the_next_person_gets_a_turn_of_their_own(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()

    first, second = kiosk.take(), kiosk.take()

    assert first != second
    assert len(lobby.tickets()) == 2


def test_the_form_of_the_person_before_gives_nothing(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()
    kiosk.get()
    form = kiosk.form("rentas")
    kiosk.send(form)
    kiosk.get()

    answer = kiosk.send(form)

    assert answer.status_code == 409
    assert said("Let us start again") in answer.text
    assert 'href="/kiosk/centro"' in answer.text
    assert len(lobby.tickets()) == 1


@pytest.mark.parametrize(
    "tampered",
    [
        {"service": "castles"},
        {"service": None},
        {"priority": "royal"},
        {"priority": None},
        {"how": "telegram"},
        {"how": None},
        {"key": "0" * 40},
        {"key": None},
        {"csrf_token": "forged"},
        {"csrf_token": None},
    ],
    ids=str,
)
def test_a_tampered_form_gives_a_calm_page_and_no_turn(
    lobby: Lobby, tampered: dict[str, str | None]
) -> None:
    kiosk = lobby.kiosk()
    kiosk.get()

    with structlog.testing.capture_logs() as logs:
        answer = kiosk.send(kiosk.form("rentas"), **tampered)

    assert 400 <= answer.status_code < 500
    assert 'id="page"' in answer.text
    assert "data-start-again" in answer.text
    assert "Traceback" not in answer.text
    assert lobby.tickets() == []
    assert lobby.count_keys() == 0
    assert [line["log_level"] for line in logs] == ["warning"]


def test_a_form_of_another_office_gives_nothing(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()
    kiosk.get()
    form = kiosk.form("rentas")
    kiosk.office = "norte"

    assert kiosk.send(form).status_code == 409
    assert lobby.tickets() == []


def test_a_closed_office_gives_no_turn_even_to_a_form_kept_open(
    lobby: Lobby, clock: time_machine.Traveller
) -> None:
    kiosk = lobby.kiosk()
    kiosk.get()
    form = kiosk.form("rentas")
    clock.shift(12 * 3600)

    answer = kiosk.send(form)

    assert answer.status_code == 409
    assert said("We are closed now") in answer.text
    assert said("It opens tomorrow at %(time)s.", time="8:00") in answer.text
    assert lobby.tickets() == []
    assert lobby.count_keys() == 0


def test_the_last_turn_of_the_day_is_given_once(both: Lobby) -> None:
    kiosk, late = both.kiosk(), both.kiosk()
    late.get()
    form = late.form("licencia")
    kiosk.take("licencia")

    answer = late.send(form)

    assert answer.status_code == 409
    assert said("No turns left today") in answer.text
    assert len(both.tickets()) == 1


def test_a_turn_is_kept_though_the_form_was_sent_before_the_office_closed(
    lobby: Lobby, clock: time_machine.Traveller
) -> None:
    kiosk = lobby.kiosk()
    kiosk.get()
    form = kiosk.form("rentas")
    kiosk.send(form)
    clock.shift(12 * 3600)

    answer = kiosk.send(form)

    assert answer.status_code == 303
    assert token_of(kiosk.client.get(answer.location).text) == lobby.tickets()[0].public_token
