"""Pictures for services and categories are chosen by what they show, in one's own language."""

import re

import pytest
from tests.admin import machines
from tests.admin.cityhall import MUNICIPALITY, CityHall
from tests.admin.settings_forms import save, text

from turnero_admin.configuration.pictures import PICTURES
from turnero_core.i18n import LANGUAGES, gettext, speaking
from turnero_queue.configuration import known

RENTAS = "/admin/configuration/services/edit/rentas"
# What the pages themselves are made of: signs, not pictures of anything.
INTERFACE = {
    *("a-large-small", "arrow-left", "arrow-right", "arrow-right-left", "bell-ring", "captions"),
    *("check", "chevron-down", "chevron-left", "chevron-right", "chevron-up", "circle-x"),
    *("contrast", "copy", "delete", "download", "ellipsis", "external-link", "eye-off", "filter"),
    *("hash", "keyboard", "layout-dashboard", "list-ordered", "log-in", "log-out", "menu"),
    *("minus", "monitor-smartphone", "moon", "pause", "play", "plus", "refresh-cw", "repeat"),
    *("rotate-ccw", "settings", "undo-2", "upload", "user-x", "volume-x", "webhook", "wifi-off"),
    "x",
}


def test_every_icon_has_words_or_is_the_interfaces_own() -> None:
    named = [icon for icon, _ in PICTURES]
    assert sorted({*named, *INTERFACE}) == sorted(known.icons())
    assert not INTERFACE & set(named)
    assert len(set(named)) == len(named)
    used = set(re.findall(r"icon: ([a-z0-9-]+)", MUNICIPALITY.read_text("utf-8")))
    assert used <= set(named)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_pictures_are_called_alike(language: str) -> None:
    with speaking(language):
        said = [gettext(words) for _, words in PICTURES]
    assert len(set(said)) == len(said)


def test_the_form_and_the_history_say_what_a_picture_shows(hall: CityHall) -> None:
    machines.hire(hall)
    elena = hall.clerk("elena")
    page = text(elena.get(f"{RENTAS}?lang=es"))
    assert "Palacio municipal" in page
    assert ">landmark<" not in page
    assert save(elena, RENTAS, icon="scale").status_code == 303
    past = text(elena.get("/admin/configuration/history?lang=en", follow_redirects=True))
    assert "Scales" in past


def test_a_picture_that_a_file_named_stays_chosen(hall: CityHall) -> None:
    machines.hire(hall)
    elena = hall.clerk("elena")
    assert save(elena, RENTAS, icon="moon").status_code == 303
    assert 'value="moon" checked' in text(elena.get(RENTAS))
    assert 'value="moon"' not in text(elena.get("/admin/configuration/services/edit/catastro"))
