"""What each screen offers, says and forgets."""

import re

import pytest
import time_machine
from sqlalchemy.exc import OperationalError
from tests.kiosk.lobby import Lobby, said

from turnero_core.db import Database
from turnero_core.i18n import ngettext, speaking
from turnero_hardware import outbox
from turnero_hardware.models import JobState, PrintJob


def tiles(page: str) -> list[str]:
    return [
        title.strip()
        for title in re.findall(r'<span class="tile__title">(.*?)</span>', page, re.DOTALL)
    ]


def test_categories_come_first_and_what_has_none_comes_last(lobby: Lobby) -> None:
    page = lobby.kiosk().get("/choose").text

    assert tiles(page) == ["Tributos", "Obras", said("Other procedures")]


def test_no_screen_has_more_than_six_tiles_and_every_service_is_reached(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()
    first = kiosk.get("/choose/tributos").text
    second = kiosk.get("/choose/tributos?page=2").text

    assert len(tiles(first)) == 6
    assert tiles(first)[-1] == said("More")
    assert tiles(second) == ["Multas", "Vehículos", said("Back to the first ones")]


def test_few_services_are_all_on_the_first_screen(lobby: Lobby) -> None:
    page = lobby.kiosk("norte").get("/choose").text

    assert tiles(page) == ["Impuesto predial", "Licencia de obra"]


def test_what_is_asked_for_most_is_one_touch_away(
    lobby: Lobby, clock: time_machine.Traveller
) -> None:
    for service in ("multas", "multas", "multas", "consulta", "consulta", "cuotas"):
        lobby.kiosk().take(service, how="phone")
    clock.shift(24 * 3600)
    page = lobby.kiosk().get("/choose").text

    frequent = re.findall(r'frequent__item" href="/kiosk/centro/service/(\w+)"', page)
    assert frequent == ["multas", "consulta", "cuotas"]


def test_the_sheet_says_what_one_needs_to_know(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()
    taxes, certificate = kiosk.get("/service/rentas").text, kiosk.get("/service/constancia").text

    assert "Documento de identidad" in taxes
    assert "Primer piso" in taxes
    assert said("Free of charge") in taxes
    assert said("Nobody ahead of you") in taxes
    assert "S/\xa015.00" in certificate


def test_the_sheet_counts_those_who_came_before(lobby: Lobby) -> None:
    lobby.kiosk().take()

    page = lobby.kiosk().get("/service/rentas").text

    assert said("Nobody ahead of you") not in page


def test_a_closed_office_shows_its_papers_but_gives_no_turn(
    lobby: Lobby, clock: time_machine.Traveller
) -> None:
    clock.shift(12 * 3600)
    kiosk = lobby.kiosk()
    start, sheet = kiosk.get().text, kiosk.get("/service/rentas").text

    assert said("Touch here to see what to bring") in start
    assert said("Touch here to take your turn") not in start
    for page in (start, sheet):
        assert said("We are closed now") in page
        assert said("It opens tomorrow at %(time)s.", time="8:00") in page
    assert "Documento de identidad" in sheet
    assert "<form" not in sheet


def test_an_open_office_says_until_when(lobby: Lobby) -> None:
    lobby.kiosk().take()
    now = lobby.kiosk().get("/now").text

    assert said("Open until %(time)s", time="16:30") in now
    with speaking("es"):
        assert ngettext("%(n)s person waiting", "%(n)s people waiting", 1) in now


def test_a_full_service_says_where_else_to_go(lobby: Lobby) -> None:
    lobby.kiosk().take("licencia")

    page = lobby.kiosk().get("/service/licencia").text

    assert said("No turns left today") in page
    assert "Agencia Norte" in page
    assert "Avenida Los Molles 845" in page
    assert "<form" not in page


def test_without_a_printer_only_the_phone_is_offered(lobby: Lobby) -> None:
    page = lobby.kiosk("norte").get("/service/rentas").text

    assert 'value="phone"' in page
    assert 'value="paper"' not in page


def test_a_kiosk_remembers_which_printer_is_its_own(lobby: Lobby) -> None:
    lobby.add_printer("salida")
    kiosk = lobby.kiosk()
    kiosk.get("?printer=salida")
    kiosk.take()
    lobby.kiosk().take()

    with lobby.database.read() as session:
        used = [session.get_one(PrintJob, job.id).printer_id for job in lobby.jobs()]
    assert len(set(used)) == 2


def test_a_printer_of_another_office_is_refused(lobby: Lobby) -> None:
    lobby.add_printer("lejos", "norte")

    answer = lobby.kiosk().get("?printer=lejos")

    assert answer.status_code == 404
    assert "Set-Cookie" not in answer.headers or "lejos" not in answer.headers["Set-Cookie"]


def test_the_language_chosen_lasts_until_the_next_person(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()
    kiosk.get()
    kiosk.get("/choose?lang=en")
    sheet = kiosk.get("/service/rentas").text
    kiosk.get()

    assert '<html lang="en"' in sheet
    assert "Property tax" in sheet
    assert '<html lang="es"' in kiosk.get("/choose").text


def test_a_browser_does_not_choose_the_language_of_a_kiosk(lobby: Lobby) -> None:
    page = lobby.kiosk().get("/choose?lang=xx", headers={"Accept-Language": "en"}).text

    assert '<html lang="es"' in page


def test_the_turn_speaks_the_language_of_whoever_took_it(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()
    kiosk.get()
    kiosk.get("/choose?lang=pt")
    kiosk.send(kiosk.form("rentas"))

    assert lobby.tickets()[0].language == "pt"


def test_the_next_person_starts_without_contrast_or_large_letters(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()
    kiosk.client.set_cookie("contrast", "high")
    kiosk.client.set_cookie("text", "large")

    answer = kiosk.get(follow_redirects=True)

    assert "data-contrast" not in answer.text.split("<body")[0]
    assert 'data-text="large"' not in answer.text
    assert kiosk.client.get_cookie("contrast") is None


def test_a_turn_is_gone_from_the_screen_when_the_next_person_begins(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()
    kiosk.get()
    address = kiosk.send(kiosk.form("rentas")).location
    assert "R001" in kiosk.client.get(address).text
    kiosk.get()

    for path in (address, f"{address}/now"):
        answer = kiosk.client.get(path)
        assert answer.status_code == 302
        assert answer.location == "/kiosk/centro"
        assert "R001" not in answer.text


def test_a_turn_is_shown_to_the_browser_that_took_it_alone(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()
    kiosk.get()
    address = kiosk.send(kiosk.form("rentas")).location

    assert lobby.kiosk().client.get(address).location == "/kiosk/centro"


def test_a_turn_left_on_the_screen_is_gone_after_three_minutes(
    lobby: Lobby, clock: time_machine.Traveller
) -> None:
    kiosk = lobby.kiosk()
    kiosk.get()
    address = kiosk.send(kiosk.form("rentas")).location
    clock.shift(181)

    assert kiosk.client.get(address).location == "/kiosk/centro"


def test_pages_are_never_kept_by_the_browser(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()
    kiosk.get()
    address = kiosk.send(kiosk.form("rentas")).location

    for path in ("/kiosk/centro", "/kiosk/centro/service/rentas", address):
        assert kiosk.client.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        ("printing", "Printing your turn…"),
        ("printed", "Printed. Take your paper."),
        ("late", "The printer does not answer"),
    ],
)
def test_the_turn_says_what_became_of_the_paper(
    lobby: Lobby, clock: time_machine.Traveller, outcome: str, message: str
) -> None:
    kiosk = lobby.kiosk()
    kiosk.get()
    address = kiosk.send(kiosk.form("rentas")).location
    [job] = lobby.jobs()
    if outcome == "printed":
        with lobby.database.write() as session:
            outbox.claim(session, job.printer_id, "worker", job.created_at)
            assert outbox.report_printed(session, job.id, "worker", job.created_at)
    if outcome == "late":
        clock.shift(9)

    page = kiosk.client.get(f"{address}/now").text

    assert said(message) in page
    assert ("data-trouble" in page) == (outcome == "late")


def test_a_turn_called_at_once_says_where_to_go(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()
    kiosk.get()
    address = kiosk.send(kiosk.form("rentas")).location
    lobby.does("call", lobby.tickets()[0].public_token)

    page = kiosk.client.get(f"{address}/now").text

    assert said("It is your turn now: go to %(desk)s", desk="Ventanilla 1") in page


def test_an_expired_slip_counts_as_a_printer_in_trouble(
    lobby: Lobby, clock: time_machine.Traveller
) -> None:
    kiosk = lobby.kiosk()
    kiosk.get()
    address = kiosk.send(kiosk.form("rentas")).location
    with lobby.database.write() as session:
        job = session.get_one(PrintJob, lobby.jobs()[0].id)
        job.state = JobState.EXPIRED

    assert "data-trouble" in kiosk.client.get(f"{address}/now").text


@pytest.mark.parametrize("path", ["/kiosk/nowhere", "/kiosk/nowhere/choose"])
def test_an_unknown_office_leads_to_the_list_of_offices(lobby: Lobby, path: str) -> None:
    answer = lobby.kiosk().client.get(path)

    assert answer.status_code == 404
    assert 'href="/kiosk"' in answer.text


def test_an_unknown_page_leads_back_to_the_start(lobby: Lobby) -> None:
    answer = lobby.kiosk().get("/choose/castles")

    assert answer.status_code == 404
    assert said("That page is not here") in answer.text
    assert 'href="/kiosk/centro"' in answer.text


def test_a_database_that_is_gone_gives_a_calm_page(
    lobby: Lobby, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk = lobby.kiosk()
    kiosk.get()

    def gone(self: Database) -> None:
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    monkeypatch.setattr(Database, "write", gone)
    answer = kiosk.send(kiosk.form("rentas"))

    assert answer.status_code == 503
    assert said("No turn was given. Try again, or ask at the desk.") in answer.text
    assert "disk I/O" not in answer.text


def test_a_swapped_screen_comes_without_its_frame(lobby: Lobby) -> None:
    kiosk = lobby.kiosk()
    whole = kiosk.get("/choose").text
    swapped = kiosk.get("/choose", headers={"HX-Request": "true"}).text

    assert "<html" in whole
    assert "<html" not in swapped
    assert 'id="page"' in swapped
    assert "<title>" in swapped
