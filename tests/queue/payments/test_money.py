"""Amounts: exact, in every currency, as people write and read them."""

from decimal import Decimal

import pytest
from babel.numbers import list_currencies
from hypothesis import given
from hypothesis import strategies as st

from turnero_core.errors import Invalid
from turnero_core.i18n import speaking
from turnero_queue.payments import money

CURRENCIES = sorted(list_currencies())
amounts = st.integers(1, money.MOST_MINOR)


@given(amounts, st.sampled_from(CURRENCIES))
def test_what_is_written_is_read_back_exactly(minor: int, currency: str) -> None:
    assert money.parse(money.plain(minor, currency), currency) == minor


@given(amounts, st.integers(1, 10_000), st.sampled_from(sorted(money.ROUNDING)))
def test_cash_is_a_multiple_of_the_step_and_less_than_a_step_away(
    minor: int, step: int, mode: str
) -> None:
    rounded = money.rounded_for_cash(minor, step, mode)
    assert rounded % step == 0
    assert abs(rounded - minor) < step
    assert mode != "down" or rounded <= minor
    assert mode != "up" or rounded >= minor
    assert mode not in ("nearest", "half_down") or 2 * abs(rounded - minor) <= step


@given(st.text(max_size=24), st.sampled_from(["PEN", "CLP", "KWD"]))
def test_any_text_is_an_amount_above_zero_or_is_refused_in_words(text: str, currency: str) -> None:
    words: list[str] = []
    minor = 0
    try:
        minor = money.parse(text, currency)
    except Invalid as refused:
        words = refused.extra["errors"]["amount"]
    assert bool(minor) != bool(words)
    assert not minor or money.plain(minor, currency) == text


@pytest.mark.parametrize(("currency", "places"), [("PYG", 0), ("CLP", 0), ("PEN", 2), ("KWD", 3)])
def test_a_currency_has_its_own_decimals(currency: str, places: int) -> None:
    assert money.decimals(currency) == places
    assert len(money.plain(1, currency).partition(".")[2]) == places


@pytest.mark.parametrize(
    ("text", "currency", "words"),
    [
        ("-1.00", "PEN", "negative"),
        ("0.00", "PEN", "more than zero"),
        ("0", "CLP", "more than zero"),
        ("1.005", "PEN", "PEN has 2 decimals"),
        ("1.5", "CLP", "CLP has 0 decimals"),
        ("99999999999.00", "PEN", "more than can be charged"),
        ("9" * 400, "PEN", "more than can be charged"),
        ("15", "PEN", "15.00"),
        ("1,50", "PEN", "15.00"),
        ("1e3", "PEN", "15.00"),
        ("١٥.٠٠", "PEN", "15.00"),
        (" 15.00", "PEN", "15.00"),
        ("00.10", "PEN", "15.00"),
        (15, "PEN", "in quotes"),
        (15.0, "PEN", "in quotes"),
        (None, "PEN", "in quotes"),
        (True, "PEN", "in quotes"),
    ],
)
def test_what_cannot_be_charged_is_refused_and_says_why(
    text: object, currency: str, words: str
) -> None:
    with speaking("en"), pytest.raises(Invalid) as refused:
        money.parse(text, currency)
    assert words in refused.value.extra["errors"]["amount"][0]


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "text"),
    [
        (150_050, "PEN", "en", "PEN1,500.50"),
        (150_050, "PEN", "es_PE", "S/ 1,500.50"),
        (150_050, "BRL", "pt_BR", "R$ 1.500,50"),
        (150_050, "CLP", "es_CL", "$150.050"),
        (150_050, "KWD", "en", "KWD150.050"),
    ],
)
def test_people_read_an_amount_as_they_are_used_to(
    minor: int, currency: str, locale: str, text: str
) -> None:
    assert " ".join(money.written(minor, currency, locale).split()) == text


@pytest.mark.parametrize("value", ["NaN", "Infinity", "0.001", "-1", "0"])
def test_amounts_from_other_systems_must_be_exact_and_above_zero(value: str) -> None:
    with pytest.raises(Invalid):
        money.from_decimal(Decimal(value), "PEN")
    assert money.from_decimal(Decimal("15.5"), "PEN") == 1550


def test_an_unknown_locale_or_currency_is_no_accident() -> None:
    assert "15" in money.written(1500, "PEN", "xx_YY")
    with pytest.raises(ValueError, match="not a currency"):
        money.decimals("XXQ")
