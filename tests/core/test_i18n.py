"""Languages: catalogues, names in many languages, what a browser asks for."""

from pathlib import Path

import pytest

from turnero_core import i18n

SPANISH = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Desk %(desk)s"
msgstr "Ventanilla %(desk)s"

msgid "%(n)s person waits"
msgid_plural "%(n)s people wait"
msgstr[0] "Espera %(n)s persona"
msgstr[1] "Esperan %(n)s personas"
"""


@pytest.fixture
def _spanish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(SPANISH)
    monkeypatch.setattr(i18n, "LOCALE_DIR", tmp_path)
    i18n.catalogue.cache_clear()
    yield
    i18n.catalogue.cache_clear()


@pytest.mark.usefixtures("_spanish")
def test_a_message_is_translated_and_filled_in_the_language_spoken() -> None:
    with i18n.speaking("es"):
        assert i18n.gettext("Desk %(desk)s", desk="3") == "Ventanilla 3"
        assert i18n.ngettext("%(n)s person waits", "%(n)s people wait", 1) == "Espera 1 persona"
        assert i18n.ngettext("%(n)s person waits", "%(n)s people wait", 2) == "Esperan 2 personas"
    with i18n.speaking("en"):
        assert i18n.gettext("Desk %(desk)s", desk="3") == "Desk 3"


@pytest.mark.usefixtures("_spanish")
def test_what_no_catalogue_has_is_said_in_english() -> None:
    with i18n.speaking("es"):
        assert i18n.gettext("Not yet translated") == "Not yet translated"
        assert i18n.gettext("") == ""
    with i18n.speaking("qu"):
        assert i18n.gettext("Desk %(desk)s", desk="3") == "Desk 3"


def test_speaking_ends_with_its_block_even_when_it_fails() -> None:
    before = i18n.current_language()
    with pytest.raises(RuntimeError), i18n.speaking("pt"):
        assert i18n.current_language() == "pt"
        raise RuntimeError
    assert i18n.current_language() == before


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("pt-BR,pt;q=0.9,en;q=0.8", "pt"),
        ("en;q=0.5, es;q=0.9", "es"),
        ("fr-FR, en;q=0.1", "en"),
        ("fr", "es"),
        ("", "es"),
        (None, "es"),
        ("en;q=high, pt", "pt"),
    ],
)
def test_the_best_language_on_offer_is_chosen(header: str | None, chosen: str) -> None:
    assert i18n.negotiate(header, ("es", "en", "pt"), "es") == chosen


@pytest.mark.parametrize(
    ("locale", "language"),
    [("pt_BR", "pt"), ("es_PE", "es"), ("en-GB", "en"), ("en", "en"), ("qu_PE", "es"), ("", "es")],
)
def test_a_locale_is_of_the_language_it_begins_with(locale: str, language: str) -> None:
    assert i18n.language_of(locale) == language


def test_a_name_falls_back_to_spanish_and_then_to_any() -> None:
    names = {"es": "Rentas", "en": "Revenue"}
    assert i18n.pick(names, "en") == "Revenue"
    assert i18n.pick(names, "pt") == "Rentas"
    assert i18n.pick({"qu": "Qullqi"}, "pt") == "Qullqi"
    assert i18n.pick({"en": "", "es": "Rentas"}, "en") == "Rentas"
    assert i18n.pick({}) == ""


@pytest.mark.usefixtures("_spanish")
def test_what_was_compiled_is_kept_and_made_anew_when_its_source_changes() -> None:
    source = i18n.LOCALE_DIR / "es" / "LC_MESSAGES" / "messages.po"
    with i18n.speaking("es"):
        assert i18n.gettext("Desk %(desk)s", desk="1") == "Ventanilla 1"
        (kept,) = (source.parent / "__pycache__").iterdir()

        source.write_text(SPANISH.replace("Ventanilla", "Mesa número"))
        i18n.catalogue.cache_clear()
        assert i18n.gettext("Desk %(desk)s", desk="1") == "Mesa número 1"
    (anew,) = (source.parent / "__pycache__").iterdir()
    assert anew != kept


@pytest.mark.usefixtures("_spanish")
def test_where_nothing_can_be_kept_it_is_compiled_all_the_same() -> None:
    (i18n.LOCALE_DIR / "es" / "LC_MESSAGES" / "__pycache__").write_text("in the way")
    with i18n.speaking("es"):
        assert i18n.gettext("Desk %(desk)s", desk="1") == "Ventanilla 1"
