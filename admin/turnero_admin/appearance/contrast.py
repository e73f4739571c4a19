"""What becomes of a colour that a municipality chooses: contrasts in numbers and in words."""

from dataclasses import dataclass

from turnero_core.colour import AAA, DARK_PAPER, PAPER, contrast, parse, theme_for, to_hex
from turnero_core.i18n import N_, gettext

WHITE = "#ffffff"
# From this ratio on (WCAG 2.2), in words.
WORDS = (
    (7.0, "ok", N_("reads very well")),
    (4.5, "ok", N_("reads well")),
    (3.0, "warn", N_("for large letters only")),
    (0.0, "danger", N_("hard to read")),
)


@dataclass(frozen=True)
class Pair:
    """Text on a background; `adjusted` when it is not the chosen colour any more."""

    label: str
    colour: str
    ratio: str
    tone: str
    words: str
    adjusted: bool


@dataclass(frozen=True)
class Judged:
    chosen: str
    as_chosen: Pair
    used: list[Pair]
    verdict: str


def judged(colour: str) -> Judged:
    """ValueError for what is no colour."""
    chosen = to_hex(parse(colour))
    theme = theme_for(chosen)
    used = [
        _pair(N_("Signs and buttons, and the text on them"), theme["brand"], theme["brand_ink"]),
        _pair(N_("Links and icons on light paper"), theme["brand_strong"], PAPER),
        _pair(N_("Links and icons on dark paper"), theme["dark_brand_strong"], DARK_PAPER),
    ]
    used = [_against(pair, chosen) for pair in used]
    return Judged(
        chosen, _pair(N_("White text on your colour"), chosen, WHITE), used, _verdict(chosen, theme)
    )


def _pair(label: str, colour: str, other: str) -> Pair:
    ratio = contrast(colour, other)
    tone, words = next((tone, words) for least, tone, words in WORDS if ratio >= least)
    return Pair(gettext(label), colour, f"{ratio:.1f}", tone, gettext(words), adjusted=False)


def _against(pair: Pair, chosen: str) -> Pair:
    return Pair(
        pair.label, pair.colour, pair.ratio, pair.tone, pair.words, adjusted=pair.colour != chosen
    )


def _verdict(chosen: str, theme: dict[str, str]) -> str:
    if theme["brand"] != chosen:
        return gettext(
            N_("Signs and buttons use %(colour)s, a darker tone of it, so that everybody reads."),
            colour=theme["brand"],
        )
    if contrast(WHITE, chosen) >= AAA:
        return gettext(N_("Signs and buttons use it just as it is, with white text."))
    return gettext(N_("Signs and buttons use it just as it is, with dark text."))
