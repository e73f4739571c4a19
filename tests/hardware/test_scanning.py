"""What a reader at the kiosk may type: our own codes, three countries' documents, and rubbish."""

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from turnero_hardware import scanning
from turnero_hardware.scanning import (
    LONGEST,
    IdentityDocument,
    OwnLink,
    Refusal,
    ShortCode,
    Why,
)

HOSTS = ("turnos.sanmartin.gob.pe", "127.0.0.1:8080")
ROSA = IdentityDocument("AR", "28765457", "PEÑA SAN JUAN", "ROSA INÉS", date(1974, 1, 17), "F")
ROSA_NEW = "00125559991@PEÑA SAN JUAN@ROSA INÉS@F@28765457@A@17/01/1974@28/12/2012"
ROSA_OLD = (
    "@28765457    @A@1@PEÑA SAN JUAN@ROSA INÉS@ARGENTINA@17/01/1974@F@01/11/2011@00079064950"
    "@7055 @01/11/2026@421@0@ILR:2.20 C:110927.01 (GM/EXE-MOVE-HM)@UNIDAD #02 || S/N: 0040>2008"
)
LUZ = IdentityDocument("CO", "1000000089", "OSPINA CAÑÓN", "LUZ MARÍA", date(1990, 1, 15), "F")
NOISE = "".join(chr(byte) for byte in (1, 7, 127, 130, 255, 64, 34, 200) * 45)


def cedula(*, families: tuple[str, str] = ("OSPINA", "CAÑÓN"), blank: str = "\0") -> str:
    """A yellow cédula's code with Luz's data, `blank` where the card has NUL."""
    given = ("LUZ", "MARÍA")
    names = "".join(name.ljust(23, "\0") for name in (*families, *given))
    text = "0312345678".ljust(24, "\0") + "PubDSK_1".ljust(16, "\0") + "531445".ljust(8, "\0")
    text += "1000000089" + names + "0F19900115760010O+\0"
    return text.replace("\0", blank) + NOISE


def digit(text: str) -> str:
    """The check digit of ICAO Doc 9303, written here a second time."""
    order = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return str(sum((7, 3, 1)[i % 3] * max(0, order.find(s)) for i, s in enumerate(text)) % 10)


def zone(country: str = "PER", number: str = "45123456<", optional: str = "<" * 11) -> str:
    """A card's machine-readable zone of Rosa Quispe, born on 9 March 1985."""
    first = f"I<{country}{number}{digit(number)}" + "<" * 15
    second = f"850309{digit('850309')}F300101{digit('300101')}{country}{optional}"
    whole = first[5:] + second[:7] + second[8:15] + second[18:29]
    return f"{first}\r\n{second}{digit(whole)}\r\n" + "QUISPE<MAMANI<<ROSA".ljust(30, "<")


def on_a_spanish_layout(text: str) -> str:
    """What a machine set to Spanish writes for the keys of a US layout."""
    return text.translate(str.maketrans({"@": '"', "/": "-", ":": "Ñ", "-": "'", "<": ";"}))


@pytest.mark.parametrize("typed", [ROSA_NEW, ROSA_OLD, ROSA_NEW + "@209", f"\x02{ROSA_NEW}\r\n"])
def test_argentinas_document_is_read_in_both_layouts(typed: str) -> None:
    assert scanning.read(typed) == ROSA


def test_a_machine_with_a_spanish_layout_reads_it_all_the_same() -> None:
    expected = IdentityDocument("AR", "23680640", "GARCIA", "JUAN", date(1979, 8, 25), "M")
    typed = '00327345190"GARCIA"JUAN"M"23680640"A"25-08-1979"06-01-2015"209'
    assert scanning.read(typed) == expected


def test_letters_in_the_wrong_encoding_are_put_right() -> None:
    assert scanning.read(ROSA_NEW.encode().decode("latin-1")) == ROSA


@pytest.mark.parametrize("blank", ["\0", " "])
def test_colombias_document_is_read_from_its_places_and_its_noise_ignored(blank: str) -> None:
    assert scanning.read(cedula(blank=blank)) == LUZ


def test_compound_surnames_keep_their_place() -> None:
    found = scanning.read(cedula(families=("DE LA OSSA", "RÍOS")))
    assert isinstance(found, IdentityDocument)
    assert (found.family_names, found.given_names) == ("DE LA OSSA RÍOS", "LUZ MARÍA")


def test_a_reader_that_makes_one_space_of_many_is_understood() -> None:
    assert scanning.read(" ".join(cedula(blank=" ").split())) == LUZ


@pytest.mark.parametrize("families", [("DE LA OSSA", "RÍOS"), ("OSPINA CAÑÓN DE", "LEÓN")])
def test_names_that_cannot_be_told_apart_are_refused(families: tuple[str, str]) -> None:
    squeezed = " ".join(cedula(families=families, blank=" ").split())
    assert scanning.read(squeezed) == Refusal(Why.GARBLED)


def test_a_reader_that_leaves_the_blanks_out_is_refused_not_guessed() -> None:
    assert scanning.read(cedula(blank="")) == Refusal(Why.GARBLED)


