"""The configuration's pages without scripts: what they save, refuse, ask about and take back."""

import re

import pytest
from tests.admin import machines
from tests.admin.cityhall import Browser, CityHall
from tests.admin.settings_forms import entry, fields_of, hidden, save, text

from turnero_core import clock
from turnero_queue import calling, catalogue, sequence
from turnero_queue.configuration import editing
from turnero_queue.configuration import tree as trees

CONFIGURATION = "/admin/configuration"
RENTAS = f"{CONFIGURATION}/services/edit/rentas"
CENTRO = f"{CONFIGURATION}/offices/centro"
MARKUP = "<b>Rentas</b><script>alert(1)</script>"


def test_a_form_opened_and_saved_changes_nothing(hall: CityHall, elena: Browser) -> None:
    with hall.database.read() as session:
        before = editing.present(session)
    for path in (
        RENTAS,
        f"{CONFIGURATION}/categories/edit/tributos",
        f"{CONFIGURATION}/priorities/edit/preferential",
        f"{CONFIGURATION}/rules",
        f"{CONFIGURATION}/municipality",
        f"{CENTRO}/general",
        f"{CENTRO}/hours",
        f"{CENTRO}/closures",
        f"{CENTRO}/services",
        f"{CENTRO}/desks/edit/3",
        f"{CENTRO}/rules",
    ):
        answer = save(elena, path)
        assert answer.status_code == 303, path
        assert "Nothing was changed." in text(elena.get(answer.location)), path
    with hall.database.read() as session:
        assert editing.present(session) == before


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    hall: CityHall, elena: Browser
) -> None:
    answer = save(
        elena, RENTAS, duration_minutes="soon", fee="cheap", name__es="", place__en="Left"
    )
    page = text(answer)
    assert answer.status_code == 422
    for said in (
        "Write a whole number from 1 to 600.",
        "Write an amount such as 15.00.",
        "Write it in the municipality's own language at least.",
    ):
        assert said in page
    for typed in ('value="soon"', 'value="cheap"', 'value="Left"'):
        assert typed in page
    assert page.count('aria-invalid="true"') >= 2
    assert entry(hall, "services", "rentas", "duration_minutes") == 12


def test_texts_with_markup_are_shown_as_text(hall: CityHall, elena: Browser) -> None:
    save(elena, RENTAS, name__es=MARKUP, name__en=MARKUP)
    assert entry(hall, "services", "rentas", "name")["es"] == MARKUP
    for path in (
        RENTAS,
        f"{CONFIGURATION}/services",
        f"{CENTRO}/services",
        f"{CONFIGURATION}/history",
    ):
        html = elena.get(path).get_data(as_text=True)
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert" in html


def test_the_second_administrator_is_shown_the_difference_and_chooses(
    hall: CityHall, elena: Browser
) -> None:
    machines.hire(hall, "marta")
    marta = hall.clerk("marta")
    opened = marta.get(RENTAS)
    save(elena, RENTAS, duration_minutes="15")
    answer = save(marta, RENTAS, opened, duration_minutes="18")
    page = text(answer)
    assert answer.status_code == 409
    assert "somebody else was here meanwhile" in page
    line = re.search(r"Minutes that attending one person takes</th>.*?</tr>", page, re.S)
    assert line
    assert re.findall(r">(\d+)<", line[0]) == ["15", "18"]
    assert entry(hall, "services", "rentas", "duration_minutes") == 15
    assert save(marta, RENTAS, answer).status_code == 303
    assert entry(hall, "services", "rentas", "duration_minutes") == 18


@pytest.mark.parametrize("page", ["hours", "closures", "services", "rules", "desks/edit/1"])
def test_every_page_of_an_office_shows_what_somebody_else_saved(
    hall: CityHall, rosa: Browser, page: str
) -> None:
    office = entry(hall, "offices", "centro")
    answer = save(rosa, f"{CENTRO}/{page}", opened="another")
    assert answer.status_code == 409
    assert "somebody else was here meanwhile" in text(answer)
    assert entry(hall, "offices", "centro") == office


def test_a_text_that_is_missing_in_a_language_is_marked(hall: CityHall, elena: Browser) -> None:
    save(elena, RENTAS, name__pt="")
    assert "missing in Portuguese" in text(elena.get(f"{CONFIGURATION}/services?q=predial"))
    assert "missing in Portuguese" not in text(elena.get(f"{CONFIGURATION}/services?q=obra"))


