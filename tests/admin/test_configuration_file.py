"""The configuration as a file in the panel: nothing is in force but what was shown."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select
from tests.admin.bookings import book, lima, working_day
from tests.admin.cityhall import MUNICIPALITY, PASSWORD, Browser, CityHall
from werkzeug.test import TestResponse

from turnero_core import clock as present
from turnero_queue import catalogue, configuration, desks, models, sequence, staff
from turnero_queue.configuration import appearance
from turnero_queue.models import AuditEntry

FILE = "/admin/configuration/file"


@pytest.fixture
def administrator(hall: CityHall) -> Browser:
    with hall.database.write() as session:
        staff.create(
            session,
            "eva",
            PASSWORD,
            present.now(),
            name="Eva Ríos",
            role="administrator",
            must_change_password=False,
        )
    return hall.clerk("eva")


def in_force(hall: CityHall) -> str:
    with hall.database.read() as session:
        return configuration.dump(session)


def without(hall: CityHall, **codes: str) -> str:
    """The file in force without one service or one desk of the centre."""
    with hall.database.read() as session:
        found = appearance.in_force(session)

    def left(office: Any) -> Any:
        return replace(
            office,
            services=tuple(o for o in office.services if o.code != codes.get("service")),
            desks=tuple(
                replace(d, services=tuple(s for s in d.services if s.code != codes.get("service")))
                for d in office.desks
                if (office.code, d.code) != ("centro", codes.get("desk"))
            ),
            availability=(),
        )

    kept = tuple(s for s in found.services if s.code != codes.get("service"))
    return configuration.render(
        replace(found, services=kept, offices=tuple(map(left, found.offices)))
    )


def bring(browser: Browser, text: str | bytes, name: str = "town.yaml") -> TestResponse:
    content = text if isinstance(text, bytes) else text.encode()
    return browser.upload(FILE, {}, "file", (content, name))


def shown_form(answer: TestResponse) -> dict[str, str]:
    page = answer.get_data(as_text=True)
    text = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    version = re.search(r'name="version" value="(\d+)"', page)
    assert text is not None, page
    assert version is not None, page
    return {"text": unescape(text[1]), "version": version[1], "name": "town.yaml"}


def actions(hall: CityHall) -> list[str]:
    with hall.database.read() as session:
        query = select(AuditEntry.action).order_by(AuditEntry.seq)
        return [action for action in session.scalars(query) if "configuration" in action]


def test_the_file_taken_away_is_the_one_that_comes_back(
    hall: CityHall, administrator: Browser
) -> None:
    taken = administrator.get(f"{FILE}/download")

    assert taken.data.decode() == in_force(hall)
    assert 'filename="turnero-' in taken.headers["Content-Disposition"]
    assert "Nothing would change" in bring(administrator, taken.data).get_data(as_text=True)
    assert actions(hall)[-1] == "export.configuration"


def test_what_goes_and_whom_it_would_hurt_is_shown_before_anything_is_done(
    hall: CityHall, administrator: Browser
) -> None:
    hall.take_turn("rentas")
    book(hall, lima(working_day(), 10), "rentas")
    with hall.database.write() as session:
        office = catalogue.current(session).office("centro")
        moment = sequence.hold(session, office.id, present.now())
        desks.set_status(session, moment, office.desk("2"), "open", "tests")
    before = in_force(hall)

    answer = bring(administrator, without(hall, service="rentas", desk="2"))
    page = unescape(answer.get_data(as_text=True))

    assert answer.status_code == 200
    assert re.search(r"1 person is here for .+, which .+ would give no more", page)
    assert "is open now and would be taken away" in page
    assert "1 booked appointment would have no place any more" in page
    assert '<code class="file-code">service rentas</code>' in page
    assert in_force(hall) == before

    done = administrator.post(f"{FILE}/apply", shown_form(answer))
    assert done.status_code == 303
    assert "rentas" not in [s.code for s in configuration.parse(in_force(hall), "x").services]
    assert actions(hall)[-2:] == ["configuration.change", "import.configuration"]


def test_a_desk_with_somebody_at_it_is_named_and_stays(
    hall: CityHall, administrator: Browser
) -> None:
    before, wanted = in_force(hall), without(hall, desk="1")
    agreed = shown_form(bring(administrator, wanted))
    ana, turn = hall.clerk("ana"), hall.take_turn("rentas")
    ana.at_desk("take")
    ana.at_desk("next")
    said = f"centro/1: {hall.code(turn)} (called). Finish with them first."

    shown = bring(administrator, wanted)
    assert said in shown.text
    assert "Put 1 change" not in shown.text
    answer = administrator.post(f"{FILE}/apply", agreed)
    assert (answer.status_code, said in answer.text) == (409, True)
    assert in_force(hall) == before

    ana.do("start", turn)
    ana.do("finish", turn)
    assert administrator.post(f"{FILE}/apply", agreed).status_code == 303


def test_what_changed_meanwhile_is_shown_again_and_nothing_is_done(
    hall: CityHall, administrator: Browser
) -> None:
    form = shown_form(bring(administrator, without(hall, service="rentas")))
    with hall.database.write() as session:
        changed = replace(
            (found := appearance.in_force(session)),
            municipality=replace(found.municipality, name="Otra Ciudad"),
        )
        configuration.apply(session, changed, actor="tests")
    before = in_force(hall)

    answer = administrator.post(f"{FILE}/apply", form)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "The configuration was changed meanwhile" in page
    assert "Otra Ciudad" in page
    assert in_force(hall) == before
    assert administrator.post(f"{FILE}/apply", shown_form(answer)).status_code == 303
    assert in_force(hall) != before


def test_everything_wrong_is_listed_with_its_line_and_markup_is_text(
    hall: CityHall, administrator: Browser
) -> None:
    text = in_force(hall).replace("prefix: R\n", "prefix: <b>ñ</b>\n", 1)
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "<b>" in row)

    answer = bring(administrator, text, "<i>x</i>.yaml")
    page = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert f'<td class="figure">{line}</td>' in page
    assert "prefix: &lt;b&gt;ñ&lt;/b&gt;" in page
    assert "<b>ñ" not in page
    assert "<i>x" not in page
    assert bring(administrator, "").status_code == 422
    assert bring(administrator, b"\xff\xfe\x00").status_code == 422


def test_a_hostile_file_is_refused_with_its_line_and_field(
    hall: CityHall, administrator: Browser
) -> None:
    good = in_force(hall)
    for content, field, said in (
        (good.replace("America/Lima", '"\\ud800"'), "municipality.timezone", "no whole character"),
        (good.replace("America/Lima", "America/\0Lima"), "–", "control character"),
        (good.encode("utf-16"), "–", "is not UTF-8"),
        (good + "x: &x 1\ny: [" + "*x, " * 10_000 + "]\n", "–", "cannot be used"),
    ):
        answer = bring(administrator, content)
        page = unescape(answer.get_data(as_text=True))
        assert answer.status_code == 422
        assert f'<code class="file-code">{field}</code>' in page
        assert said in page
        assert "Nothing has been changed." in page
    assert bring(administrator, b"#" * 20_000_000).status_code == 413
    assert in_force(hall) == good


def test_ten_thousand_lines_are_read_and_a_larger_file_is_refused_in_words(
    administrator: Browser,
) -> None:
    many = MUNICIPALITY.read_text("utf-8") + "\n" + "# nothing\n" * 9000
    assert len(many.splitlines()) > 10_000
    assert bring(administrator, many).status_code == 200

    large = bring(administrator, many + "#" * (1_000_001 - len(many)))
    assert large.status_code == 422
    assert "1000000" in large.get_data(as_text=True)
    assert bring(administrator, many + "#" * 2_000_000).status_code == 413


def test_whoever_configures_one_office_only_does_not_get_the_whole(
    hall: CityHall,
) -> None:
    with hall.database.write() as session:
        office = session.scalars(select(models.Office).where(models.Office.code == "norte")).one()
        staff.create(
            session,
            "pia",
            PASSWORD,
            present.now(),
            name="Pía",
            role="supervisor",
            office_id=office.id,
            must_change_password=False,
        )
    pia = hall.clerk("pia")

    assert pia.get(FILE).status_code == 403
    assert pia.get(f"{FILE}/download").status_code == 403
    assert pia.get("/admin/configuration/appearance/texts").status_code == 403
    assert pia.get("/admin/configuration/procedures").status_code == 403
    assert pia.get("/admin/configuration/appearance/offices/centro/texts").status_code == 403
    assert pia.get("/admin/configuration/appearance/offices/centro/hall").status_code == 403
    assert pia.get("/preview/centro/hall").status_code == 403
    assert pia.get("/admin/configuration/appearance/offices/norte/texts").status_code == 200
