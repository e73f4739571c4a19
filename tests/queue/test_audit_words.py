"""Every act that the log may hold has its words, in each language."""

import pytest
from tests.queue.audited import codes

from turnero_core.i18n import LANGUAGES, speaking
from turnero_queue import audit_words


def test_every_code_that_the_sources_record_has_words() -> None:
    recorded = codes()
    lacking = {code: where for code, where in recorded.items() if code not in audit_words.ACTS}
    assert lacking == {}
    assert {"sign-in", "cash.deposit", "device.restart", "webhook.pause"} <= set(recorded)


def test_no_words_are_left_of_what_nothing_records() -> None:
    assert set(audit_words.ACTS) - set(codes()) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_acts_have_the_same_words(language: str) -> None:
    with speaking(language):
        said = [audit_words.words(code) for code in audit_words.ACTS]
    assert len(set(said)) == len(said)


def test_a_code_of_an_older_version_is_shown_as_it_is() -> None:
    assert audit_words.words("queue.shuffle") == "queue.shuffle"


def test_words_are_found_in_the_language_of_who_looks() -> None:
    with speaking("es"):
        assert audit_words.like("CONTRASEÑA") == {
            "password.change",
            "password.reset",
            "sign-in.locked",
        }
        assert audit_words.like("password") == frozenset()
    assert audit_words.like("") == frozenset()
