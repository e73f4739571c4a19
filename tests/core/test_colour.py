"""A municipality may choose any colour; what people read in it stays legible."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnero_core import colour

COLOURS = st.integers(min_value=0, max_value=0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_black_on_white_is_the_largest_contrast_there_is() -> None:
    assert colour.contrast("#000000", "#ffffff") == pytest.approx(21.0)


def test_contrast_is_the_ratio_published_for_a_known_grey() -> None:
    assert colour.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


def test_contrast_does_not_depend_on_the_order() -> None:
    assert colour.contrast("#0b4f5c", "#ffc940") == colour.contrast("#ffc940", "#0b4f5c")


@pytest.mark.parametrize("written", ["#0B4F5C", "0b4f5c", " #0b4f5c "])
def test_a_colour_may_be_written_in_the_usual_ways(written: str) -> None:
    assert colour.to_hex(colour.parse(written)) == "#0b4f5c"


def test_three_digits_stand_for_six() -> None:
    assert colour.to_hex(colour.parse("#0af")) == "#00aaff"


@pytest.mark.parametrize("wrong", ["", "teal", "#12345", "#12345g", "rgb(1,2,3)", "#0b4f5c;}"])
def test_an_invalid_colour_is_refused_with_its_own_text_in_the_message(wrong: str) -> None:
    with pytest.raises(ValueError, match="write it as #rrggbb") as refused:
        colour.theme_for(wrong)
    assert repr(wrong) in str(refused.value)


def test_a_dark_colour_is_kept_as_chosen_with_white_text() -> None:
    theme = colour.theme_for("#0b4f5c")
    assert (theme["brand"], theme["brand_ink"]) == ("#0b4f5c", "#ffffff")


def test_a_light_colour_is_kept_as_chosen_with_dark_text() -> None:
    theme = colour.theme_for("#ffd200")
    assert (theme["brand"], theme["brand_ink"]) == ("#ffd200", colour.INK)


def test_a_middle_colour_is_darkened_and_keeps_its_hue() -> None:
    brand = colour.parse(colour.theme_for("#e0402f")["brand"])
    assert colour.to_hex(brand) != "#e0402f"
    assert brand.red > brand.green
    assert brand.red > brand.blue


@given(COLOURS)
def test_whatever_the_colour_everything_written_in_it_reads(chosen: str) -> None:
    theme = colour.theme_for(chosen)
    for text, backgrounds in {
        "brand_ink": [theme["brand"], theme["brand_pressed"]],
        "brand_strong": [colour.PAPER, colour.WHITE],
        "brand_soft_ink": [theme["brand_soft"]],
        "dark_brand_strong": [colour.DARK_PAPER, colour.DARK_SURFACE],
        "dark_brand_soft_ink": [theme["dark_brand_soft"]],
    }.items():
        for background in backgrounds:
            assert colour.contrast(theme[text], background) >= 7, (text, background)


@given(COLOURS)
def test_whatever_the_colour_ordinary_ink_reads_on_its_tints(chosen: str) -> None:
    theme = colour.theme_for(chosen)
    assert colour.contrast(colour.INK, theme["brand_soft"]) >= 7
    assert colour.contrast(colour.DARK_INK, theme["dark_brand_soft"]) >= 7


@given(COLOURS)
def test_whatever_the_colour_its_lines_can_be_seen(chosen: str) -> None:
    theme = colour.theme_for(chosen)
    for background in (colour.PAPER, colour.WHITE, theme["brand_soft"]):
        assert colour.contrast(theme["brand_line"], background) >= 3
    for background in (colour.DARK_PAPER, colour.DARK_SURFACE, theme["dark_brand_soft"]):
        assert colour.contrast(theme["dark_brand_line"], background) >= 3


def test_the_stylesheet_declares_every_tone_once() -> None:
    css = colour.theme_css("#7a1f3d")
    for name, tone in colour.theme_for("#7a1f3d").items():
        assert css.count(f"--{name.replace('_', '-')}: {tone};") == 1


def test_no_stylesheet_is_made_from_an_invalid_colour() -> None:
    with pytest.raises(ValueError, match="is not a colour"):
        colour.theme_css("red;} body {display:none")
