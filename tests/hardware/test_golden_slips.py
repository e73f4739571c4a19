"""The bytes of the turn slip are exact, and say what the citizen must read.

After a wanted change: `UPDATE_GOLDEN=1 python -m pytest tests/hardware/test_golden_slips.py`,
then read the difference and the pictures it leaves in the temporary folder.
"""

import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from turnero_hardware.escpos_read import read
from turnero_hardware.escpos_render import render
from turnero_hardware.paper import paper_png
from turnero_hardware.profiles import PROFILES
from turnero_hardware.slip import Slip

GOLDEN = Path(__file__).parent / "golden"
CASES = [(language, profile) for language in ("es", "en", "pt") for profile in ("80mm", "58mm")]
CASES += [("es", "58mm-basic"), ("es", "80mm-42"), ("es", "80mm-full")]


@pytest.mark.parametrize(("language", "profile"), CASES)
def test_a_turn_slip_is_exactly_the_bytes_on_record(
    language: str, profile: str, turn_slip: Callable[..., Slip]
) -> None:
    file = GOLDEN / f"turn-{language}-{profile}.bin"

    data = render(turn_slip(language), PROFILES[profile])

    if os.environ.get("UPDATE_GOLDEN"):
        file.write_bytes(data)
    assert data == file.read_bytes()


@pytest.mark.parametrize(("language", "profile"), CASES)
def test_the_bytes_on_record_read_back_as_the_slip(
    language: str, profile: str, words: dict[str, dict[str, Any]]
) -> None:
    kind, said = PROFILES[profile], words[language]

    reading = read((GOLDEN / f"turn-{language}-{profile}.bin").read_bytes(), kind.dots)

    flat = " ".join(reading.text.split())
    assert reading.unknown == []
    for key in ("municipality", "office", "turn", "service", "qr", "how"):
        assert said[key] in flat
    for label, value in said["facts"]:
        assert f"{label} {value}" in flat
    assert len(reading.cuts) == (1 if kind.cutter else 0)


@pytest.mark.parametrize(
    ("language", "letters"), [("es", "ñÁó¿¡é·"), ("pt", "ãçáàê"), ("en", "í·")]
)
def test_accents_are_single_letters_of_the_chosen_code_page(language: str, letters: str) -> None:
    data = (GOLDEN / f"turn-{language}-80mm.bin").read_bytes()

    reading = read(data)

    assert set(letters) <= set(reading.text + reading.text.lower())
    assert data.count(b"\x1bt") == 1
    assert b"\x1bt\x13" in data
    assert "�" not in reading.text


@pytest.mark.parametrize("profile", ["80mm", "80mm-42", "58mm", "58mm-basic"])
def test_the_number_is_by_far_the_largest_thing_and_fits_the_paper(profile: str) -> None:
    kind = PROFILES[profile]
    reading = read((GOLDEN / f"turn-es-{profile}.bin").read_bytes(), kind.dots)

    number = next(line for line in reading.lines if line.text == "R012")
    others = [line for line in reading.lines if line is not number]

    assert (number.style.width, number.style.height, number.style.bold) == (8, 8, True)
    assert len(number.text) * number.style.width <= kind.columns
    assert max(line.style.width for line in others) == 2
    assert number.align == "center"


@pytest.mark.parametrize("profile", ["80mm", "58mm"])
def test_the_qr_is_drawn_by_the_printer_and_leads_to_the_status_page(profile: str) -> None:
    reading = read((GOLDEN / f"turn-es-{profile}.bin").read_bytes())

    assert [code.data for code in reading.codes] == [
        "https://turnos.sanmartin.example/t/8Qm3xVtY2LkP"
    ]
    assert reading.codes[0].align == "center"
    assert reading.codes[0].level == "M"
    assert reading.codes[0].dots >= 4
    assert len(reading.pictures) == 1


def test_a_printer_without_qr_gets_the_same_code_as_a_picture(
    turn_slip: Callable[..., Slip],
) -> None:
    slip = turn_slip("es")
    plain, drawn = (
        Image.open(BytesIO(paper_png(render(slip, PROFILES[name]), 384, torn=False)))
        for name in ("58mm", "58mm-basic")
    )

    assert read(render(slip, PROFILES["58mm-basic"])).codes == []
    assert _code_pixels(plain) == _code_pixels(drawn)


def _code_pixels(paper: Image.Image) -> bytes:
    """The square of 33 modules of 8 dots in the middle of the paper, found by its first row."""
    grey = paper.convert("L").point(lambda value: 0 if value < 128 else 255)
    left, side = (grey.width - 264) // 2, 264
    bar = bytes(7 * 8) + b"\xff" * 8
    rows = [grey.crop((left, y, left + 64, y + 1)).tobytes() for y in range(grey.height)]
    top = rows.index(bar)
    return grey.crop((left, top, left + side, top + side)).tobytes()


def test_every_line_of_every_slip_keeps_to_the_paper(turn_slip: Callable[..., Slip]) -> None:
    for language, profile in CASES:
        kind = PROFILES[profile]
        reading = read(render(turn_slip(language), kind), dots=10_000)
        for line in reading.lines:
            assert len(line.text) * line.style.width <= kind.columns
        assert all(picture.width == kind.dots for picture in reading.pictures)