def test_a_list_is_put_in_order_unless_somebody_was_quicker(hall: CityHall, elena: Browser) -> None:
    path = f"{CONFIGURATION}/categories"
    before = trees.codes(entry(hall, "categories"))
    opened = hidden(elena.get(path), "opened")
    form = {"opened": opened, "code": before, "move": f"down:{before[0]}"}
    answer = elena.post(f"{path}/order", form)
    assert trees.codes(entry(hall, "categories"))[:2] == [before[1], before[0]]
    moved = elena.get(answer.location).get_data(as_text=True)
    assert re.search(rf'value="down:{before[0]}"[^>]*autofocus', moved)
    again = elena.post(
        f"{path}/order", {**form, "move": f"down:{before[1]}"}, follow_redirects=True
    )
    assert "changed this list meanwhile" in text(again)
    assert trees.codes(entry(hall, "categories"))[:2] == [before[1], before[0]]


def test_a_supervisor_changes_what_is_their_offices_and_nothing_else(
    hall: CityHall, rosa: Browser
) -> None:
    answer = save(rosa, f"{CENTRO}/hours", **{"sun.from": ["9"], "sun.to": ["11.30"]})
    assert answer.status_code == 303
    assert entry(hall, "offices", "centro", "hours")["sun"] == ["09:00-11:30"]
    assert "Norte" not in text(rosa.get(f"{CONFIGURATION}/offices"))
    for path in (
        f"{CONFIGURATION}/services",
        f"{CONFIGURATION}/rules",
        f"{CONFIGURATION}/history",
        f"{CONFIGURATION}/offices/-/new",
        f"{CENTRO}/retire",
        f"{CONFIGURATION}/offices/norte",
        f"{CONFIGURATION}/offices/norte/hours",
    ):
        assert rosa.get(path).status_code == 403, path
    listed = text(rosa.get(f"{CENTRO}/history"))
    assert "Opening hours" in listed


def test_a_supervisor_cannot_reach_another_offices_past(
    hall: CityHall, elena: Browser, rosa: Browser
) -> None:
    save(elena, f"{CONFIGURATION}/offices/norte/general", address="Avenida 9")
    version = re.search(
        r"norte/history/(\d+)", text(elena.get(f"{CONFIGURATION}/offices/norte/history"))
    )
    assert version
    assert rosa.get(f"{CENTRO}/history/{version[1]}").status_code == 404
    assert rosa.post(f"{CENTRO}/history/{version[1]}").status_code == 404
    assert entry(hall, "offices", "norte", "address") == "Avenida 9"


def test_rules_are_saved_as_numbers_and_words_and_left_out_where_empty(
    hall: CityHall, elena: Browser
) -> None:
    path = f"{CONFIGURATION}/rules"
    typed = {"no_show_after_calls": "2", "open_data_published": "1", "notices_quiet_hours": "none"}
    assert save(elena, path, **typed).status_code == 303
    assert entry(hall, "municipality", "rules") == {
        "no_show_after_calls": 2,
        "notices_quiet_hours": "none",
        "open_data_published": 1,
    }
    refused = save(elena, path, no_show_after_calls="often", notices_quiet_hours="always")
    assert refused.status_code == 422
    assert "Write a whole number from 0 to" in text(refused)
    assert "Write hours such as 22:00-07:00" in text(refused)
    assert save(elena, path, **dict.fromkeys(typed, "")).status_code == 303
    assert entry(hall, "municipality", "rules") is None


def test_hours_are_refused_beside_their_day(hall: CityHall, rosa: Browser) -> None:
    times = {
        "mon.from": ["08:00", "12:00"],
        "mon.to": ["13:00", "16:00"],
        "tue.from": ["10:00"],
        "tue.to": ["9"],
    }
    answer = save(rosa, f"{CENTRO}/hours", **times)
    page = text(answer)
    assert answer.status_code == 422
    assert "08:00-13:00 runs into the opening that begins at 12:00." in page
    assert "It has to close after it opens." in page
    assert 'value="12:00"' in page


def test_a_closure_needs_a_day_and_a_holiday_calendar_is_shown(
    hall: CityHall, rosa: Browser
) -> None:
    path = f"{CENTRO}/closures"
    form = {"closures.from": ["2026-05-02", "2026-06-09"], "closures.to": ["", "2026-06-01"]}
    reasons = {"closures.reason.es": ["Aniversario", "Obras"], "closures.reason.en": ["", ""]}
    reasons["closures.reason.pt"] = ["", ""]
    answer = save(rosa, path, holidays="PE", **form, **reasons)
    assert answer.status_code == 422
    assert "The last day comes before the first." in text(answer)
    assert "Holidays of 2026" in text(answer)
    form["closures.to"] = ["", "2026-06-09"]
    assert save(rosa, path, holidays="PE", **form, **reasons).status_code == 303
    assert entry(hall, "offices", "centro", "closures")[0] == {
        "from": "2026-05-02",
        "to": "2026-05-02",
        "reason": {"es": "Aniversario"},
    }


