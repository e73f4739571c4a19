"""The reader of ESC/POS sees what a printer would print, and says what it does not know."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from turnero_hardware.escpos_read import read
from turnero_hardware.escpos_reading import CutMark, Unknown
from turnero_hardware.escpos_render import render
from turnero_hardware.paper import paper_png
from turnero_hardware.profiles import EPSON_PAGES, PROFILES
from turnero_hardware.slip import Slip, Text

LETTERS = bytes(range(0x21, 0x7F)).decode() + "áéíóúüñÁÉÍÓÚÜÑ¿¡ãõâêôàçÃÕÂÊÔÀÇ€·"
words = st.text(LETTERS, min_size=1, max_size=60)
texts = st.builds(
    Text,
    st.lists(words, min_size=1, max_size=12).map(" ".join),
    st.sampled_from(["normal", "large", "huge"]),
    st.booleans(),
    st.sampled_from(["left", "center", "right"]),
)


@settings(deadline=None)
@given(st.lists(texts, min_size=1, max_size=5), st.sampled_from(sorted(PROFILES)))
def test_whatever_is_written_is_read_back(parts: list[Text], profile: str) -> None:
    kind = PROFILES[profile]

    reading = read(render(Slip(tuple(parts)), kind), kind.dots)

    assert reading.unknown == []
    assert "".join(reading.text.split()) == "".join("".join(part.text.split()) for part in parts)
    assert {line.style.bold for line in reading.lines} == {part.bold for part in parts}


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=300))
def test_any_bytes_at_all_can_be_read_and_drawn(data: bytes) -> None:
    reading = read(data, 384)

    for unknown in reading.unknown:
        assert data[unknown.offset :].startswith(unknown.data)
    if sum(picture.width * picture.height for picture in reading.pictures) < 10**6:
        assert Image.open(BytesIO(paper_png(data, 384))).width == 464


@pytest.mark.parametrize(
    ("data", "unknown"),
    [
        (b"hola\n\x1bZfin\n", Unknown(5, b"\x1bZ")),
        (b"\x1bt\x63hola\n", Unknown(0, b"\x1bt\x63")),
        (b"\x07hola\n", Unknown(0, b"\x07")),
        (b"hola\n\x1d(k\x04\x001P", Unknown(5, b"\x1d(k\x04\x001P")),
        (b"hola\n\x1d(k\x03\x005Q0", Unknown(5, b"\x1d(k\x03\x005Q0")),
        (b"hola\n\x1b", Unknown(5, b"\x1b")),
        (b"hola\n\x1dv0\x00\x02\x00\x02\x00\xff", Unknown(5, b"\x1dv0\x00\x02\x00\x02\x00\xff")),
    ],
)
def test_what_is_not_understood_is_reported_with_its_place(data: bytes, unknown: Unknown) -> None:
    reading = read(data)

    assert reading.unknown == [unknown]
    assert "hola" in reading.text


def test_one_line_may_change_its_style_in_the_middle() -> None:
    line = read(b"Total \x1bE\x01\x1d!\x1115,00\n").lines[0]

    assert [run.text for run in line.runs] == ["Total ", "15,00"]
    assert [run.style.bold for run in line.runs] == [False, True]
    assert [run.style.width for run in line.runs] == [1, 2]


def test_text_wider_than_the_paper_goes_on_in_the_next_line_as_on_a_printer() -> None:
    assert [len(line.text) for line in read(b"x" * 40 + b"\n", 384).lines] == [32, 8]


def test_initialising_forgets_size_alignment_and_code_page() -> None:
    reading = read(b"\x1d!\x77\x1ba\x01\x1bt\x13\x1bE\x01\x1b@\xa4\n")

    assert reading.lines[0].style.width == 1
    assert reading.lines[0].align == "left"
    assert reading.text == "ñ"


@pytest.mark.parametrize(("page", "number"), EPSON_PAGES.items())
def test_each_code_page_reads_its_own_letters(page: str, number: int) -> None:
    assert read(b"\x1bt" + bytes([number]) + "é".encode(page) + b"\n").text == "é"


def test_both_kinds_of_cut_are_seen() -> None:
    assert read(b"\x1dV\x00\x1dV\x42\x00").cuts == [CutMark(partial=False), CutMark(partial=True)]


def test_the_paper_is_as_wide_as_the_roll_and_grows_with_what_is_printed() -> None:
    short, long = (
        Image.open(BytesIO(paper_png(b"hola\n" * count, 576, torn=False))) for count in (1, 9)
    )

    assert short.width == long.width == 640
    assert long.height - short.height == 8 * 30


def test_a_torn_end_is_transparent_between_its_teeth() -> None:
    paper = Image.open(BytesIO(paper_png(b"hola\n", 384)))

    assert paper.getpixel((0, 0)) != paper.getpixel((0, 40))
    assert paper.getchannel("A").getextrema() == (0, 255)
