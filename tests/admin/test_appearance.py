"""Texts, halls, colour and logo in the panel: what is saved is what slips and screens say."""

import re
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select
from tests.admin.cityhall import PASSWORD, Browser, CityHall

from turnero_core import clock as present
from turnero_hardware.slip import Text
from turnero_queue import catalogue, hall_view, models, slips, staff
from turnero_queue.configuration import appearance

ROOT = "/admin/configuration/appearance"
MARKUP = "Gracias <b>vecino</b> & cía"


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


def seen(browser: Browser, path: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', browser.get(path).get_data(as_text=True))
    assert found
    return found[1]


def save(browser: Browser, path: str, mark: str | None = None, **data: Any) -> Any:
    form = {name.replace("__", "."): value for name, value in data.items()}
    return browser.post(path, {"seen": mark or seen(browser, path), **form})


def slip_of(hall: CityHall, ticket_id: str) -> list[str]:
    with hall.database.read() as session:
        town = catalogue.current(session)
        ticket = session.get_one(models.Ticket, ticket_id)
        slip = slips.ticket_slip(town, ticket, None, "https://turnos.example/t/x")
    return [block.text for block in slip.blocks if isinstance(block, Text)]


def test_what_is_written_is_on_the_slip_the_kiosk_the_hall_and_the_phone(
    hall: CityHall,
    administrator: Browser,
) -> None:
    ticket_id = hall.take_turn("rentas")
    before = slip_of(hall, ticket_id)

    answer = save(
        administrator,
        f"{ROOT}/texts",
        text__slip_greeting__es="Bienvenido",
        text__slip_footer__es=MARKUP,
        text__how_called__es="La llamamos por nombre de pila",
        text__kiosk_welcome__es=MARKUP,
        text__kiosk_welcome__en="Welcome, neighbour",
        text__hall_idle__es=MARKUP,
        text__phone_message__es=MARKUP,
    )

    assert answer.status_code == 303
    after = slip_of(hall, ticket_id)
    assert [text for text in after if text not in before] == [
        "Bienvenido",
        "La llamamos por nombre de pila",
        MARKUP,
    ]
    token = hall.ticket(ticket_id).public_token
    nobody = hall.app.test_client()
    for path in ("/kiosk/centro", "/hall/centro?lang=es", f"/t/{token}"):
        page = nobody.get(path).get_data(as_text=True)
        assert MARKUP not in page, path
        assert MARKUP in unescape(page), path
    assert "Welcome, neighbour" in nobody.get("/kiosk/centro").get_data(as_text=True)
    with hall.database.read() as session:
        last = session.scalars(
            select(models.AuditEntry).order_by(models.AuditEntry.seq.desc()).limit(1)
        ).one()
    assert last.action == "configuration.change"
    assert "texts.slip_greeting.es" in str(last.after)


def test_an_office_says_its_own_and_the_others_do_not(
    hall: CityHall,
    administrator: Browser,
) -> None:
    save(administrator, f"{ROOT}/texts", text__hall_idle__es="Mire la pantalla")
    save(administrator, f"{ROOT}/offices/norte/texts", text__hall_idle__es="Espere sentado")

    nobody = hall.app.test_client()
    assert "Espere sentado" in nobody.get("/hall/norte?lang=es").get_data(as_text=True)
    assert "Mire la pantalla" in nobody.get("/hall/centro?lang=es").get_data(as_text=True)


def test_the_second_of_two_is_told_and_overwrites_nothing_in_silence(
    hall: CityHall,
    administrator: Browser,
) -> None:
    path = f"{ROOT}/texts"
    mark = seen(administrator, path)
    save(administrator, path, mark, text__hall_idle__es="La primera")

    answer = save(administrator, path, mark, text__hall_idle__es="La segunda")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Somebody else changed this" in page
    assert "La primera" in page
    assert "La segunda" in page
    with hall.database.read() as session:
        texts = appearance.in_force(session).municipality.texts
    assert texts == {"hall_idle": {"es": "La primera"}}


def test_a_form_that_cannot_be_used_keeps_what_was_written(
    hall: CityHall,
    administrator: Browser,
) -> None:
    answer = save(administrator, f"{ROOT}/texts", text__hall_idle__en="Only English")

    assert answer.status_code == 422
    assert "Only English" in answer.get_data(as_text=True)
    assert 'aria-invalid="true"' in answer.get_data(as_text=True)


def test_previews_show_what_is_being_written_and_change_nothing(
    hall: CityHall,
    administrator: Browser,
) -> None:
    about = {"about": "municipality", "text.hall_idle.es": MARKUP, "text.kiosk_welcome.es": MARKUP}
    draft = {**about, "text.slip_footer.es": MARKUP, "text.phone_message.es": MARKUP}

    for kind in ("hall", "kiosk", "phone"):
        page = administrator.post(
            f"/preview/centro/{kind}", {**draft, "preview_language": "es"}
        ).get_data(as_text=True)
        assert MARKUP in unescape(page), kind
        assert MARKUP not in page, kind
        stored = administrator.get(f"/preview/centro/{kind}").get_data(as_text=True)
        assert MARKUP not in unescape(stored)
    drawn = administrator.post(f"{ROOT}/offices/centro/paper", draft).get_json()
    assert drawn["picture"].startswith("data:image/png;base64,")
    assert "Gracias <b>vecino</b>" in " ".join(drawn["text"].split())
    png = administrator.get(f"{ROOT}/offices/centro/paper.png").data
    assert Image.open(BytesIO(png)).width >= 384
    with hall.database.read() as session:
        assert appearance.in_force(session).municipality.texts == {}


def test_a_hall_shows_the_queues_and_as_many_calls_as_it_is_told(
    hall: CityHall,
    administrator: Browser,
) -> None:
    for service in ("rentas", "rentas", "licencia-negocio"):
        hall.take_turn(service)

    answer = save(
        administrator,
        f"{ROOT}/offices/centro/hall",
        which="some",
        queues="rentas",
        calls="3",
        spoken="some",
        languages=["es", "en"],
        message__es="Hoy <i>cerramos</i> a las 12",
    )

    assert answer.status_code == 303
    with hall.database.read() as session:
        office = catalogue.current(session).office("centro")
        found = hall_view.of_office(session, office, present.now())
    assert [queue.service.code for queue in found.queues] == ["rentas"]
    assert found.people_waiting == 2
    assert (office.hall.calls, office.hall.voice) == (3, False)
    page = hall.app.test_client().get("/hall/centro").get_data(as_text=True)
    assert 'data-voice="off"' in page
    assert "Hoy &lt;i&gt;cerramos&lt;/i&gt; a las 12" in page
    sentences = re.search(r"data-sentences='([^']*)'", page)
    assert sentences
    assert '"pt"' not in sentences[1]
    assert save(administrator, f"{ROOT}/offices/centro/hall", calls="99").status_code == 422


def picture(size: tuple[int, int] = (400, 200), kind: str = "JPEG") -> bytes:
    written = BytesIO()
    Image.new("RGB", size, "navy").save(written, kind)
    return written.getvalue()


def test_a_logo_is_drawn_anew_and_stands_on_screens_and_paper(
    hall: CityHall,
    administrator: Browser,
) -> None:
    path = f"{ROOT}/branding"
    given = {"name": "San Martín", "colour": "#FFCC00"}

    answer = save(administrator, path, **given, logo=(BytesIO(picture()), "../../escudo.svg"))

    assert answer.status_code == 303
    with hall.database.read() as session:
        town = catalogue.current(session)
    assert (town.name, town.colour) == ("San Martín", "#ffcc00")
    assert town.logo
    assert re.fullmatch(r"logo-[0-9a-f]{12}\.png", town.logo)
    with hall.app.test_client().get("/logo") as crest:
        assert Image.open(BytesIO(crest.data)).size == (400, 200)
    drawn = administrator.post(f"{ROOT}/offices/centro/paper", {}).get_json()
    assert drawn["picture"]

    answer = save(administrator, path, **given, without_logo="1")
    with hall.database.read() as session:
        assert catalogue.current(session).logo is None


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", 422),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, 422),
        (picture((20, 20)), 422),
        (picture((5000, 40)), 422),
        (b"\xff" * (2 * 1024 * 1024 + 10), 422),
        (b"\xff" * (3 * 1024 * 1024), 413),
    ],
    ids=["markup", "half a picture", "tiny", "huge", "heavy", "far too heavy"],
)
def test_what_is_no_picture_for_a_logo_is_refused(
    hall: CityHall,
    administrator: Browser,
    content: bytes,
    status: int,
) -> None:
    path = f"{ROOT}/branding"
    form = {"seen": seen(administrator, path), "name": "X"}
    answer = administrator.upload(path, form, "logo", (content, "escudo.png"))

    assert answer.status_code == status
    with hall.database.read() as session:
        assert catalogue.current(session).logo is None


@pytest.mark.parametrize(
    ("colour", "ratio", "verdict"),
    [
        ("#005f73", "7.3 : 1", "just as it is, with white text"),
        ("#ffcc00", "1.5 : 1", "just as it is, with dark text"),
        ("#ee6600", "3.2 : 1", "a darker tone of it"),
    ],
)
def test_a_colour_s_contrast_is_said_in_numbers_and_words(
    administrator: Browser,
    colour: str,
    ratio: str,
    verdict: str,
) -> None:
    page = administrator.post(f"{ROOT}/branding/contrast", {"colour": colour}).get_data(
        as_text=True
    )

    assert ratio in page
    assert verdict in page
    css = administrator.get(f"{ROOT}/branding/{colour[1:]}.css").get_data(as_text=True)
    assert "--brand:" in css
