"""How money is taken, set up in the panel: what each form saves, refuses, shows and takes back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.admin import machines
from tests.admin.cityhall import Browser, CityHall
from tests.admin.money_forms import (
    ARCHIVE,
    CATASTRO,
    CERTIFICATES,
    CONFIGURATION,
    MERCADOPAGO,
    METHODS,
    PAYMENTS,
    POINTS,
    RENTAS_HTTP,
    SYSTEMS,
    TOKEN,
    folder_of_secrets,
    stored,
    undo_last,
    whole,
)
from tests.admin.settings_forms import hidden, save, text

from turnero_core import clock
from turnero_queue import catalogue
from turnero_queue.configuration import tree as trees
from turnero_queue.models import CashSession, Device, Staff


@pytest.fixture
def secrets(hall: CityHall) -> Iterator[Path]:
    with folder_of_secrets(hall) as folder:
        yield folder


def test_the_configuration_leads_to_everything_about_money(hall: CityHall, elena: Browser) -> None:
    assert f'href="{PAYMENTS}"' in text(elena.get(CONFIGURATION))
    page = text(elena.get(PAYMENTS))
    for path in (METHODS, MERCADOPAGO, f"{PAYMENTS}/providers/simulated", POINTS, SYSTEMS):
        assert f'href="{path}"' in page
    assert "In cash at a cash desk · With a QR code on a phone" in page
    assert "City Hall cash desk · North cash desk" in page
    assert "Set up, but it is not running" in page


def test_a_form_opened_and_saved_changes_nothing(hall: CityHall, elena: Browser) -> None:
    save(elena, f"{SYSTEMS}/new?type=csv", **ARCHIVE)
    save(elena, f"{SYSTEMS}/new?type=http", **RENTAS_HTTP)
    save(elena, f"{SYSTEMS}/new?type=sql", **CATASTRO)
    before = whole(hall)
    for path in (
        METHODS,
        f"{PAYMENTS}/providers/simulated",
        f"{POINTS}/edit/caja-norte",
        f"{SYSTEMS}/edit/rentas",
        f"{SYSTEMS}/edit/archive",
        f"{SYSTEMS}/edit/taxes-online",
        f"{SYSTEMS}/edit/land-registry",
        f"{CERTIFICATES}/edit/no_debt",
    ):
        answer = save(elena, path)
        assert answer.status_code == 303, path
        assert "Nothing was changed." in text(elena.get(answer.location)), path
    assert whole(hall) == before


def test_the_ways_to_pay_are_chosen_put_in_order_and_taken_back(
    hall: CityHall, elena: Browser
) -> None:
    before = stored(hall)
    answer = save(
        elena,
        METHODS,
        methods=["qr", "cash"],
        provider="",
        cash__round_to_minor="50",
        cash__round="down",
        expires_minutes__qr="7",
    )
    assert answer.status_code == 303
    now = stored(hall)
    assert now["methods"] == ["qr", "cash"]
    assert now["cash"] == {"round_to_minor": 50, "round": "down"}
    assert now["expires_minutes"] == {"qr": 7}
    assert "provider" not in now
    history = text(elena.get(f"{CONFIGURATION}/history"))
    for said in ("Smallest coin that cashiers have", "Always down, in favour of who pays"):
        assert said in history
    undo_last(elena)
    assert stored(hall) == before


def test_what_is_wrong_about_ways_to_pay_stands_beside_it(hall: CityHall, elena: Browser) -> None:
    before = stored(hall)
    answer = save(elena, METHODS, methods=[], expires_minutes__qr="soon")
    page = text(answer)
    assert answer.status_code == 422
    assert 'id="wrong-methods"' in page
    assert "Choose one way to pay at least." in page
    assert "Write a whole number from 1 to 180." in page
    assert 'value="soon"' in page
    assert stored(hall) == before


def test_who_saves_second_sees_what_is_saved_now(hall: CityHall, elena: Browser) -> None:
    machines.hire(hall, "marta")
    marta = hall.clerk("marta")
    opened = marta.get(METHODS)
    save(elena, METHODS, expires_minutes__qr="7")
    answer = save(marta, METHODS, opened, expires_minutes__qr="9")
    assert answer.status_code == 409
    line = re.search(r"With a QR code on a phone</th>.*?</tr>", text(answer), re.S)
    assert line
    assert re.findall(r">(\d+)<", line[0]) == ["7", "9"]
    assert save(marta, METHODS, answer).status_code == 303
    assert stored(hall, "expires_minutes", "qr") == 9


@pytest.mark.parametrize(
    "path",
    [
        f"{PAYMENTS}/providers/simulated",
        f"{POINTS}/edit/caja-norte",
        f"{SYSTEMS}/edit/rentas",
        f"{CERTIFICATES}/edit/no_debt",
        f"{CERTIFICATES}/retire/no_debt",
    ],
)
def test_no_form_overwrites_what_was_not_seen(hall: CityHall, elena: Browser, path: str) -> None:
    before = whole(hall)
    form = {"opened": "another"}
    answer = elena.post(path, form) if "retire" in path else save(elena, path, **form)
    assert answer.status_code == 409
    assert "somebody else was here meanwhile" in text(answer)
    assert whole(hall) == before


def test_a_provider_is_set_up_and_its_secrets_are_named_but_never_shown(
    hall: CityHall, elena: Browser, secrets: Path
) -> None:
    with hall.database.write() as session:
        office = catalogue.current(session).office("centro")
        session.add(
            Device(code="k2", kind="kiosk", name="Entrance", office_id=office.id,
                   created_at=clock.now())
        )  # fmt: skip
    page = text(elena.get(MERCADOPAGO))
    assert "secrets/mercadopago_access_token is not there." in page
    assert "Entrance · City Hall" in page
    token = secrets / "mercadopago_access_token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    shared = secrets / "another"
    shared.write_text(TOKEN)
    shared.chmod(0o644)
    typed = {"pos": "CAJA01", "points__k2": "CAJA02", "webhook_secret_file": "another"}
    assert save(elena, MERCADOPAGO, **typed).status_code == 303
    assert stored(hall, "providers", "mercadopago") == {
        "webhook_secret_file": "another",
        "pos": "CAJA01",
        "points": {"k2": "CAJA02"},
    }
    page = text(elena.get(MERCADOPAGO))
    assert "secrets/mercadopago_access_token is there and can be read." in page
    assert "secrets/another is there, but others who use this machine can read it, too." in page
    assert TOKEN not in page
    undo_last(elena)
    assert stored(hall, "providers", "mercadopago") is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"api": "http://evil.example"}, "Write an address such as https://api.mercadopago.com."),
        (
            {"access_token_file": "../secret_key"},
            "Write the name of a file alone, without a folder.",
        ),
        ({"pos": "CAJA 01"}, "Use letters, digits, - and _ only, such as CAJA01."),
    ],
)
def test_what_a_provider_cannot_have_is_refused_beside_its_field(
    hall: CityHall, elena: Browser, typed: dict[str, str], said: str
) -> None:
    answer = save(elena, MERCADOPAGO, **typed)
    page = text(answer)
    assert answer.status_code == 422
    (name, value), *_ = typed.items()
    assert re.search(rf'name="{name}"[^>]*value="{re.escape(value)}"[^>]*aria-invalid', page)
    assert said in page
    assert stored(hall, "providers", "mercadopago") is None


def test_a_provider_that_goes_is_nobodys_default_any_more(hall: CityHall, elena: Browser) -> None:
    path = f"{PAYMENTS}/providers/simulated/retire"
    opened = hidden(elena.get(path), "opened")
    assert elena.post(path, {"opened": opened}).status_code == 303
    assert stored(hall, "providers") == {}
    assert stored(hall, "provider") is None
    assert "Only cash is taken yet" in text(elena.get(METHODS))
    undo_last(elena)
    assert stored(hall, "provider") == "simulated"


def test_points_of_sale_are_added_changed_ordered_and_taken_out(
    hall: CityHall, elena: Browser
) -> None:
    wrong = save(elena, f"{POINTS}/new", name__es="", office="norte", printer="centro")
    assert wrong.status_code == 422
    for said in ("This is needed.", "This printer is not in that office."):
        assert said in text(wrong)
    added = save(elena, f"{POINTS}/new", name__es="Caja Móvil", office="norte", printer="")
    assert added.status_code == 303
    assert stored(hall, "points_of_sale", "caja-movil") == {
        "code": "caja-movil",
        "name": {"es": "Caja Móvil"},
        "office": "norte",
    }
    save(elena, f"{POINTS}/edit/caja-movil", name__en="Mobile cash desk")
    assert "Mobile cash desk" in text(elena.get(POINTS))
    codes = trees.codes(stored(hall, "points_of_sale"))
    form = {"opened": hidden(elena.get(POINTS), "opened"), "code": codes, "move": f"up:{codes[-1]}"}
    elena.post(f"{POINTS}/order", form)
    assert trees.codes(stored(hall, "points_of_sale")) == [
        "caja-centro",
        "caja-movil",
        "caja-norte",
    ]
    path = f"{POINTS}/retire/caja-movil"
    assert elena.post(path, {"opened": hidden(elena.get(path), "opened")}).status_code == 303
    assert trees.codes(stored(hall, "points_of_sale")) == ["caja-centro", "caja-norte"]
    listed = text(elena.get(f"{CONFIGURATION}/history"))
    assert "Caja Móvil" in listed
    undo_last(elena)
    assert "caja-movil" in trees.codes(stored(hall, "points_of_sale"))


def test_a_point_of_sale_where_a_cashier_works_stays(hall: CityHall, elena: Browser) -> None:
    with hall.database.write() as session:
        office = catalogue.current(session).office("norte")
        who = session.scalars(select(Staff.id).where(Staff.login == "ana")).one()
        session.add(
            CashSession(office_id=office.id, point_of_sale="caja-norte", staff_id=who,
                        currency="PEN", float_minor=0, opened_at=clock.now())
        )  # fmt: skip
    path = f"{POINTS}/retire/caja-norte"
    answer = elena.post(path, {"opened": hidden(elena.get(path), "opened")})
    assert answer.status_code == 409
    assert "A cash desk is open at this point of sale. Close it first." in text(answer)
    assert save(elena, f"{POINTS}/edit/caja-norte", office="centro", printer="").status_code == 409
    assert save(elena, f"{POINTS}/edit/caja-norte", name__es="Caja 2").status_code == 303


def test_certificates_are_written_in_every_language_side_by_side(
    hall: CityHall, elena: Browser
) -> None:
    typed = {"name__es": "Licencia", "text__es": "{subject} puede", "text__pt": "{subject} pode"}
    wrong = save(elena, f"{CERTIFICATES}/new", connector="", fee="cheap", **typed)
    assert wrong.status_code == 422
    for said in ("This is needed.", "Write an amount in the municipality's currency"):
        assert said in text(wrong)
    assert (
        save(
            elena, f"{CERTIFICATES}/new", connector="rentas", fee="5", validity_days="60", **typed
        ).status_code
        == 303
    )
    assert stored(hall, "certificates", "licencia") == {
        "code": "licencia",
        "name": {"es": "Licencia"},
        "text": {"es": "{subject} puede", "pt": "{subject} pode"},
        "connector": "rentas",
        "validity_days": 60,
        "fee": "5.00",
    }
    assert "missing in English" in text(elena.get(CERTIFICATES))
    save(elena, f"{CERTIFICATES}/edit/licencia", text__en="{subject} may")
    undo_last(elena)
    assert "en" not in stored(hall, "certificates", "licencia", "text")


def test_changes_of_different_things_are_undone_apart(hall: CityHall, elena: Browser) -> None:
    save(elena, f"{POINTS}/edit/caja-norte", name__es="Caja 2")
    version = re.search(r"/history/(\d+)", text(elena.get(f"{CONFIGURATION}/history")))
    assert version
    save(elena, f"{CERTIFICATES}/edit/no_debt", validity_days="60")
    save(elena, METHODS, expires_minutes__qr="7")
    assert elena.post(f"{CONFIGURATION}/history/{version[1]}").status_code == 303
    assert stored(hall, "points_of_sale", "caja-norte", "name")["es"] == "Caja Norte"
    assert stored(hall, "certificates", "no_debt", "validity_days") == 60


def test_an_office_that_goes_takes_its_points_of_sale_with_it(
    hall: CityHall, elena: Browser
) -> None:
    path = f"{CONFIGURATION}/offices/norte/retire"
    assert elena.post(path, {"opened": hidden(elena.get(path), "opened")}).status_code == 303
    assert trees.codes(stored(hall, "points_of_sale")) == ["caja-centro"]


def test_only_who_may_configure_every_office_sets_up_how_money_is_taken(
    hall: CityHall, rosa: Browser
) -> None:
    before = whole(hall)
    assert f'href="{PAYMENTS}"' not in text(rosa.get(CONFIGURATION))
    for path in (
        PAYMENTS,
        METHODS,
        MERCADOPAGO,
        POINTS,
        f"{POINTS}/edit/caja-centro",
        f"{SYSTEMS}/new",
        f"{SYSTEMS}/try/rentas",
        f"{CERTIFICATES}/retire/no_debt",
    ):
        assert rosa.get(path).status_code == 403, path
    for path in (METHODS, MERCADOPAGO, f"{POINTS}/new", f"{SYSTEMS}/try/rentas"):
        assert rosa.post(path, {"opened": "x"}).status_code == 403, path
    assert whole(hall) == before


def test_texts_with_markup_are_shown_as_text(hall: CityHall, elena: Browser) -> None:
    markup = "<b>Caja</b><script>alert(1)</script>"
    save(elena, f"{POINTS}/edit/caja-centro", name__es=markup, name__en=markup)
    for path in (PAYMENTS, POINTS, f"{POINTS}/edit/caja-centro", f"{CONFIGURATION}/history"):
        html = elena.get(path).get_data(as_text=True)
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert" in html
