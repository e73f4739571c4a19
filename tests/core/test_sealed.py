"""Personal data at rest: unreadable without the installation's secret, and findable with it."""

import pytest

from turnero_core import sealed


def test_what_was_sealed_is_read_again_and_does_not_show_what_it_says() -> None:
    token = sealed.seal("rosa@example.org")
    assert "rosa" not in token
    assert sealed.unseal(token) == "rosa@example.org"
    assert sealed.seal("rosa@example.org") != token, "equal texts do not look equal"


def test_another_secret_opens_nothing() -> None:
    token = sealed.seal("DNI 12345678")
    sealed.use("the secret of somebody else")
    with pytest.raises(sealed.SealedError):
        sealed.unseal(token)


def test_a_changed_letter_is_noticed() -> None:
    token = sealed.seal("Rosa")
    with pytest.raises(sealed.SealedError):
        sealed.unseal(token[:-5] + ("A" if token[-5] != "A" else "B") + token[-4:])


def test_a_text_is_found_by_its_digest_which_depends_on_the_secret() -> None:
    here = sealed.digest("12345678")
    assert here == sealed.digest("12345678")
    assert here != sealed.digest("12345679")
    sealed.use("another")
    assert sealed.digest("12345678") != here


def test_nothing_is_sealed_without_a_secret() -> None:
    sealed.use("")
    with pytest.raises(sealed.SealedError):
        sealed.seal("Rosa")
