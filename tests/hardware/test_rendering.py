"""What goes to the paper: letters, pictures of letters, sizes, wraps, copies."""

import re
from collections.abc import Callable

import pytest
from escpos.capabilities import CAPABILITIES  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from turnero_core.i18n import gettext, speaking
from turnero_hardware import arabic, fontbox, typeset
from turnero_hardware.escpos_read import read
from turnero_hardware.escpos_render import COPY, UnprintableError, render
from turnero_hardware.lettering import balanced, letter_size, wrap
from turnero_hardware.profiles import PROFILES, UnknownProfileError, profile_named
from turnero_hardware.slip import Cut, Pair, Picture, Qr, Rule, Size, Slip, Space, Text

WIDE, NARROW, BASIC = PROFILES["80mm"], PROFILES["58mm"], PROFILES["58mm-basic"]
QUECHUA = "Ñuqaykuqa ʼčaskaʼ sutiykita waqyasqaykiku"
ARABIC = "رقم دورك في القاعة"
EMOJI = "Turno listo 😀 📄"


def printed(text: str, **style: object) -> bytes:
    return render(Slip((Text(text, **style),)), WIDE)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", [QUECHUA, ARABIC, EMOJI, "Привет, Ελλάδα"])
def test_letters_outside_the_code_pages_become_a_picture(text: str) -> None:
    data = printed(text)

    reading = read(data)

    assert reading.lines == []
    assert len(reading.pictures) == 1
    assert any(reading.pictures[0].pixels)
    assert b"?" not in data.replace(reading.pictures[0].pixels, b"")


@pytest.mark.parametrize("letter", [*sorted(set(QUECHUA + ARABIC) - {" "}), *"😀📄♿"])
def test_no_letter_of_those_scripts_is_drawn_as_an_empty_box(letter: str) -> None:
    assert fontbox.drawable(letter) == letter


def test_a_letter_no_font_has_is_written_as_its_code_and_not_as_a_box() -> None:
    assert fontbox.drawable("中") == "[U+4E2D]"


@pytest.mark.parametrize("text", ["¿Qué año? ¡Señor!", "São João, ação, Você", "Costo: 15,00 €"])
@pytest.mark.parametrize("profile", [WIDE, NARROW, BASIC], ids=lambda profile: profile.name)
def test_spanish_and_portuguese_and_the_euro_are_letters_on_every_printer(
    text: str, profile: object
) -> None:
    reading = read(render(Slip((Text(text),)), profile))  # type: ignore[arg-type]

    assert reading.text == text
    assert reading.pictures == []


def test_an_accent_typed_as_two_characters_is_printed_as_one_letter() -> None:
    assert read(printed("ano\u0303")).text == "anõ"


def test_typographic_quotes_and_dashes_stay_text() -> None:
    assert read(printed("“Rentas” – piso 2…")).text == '"Rentas" - piso 2...'


def test_commands_hidden_in_a_name_never_reach_the_printer() -> None:
    data = printed("Rentas\x1bp\x00\x19\xfa \x1dV\x00fin")

    reading = read(data)

    assert reading.cuts == []
    assert b"\x1bp" not in data
    assert reading.text == "Rentaspú Vfin"


def test_printers_are_told_not_to_read_accents_as_chinese_nor_to_swap_signs() -> None:
    start = printed("ñ")

    assert start.startswith(b"\x1b@\x1c.\x1bR\x00")


@pytest.mark.parametrize(
    ("text", "size", "columns", "expected"),
    [
        ("R012", "huge", 48, (8, 8)),
        ("R012", "huge", 32, (8, 8)),
        ("AB-1234", "huge", 32, (4, 4)),
        ("uno dos tres cuatro cinco seis siete", "huge", 48, (2, 2)),
        ("A" * 40, "huge", 48, (1, 2)),
        ("Certidão de construção", "large", 32, (2, 2)),
        ("Desburocratización interna", "large", 32, (1, 2)),
        ("R012", "normal", 32, (1, 1)),
    ],
)
def test_letters_are_as_large_as_fit_without_cutting_a_word(
    text: str, size: Size, columns: int, expected: tuple[int, int]
) -> None:
    assert letter_size(text, size, columns) == expected


@given(st.lists(st.text("abcñ", min_size=1, max_size=24), min_size=1, max_size=9))
def test_balancing_adds_no_line_and_cuts_no_word_that_plain_wrapping_does_not(
    words: list[str],
) -> None:
    text = " ".join(words)

    lines = balanced(text, 24)

    assert len(lines) == len(wrap(text, 24))
    assert " ".join(lines) == text
    assert max(map(len, lines)) <= 24


def test_a_long_word_in_a_picture_is_made_smaller_rather_than_cut() -> None:
    words = "Chʼunkarimachakunapaqmi"

    assert typeset.picture(words, 384, size="large").height < 60
    assert typeset.picture(words, 1200, size="large").height == 60