@pytest.mark.parametrize("typed", ["45123456", "*45123456*", "45123456-7", "451234567"])
def test_perus_code_39_gives_the_number_where_peru_is(typed: str) -> None:
    assert scanning.read(typed, country="PE") == IdentityDocument("PE", "45123456")


def test_a_bare_number_elsewhere_is_a_code_like_any_other() -> None:
    assert scanning.read("45123456", country="AR") == ShortCode("45123456")


@pytest.mark.parametrize("typed", [zone(), zone().replace("\r\n", ""), on_a_spanish_layout(zone())])
def test_the_machine_readable_zone_is_read_and_its_digits_checked(typed: str) -> None:
    born = date(1985, 3, 9)
    rosa = IdentityDocument("PE", "45123456", "QUISPE MAMANI", "ROSA", born, "F")
    assert scanning.read(typed) == rosa


def test_colombias_zone_holds_the_persons_number_in_its_second_line() -> None:
    found = scanning.read(zone("COL", "000123456", "1000000089<"))
    assert isinstance(found, IdentityDocument)
    assert (found.country, found.number) == ("CO", "1000000089")


@pytest.mark.parametrize("place", [6, 14, 33, 91])
def test_a_zone_with_one_wrong_sign_is_refused(place: int) -> None:
    text = zone().replace("\r\n", "")
    place = min(place, 59)
    wrong = text[:place] + ("7" if text[place] != "7" else "8") + text[place + 1 :]
    assert scanning.read(wrong) == Refusal(Why.GARBLED)


@pytest.mark.parametrize("layout", [str, on_a_spanish_layout])
def test_our_own_links_are_known_by_their_host(layout: type) -> None:
    typed = layout("http://127.0.0.1:8080/t/aB3-xyz9")
    assert scanning.read(typed, hosts=HOSTS) == OwnLink("t", "aB3-xyz9")


@pytest.mark.parametrize(
    "typed",
    [
        "https://example.org/t/aB3-xyz9",
        "https://turnos.sanmartin.gob.pe.example.org/t/aB3-xyz9",
        "https://turnos.sanmartin.gob.pe@example.org/t/aB3-xyz9",
    ],
)
def test_a_link_to_anywhere_else_is_foreign(typed: str) -> None:
    assert scanning.read(typed, hosts=HOSTS) == Refusal(Why.FOREIGN)


@pytest.mark.parametrize("path", ["", "/", "/t/", "/admin/staff/1", "/t/../admin", "/t/a?b#c"])
def test_a_link_of_ours_that_leads_nowhere_known_is_refused(path: str) -> None:
    assert isinstance(scanning.read(f"https://{HOSTS[0]}{path}", hosts=HOSTS), Refusal)


def test_short_codes_are_read_in_capitals() -> None:
    assert scanning.read("k7f3-22ab\n") == ShortCode("K7F3-22AB")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", Why.EMPTY),
        ("\0\x1b\r\n", Why.EMPTY),
        ("x" * 10_000, Why.TOO_LONG),
        ("@" * 1_900, Why.UNKNOWN),
        ("<script>alert(1)</script>", Why.UNKNOWN),
        (ROSA_NEW[:30], Why.GARBLED),
        (ROSA_NEW.replace("17/01/1974", "31/02/1974"), Why.GARBLED),
        (ROSA_NEW.replace("17/01/1974", "17/01/2974"), Why.GARBLED),
        (ROSA_NEW.replace("PEÑA", "PE\ufffdA"), Why.GARBLED),
        (ROSA_NEW.replace("28765457", "2876545X"), Why.GARBLED),
        (cedula()[:90], Why.GARBLED),
    ],
)
def test_what_cannot_be_read_is_refused_and_says_why(typed: str, why: Why) -> None:
    assert scanning.read(typed, country="AR") == Refusal(why)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=LONGEST + 50), st.sampled_from(["", "AR", "PE", "CO"]))
@example("١٢٣٤٥٦٧٨", "PE")
@example('@"' * 500, "AR")
def test_nothing_a_reader_can_type_raises(typed: str, country: str) -> None:
    found = scanning.read(typed, hosts=HOSTS, country=country)
    assert not isinstance(found, IdentityDocument) or found.number.isascii()


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_document_is_refused_or_read_but_never_raises(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([ROSA_NEW, ROSA_OLD, cedula(), zone()]))
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    damaged = whole[:start] + data.draw(st.text(max_size=5)) + whole[end:]
    found = scanning.read(damaged, hosts=HOSTS, country="PE")
    if isinstance(found, IdentityDocument):
        assert found.number
        assert found.birth_date is None or found.birth_date.year >= 1890


@settings(max_examples=100, deadline=None)
@given(
    st.dates(date(1900, 1, 1), date(2020, 1, 1)),
    st.sampled_from("MFX"),
    st.integers(1_000_000, 99_999_999),
    st.lists(st.text("ABCÑÁÜ", min_size=1, max_size=8), min_size=1, max_size=4),
)
def test_whatever_an_argentine_card_says_is_read_back(
    born: date, sex: str, number: int, names: list[str]
) -> None:
    family, given_names = names[0], " ".join(names)
    code = f"00125559991@{family}@{given_names}@{sex}@{number}@A@{born:%d/%m/%Y}@28/12/2012"
    expected = IdentityDocument("AR", str(number), family, given_names, born, sex)
    assert scanning.read(code) == expected
