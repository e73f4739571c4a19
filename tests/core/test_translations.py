"""The catalogues: every message of the sources, in every language, ready to be filled."""

import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message

from turnero_core.i18n import LANGUAGES, gettext, ngettext, speaking
from turnero_queue import states

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w+(?:!r)?\}")
# What a text may end in; a translation ends in the same.
MARKS = ".…:?!"
TRANSLATED = [language for language in LANGUAGES if language != "en"]
# Words that Spanish or Portuguese shares with English, and what is the same in any language.
ANYWHERE = {"%(minutes)s min", "%(hours)s h %(minutes)s min", "%(words)s %(currency)s"}
ANYWHERE |= {
    "PDF",
    "Webhooks",
    "SMS",
    "WhatsApp",
    "Webhook",
    "Total",
    "TOTAL",
    "Auditor",
    "Supervisor",
}
SAME = {
    "es": {"no", "No", "Roles", "Error: {message}", *ANYWHERE},
    "pt": {"E-mail", "Menu", "Tablet", *ANYWHERE},
}


@cache
def tool() -> ModuleType:
    """bin/lib/messages.py, which bin/messages runs."""
    path = Path(__file__).parents[2] / "bin" / "lib" / "messages.py"
    spec = importlib.util.spec_from_file_location("messages_tool", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def sources() -> Catalog:
    found: Catalog = tool().extract()
    return found


@cache
def catalogue(language: str) -> Catalog:
    found: Catalog = tool().read(language)
    return found


def by_id(found: Catalog) -> dict[str, Message]:
    return {ids(message)[0]: message for message in found if message.id}


def ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def texts(message: Message) -> tuple[str, ...]:
    if message.string is None:
        return ()
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def pairs(language: str) -> Iterator[tuple[str, str]]:
    """Each form of a message with its translation; the last form again for any further plural."""
    for message in catalogue(language):
        if message.id:
            forms, said = ids(message), texts(message)
            for index, text in enumerate(said):
                yield forms[min(index, len(forms) - 1)], text


def test_messages_are_found_in_code_in_templates_and_in_their_macros() -> None:
    found = by_id(sources())
    assert "The office is closed" in found  # N_() in code
    assert "Call next" in found  # _() as an argument of a macro
    assert "Unknown field." in found  # what a library says
    assert ids(found["%(n)s person waiting"]) == (
        "%(n)s person waiting",
        "%(n)s people waiting",
    )
    assert "" not in found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language: str) -> None:
    wanted, found = by_id(sources()), by_id(catalogue(language))
    assert sorted(wanted.keys() - found.keys()) == []
    assert tool().untranslated(catalogue(language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_translated_that_nobody_says_any_more(language: str) -> None:
    wanted, found = by_id(sources()), by_id(catalogue(language))
    assert sorted(found.keys() - wanted.keys()) == []
    assert list(catalogue(language).obsolete) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_guess(language: str) -> None:
    assert [message.id for message in catalogue(language) if message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_are_those_of_the_language(language: str) -> None:
    found = by_id(catalogue(language))
    plural = {ids(message) for message in sources() if message.pluralizable}
    assert plural
    for forms in plural:
        assert ids(found[forms[0]]) == forms
        assert len(texts(found[forms[0]])) == catalogue(language).num_plurals


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_fields_of_its_message(language: str) -> None:
    wrong = [
        (message, text)
        for message, text in pairs(language)
        if sorted(PLACEHOLDER.findall(message)) != sorted(PLACEHOLDER.findall(text))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_is_punctuated_as_its_message(language: str) -> None:
    wrong = [
        (message, text)
        for message, text in pairs(language)
        if text != text.strip() or _mark(message) != _mark(text)
    ]
    assert wrong == []


def _mark(text: str) -> str:
    return text[-1] if text.endswith(tuple(MARKS)) else ""


def test_a_question_in_spanish_is_opened_too() -> None:
    assert [text for _, text in pairs("es") if text.count("?") != text.count("¿")] == []
    bare = [PLACEHOLDER.sub("", text) for _, text in pairs("es")]
    assert [text for text in bare if text.count("!") != text.count("¡")] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_message_stays_in_english(language: str) -> None:
    assert {message for message, text in pairs(language) if message == text} <= SAME[language]


def test_spanish_and_portuguese_speak_to_a_person_politely_and_of_their_own_things() -> None:
    with speaking("es"):
        assert gettext("Take a turn") == "Sacar un turno"
        assert gettext("Desk %(desk)s", desk=3) == "Ventanilla 3"
        assert gettext("Did not come") == "No se presentó"
        assert ngettext("%(n)s person waiting", "%(n)s people waiting", 1) == "1 persona en espera"
        assert ngettext("%(n)s person waiting", "%(n)s people waiting", 2) == "2 personas en espera"
    with speaking("pt"):
        assert gettext("Take a turn") == "Retirar uma senha"
        assert gettext("Desk %(desk)s", desk=3) == "Guichê 3"
        assert ngettext("%(n)s person waiting", "%(n)s people waiting", 1) == "1 pessoa aguardando"


def test_spanish_says_usted_throughout() -> None:
    familiar = re.compile(r"\b(tú|tu|tus|ti|contigo|vos|te|tuyo|puedes|tienes|quieres)\b", re.I)
    assert [text for _, text in pairs("es") if familiar.search(text)] == []


def test_every_state_and_verb_has_a_name_in_every_language() -> None:
    used = {*states.MOVES} | {move.target for move in states.MOVES.values()}
    used |= {state for move in states.MOVES.values() for state in move.sources}
    assert used == {*states.STATE_NAMES, *states.VERB_NAMES}