def test_lines_break_between_words_and_only_a_word_too_long_is_cut() -> None:
    assert wrap("una palabra interminabilísima fin", 12) == [
        "una palabra",
        "interminabil",
        "ísima fin",
    ]
    assert wrap("", 12) == [""]


def test_centred_text_ends_in_no_lonely_word() -> None:
    text = "Lo llamaremos por número en la pantalla y por voz."

    assert wrap(text, 48)[-1] == "voz."
    assert min(map(len, balanced(text, 48))) > 20
    assert len(balanced(text, 48)) == 2


def test_a_label_and_its_value_stand_at_both_edges_or_the_value_goes_below() -> None:
    short = Pair("Arancel", "S/ 15,00")
    long = Pair("Certificado de no adeudo", "S/ 1.215,00")

    lines = read(render(Slip((short, long)), NARROW)).lines

    assert [line.text for line in lines] == [
        "Arancel                 S/ 15,00",
        "Certificado de no adeudo",
        "S/ 1.215,00".rjust(32),
    ]


def test_a_label_in_arabic_is_a_picture_with_ink_at_both_edges() -> None:
    picture = typeset.pair_picture("رقم", "A012", 384)

    left, _, right, _ = picture.point(lambda grey: 255 - grey).getbbox() or (0, 0, 0, 0)
    assert left < 10
    assert right > 374


def test_arabic_begins_at_the_right_edge_and_latin_at_the_left() -> None:
    for text, at_left in ((ARABIC, False), (QUECHUA, True)):
        picture = typeset.picture(text, 2000)
        left, _, right, _ = picture.point(lambda grey: 255 - grey).getbbox() or (0, 0, 0, 0)
        assert (left < 10, right > 1990) == (at_left, not at_left)


def test_arabic_is_joined_and_turned_where_pillow_cannot() -> None:
    # beh-alef-beh: an initial, a final, and, as alef never joins on, a letter alone.
    assert arabic.visual("باب") == "\ufe8f\ufe8e\ufe91"
    assert arabic.visual("سلام") == "\ufee1\ufefc\ufeb3"
    assert arabic.visual("رقم A012").startswith("A012 ")
    assert arabic.visual("Mesa 4") == "Mesa 4"


def test_arabic_still_prints_without_complex_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typeset, "has_complex_layout", lambda: False)

    picture = typeset.picture(ARABIC, 384)

    assert picture.point(lambda grey: 255 - grey).getbbox() is not None


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_a_copy_says_so_in_its_own_language_in_a_black_band_at_the_top(
    language: str, turn_slip: Callable[..., Slip]
) -> None:
    with speaking(language):
        word = gettext(COPY)
    first = read(render(turn_slip(language), WIDE, copy=True)).lines[0]

    assert first.text.strip() == word
    assert first.style.invert
    assert first.style.width == 2
    assert len(first.text) == WIDE.columns // 2


def test_an_original_has_no_band_and_a_copy_is_otherwise_the_same_slip(
    turn_slip: Callable[..., Slip],
) -> None:
    original = read(render(turn_slip("en"), WIDE))
    copy = read(render(turn_slip("en"), WIDE, copy=True))

    assert not any(line.style.invert for line in original.lines)
    assert copy.text.endswith(original.text)
    assert [line.style.invert for line in copy.lines].count(True) == 1


def test_a_picture_that_is_not_a_png_is_refused() -> None:
    with pytest.raises(UnprintableError):
        render(Slip((Picture(b"GIF89a"),)), WIDE)


def test_a_long_address_still_makes_a_code_that_fits_the_narrow_paper() -> None:
    code = read(render(Slip((Qr("https://turnos.example/" + "x" * 300),)), NARROW)).codes[0]

    modules = 17 + 4 * 15  # version 15 is the smallest that holds 323 bytes at level M
    assert code.dots >= 3
    assert (modules + 8) * code.dots <= NARROW.dots


def test_a_printer_without_a_cutter_feeds_the_slip_out_instead() -> None:
    data = render(Slip((Text("fin"), Cut())), BASIC)

    assert b"\x1dV" not in data
    assert data.endswith(b"\x1bd\x05")


def test_a_rule_runs_across_the_whole_paper() -> None:
    assert read(render(Slip((Rule(), Space(0))), NARROW)).text == "─" * 32


@pytest.mark.parametrize("profile", list(PROFILES.values()), ids=list(PROFILES))
def test_profiles_agree_with_the_printer_database(profile: object) -> None:
    kind = profile_named(profile.name)  # type: ignore[attr-defined]
    known = CAPABILITIES["profiles"][kind.escpos]

    assert int(known["media"]["width"]["pixels"]) == kind.dots
    assert known["fonts"]["0"]["columns"] == kind.columns
    assert known["features"]["qrCode"] is kind.native_qr
    for page, number in kind.pages.items():
        assert known["codePages"][str(number)] == page.upper()


def test_an_unknown_profile_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(UnknownProfileError, match=re.escape("58mm")):
        profile_named("112mm")
