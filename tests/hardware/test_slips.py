"""A slip is plain data that survives being stored."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnero_hardware.slip import Cut, Pair, Picture, Qr, Rule, Slip, SlipError, Space, Text

words = st.text(max_size=80)
blocks = st.one_of(
    st.builds(
        Text,
        words,
        st.sampled_from(["normal", "large", "huge"]),
        st.booleans(),
        st.sampled_from(["left", "center", "right"]),
    ),
    st.builds(Pair, words, words, st.booleans()),
    st.builds(Space, st.integers(0, 50)),
    st.builds(Qr, st.text("abc/ñ", min_size=1, max_size=80)),
    st.builds(Picture, st.binary(max_size=200)),
    st.just(Rule()),
    st.just(Cut()),
)


@given(st.lists(blocks, max_size=8), st.sampled_from(["es", "en", "pt", "qu"]))
def test_any_slip_comes_back_from_json_as_it_was(parts: list[Text], language: str) -> None:
    slip = Slip(tuple(parts), language)

    assert Slip.from_dict(json.loads(json.dumps(slip.to_dict()))) == slip


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"version": 2, "language": "es", "blocks": []},
        {"version": 1, "language": "es", "blocks": [{"type": "barcode"}]},
        {"version": 1, "language": "es", "blocks": [{"type": "text", "words": "hola"}]},
        {"version": 1, "language": "es", "blocks": [{"type": "text", "text": "a", "size": "tiny"}]},
        {"version": 1, "language": "es", "blocks": [{"type": "picture", "png": "¿?"}]},
        {"version": 1, "language": "es", "blocks": [{"type": "qr", "data": ""}]},
        {"version": 1, "language": "es", "blocks": ["text"]},
    ],
)
def test_what_is_not_a_slip_is_refused_by_name(stored: dict[str, object]) -> None:
    with pytest.raises(SlipError):
        Slip.from_dict(stored)


def test_a_slip_cannot_be_changed(turn_slip: Callable[..., Slip]) -> None:
    with pytest.raises(AttributeError):
        turn_slip("es").language = "en"  # type: ignore[misc]