def test_taking_a_service_out_of_use_says_who_waits_and_moves_them(
    hall: CityHall, elena: Browser
) -> None:
    waits = hall.take_turn("rentas")
    path = f"{CONFIGURATION}/services/retire/rentas"
    opened = hidden(elena.get(path), "opened")
    asked = elena.post(path, {"opened": opened})
    page = text(asked)
    assert asked.status_code == 409
    assert "1 person waits for" in page
    assert entry(hall, "services", "rentas") is not None
    form = {"opened": opened, "agreed": hidden(asked, "agreed")}
    undecided = elena.post(path, form)
    assert undecided.status_code == 409
    assert "Choose what becomes of them." in text(undecided)
    form["move-centro"] = "estado-cuenta"
    if 'name="remedy"' in page:
        form |= {"seen": hidden(asked, "seen"), "remedy": "keep"}
    assert elena.post(path, form).status_code == 303
    assert entry(hall, "services", "rentas") is None
    with hall.database.read() as session:
        town = catalogue.current(session)
        assert hall.ticket(waits).service_id == town.service("estado-cuenta").id
    assert hall.ticket(waits).state == "waiting"


def test_a_desk_with_somebody_at_it_is_not_taken_away(hall: CityHall, elena: Browser) -> None:
    hall.take_turn("rentas")
    with hall.database.write() as session:
        town = catalogue.current(session)
        office = town.office("centro")
        moment = sequence.hold(session, office.id, clock.now())
        calling.call_next(session, moment, town, office.desk("1"), "ana")
    path = f"{CENTRO}/desks/retire/1"
    answer = elena.post(path, {"opened": hidden(elena.get(path), "opened")})
    assert answer.status_code == 409
    assert "Finish with them first" in text(answer)
    assert entry(hall, "offices", "centro", "desks", "1") is not None


def test_a_change_is_undone_from_the_history_once(hall: CityHall, elena: Browser) -> None:
    saved = elena.get(save(elena, RENTAS, duration_minutes="15").location)
    listed = text(elena.get(f"{CONFIGURATION}/history"))
    offered = re.search(r'href="([^"]*)">See it, or undo it<', text(saved))
    assert offered
    assert f'href="{offered[1]}"' in listed
    assert "Minutes that attending one person takes" in listed
    version = re.search(r"/history/(\d+)", listed)
    assert version
    path = f"{CONFIGURATION}/history/{version[1]}"
    assert elena.post(path).status_code == 303
    assert entry(hall, "services", "rentas", "duration_minutes") == 12
    again = elena.post(path)
    assert again.status_code == 409
    assert "This change has been undone already." in text(again)


def test_an_undoing_that_no_longer_fits_says_so(hall: CityHall, elena: Browser) -> None:
    save(elena, RENTAS, duration_minutes="15")
    version = re.search(r"/history/(\d+)", text(elena.get(f"{CONFIGURATION}/history")))
    assert version
    save(elena, RENTAS, duration_minutes="16")
    answer = elena.post(f"{CONFIGURATION}/history/{version[1]}")
    assert answer.status_code == 409
    assert "It has been changed again since" in text(answer)
    assert entry(hall, "services", "rentas", "duration_minutes") == 16


def test_a_desk_is_not_overwritten_by_a_new_one_of_its_number(
    hall: CityHall, elena: Browser
) -> None:
    path = f"{CENTRO}/desks/new"
    answer = save(elena, path, code="1", name__es="Otra")
    assert answer.status_code == 409
    assert "There is a desk 1 already" in text(answer)
    assert entry(hall, "offices", "centro", "desks", "1")["name"]["es"] == "Ventanilla 1"
    assert save(elena, path, code="A9", name__es="Otra").status_code == 303
    assert entry(hall, "offices", "centro", "desks", "A9")["name"]["es"] == "Otra"


def test_a_service_that_an_office_no_longer_gives_leaves_its_desks_too(
    hall: CityHall, elena: Browser
) -> None:
    page = elena.get(f"{CENTRO}/services")
    kept = [code for code in fields_of(page)["services"] if code != "mesa-partes"]
    answer = save(elena, f"{CENTRO}/services", page, services=kept, **{"limit.rentas": "many"})
    assert answer.status_code == 422
    assert "Write a whole number from 1 to 100000." in text(answer)
    assert save(elena, f"{CENTRO}/services", page, services=kept).status_code == 303
    office = entry(hall, "offices", "centro")
    assert "mesa-partes" not in trees.codes(office["services"])
    attended = {code for desk in office["desks"] for code in trees.codes(desk["services"])}
    assert "mesa-partes" not in attended
