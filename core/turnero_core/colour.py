"""Colours a municipality may choose, made legible: contrast per WCAG 2.2 and derived tones."""

import colorsys
import re
from collections.abc import Callable
from typing import NamedTuple

AAA = 7.0
EDGE = 3.0
DEFAULT_BRAND = "#0b4f5c"

# The papers of tokens.css that text in the municipality's colour stands on.
INK, PAPER, WHITE = "#1b1f1e", "#f9f7f2", "#ffffff"
DARK_INK, DARK_PAPER, DARK_SURFACE = "#f6f3ec", "#161513", "#211f1c"

_HEX = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


class Rgb(NamedTuple):
    """Channels from 0 to 1, as sRGB encodes them."""

    red: float
    green: float
    blue: float


def parse(colour: str) -> Rgb:
    """Read `#rgb` or `#rrggbb`; the hash may be missing. ValueError for anything else."""
    match = _HEX.fullmatch(colour.strip())
    if match is None:
        raise ValueError(f"{colour!r} is not a colour: write it as #rrggbb, for example #0b4f5c")
    digits = match.group(1)
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return Rgb(red, green, blue)


def to_hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in rgb)


def luminance(colour: str) -> float:
    """Relative luminance from 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parse(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """`share` (0 to 1) of the first colour over the second."""
    blended = (a * share + b * (1 - share) for a, b in zip(parse(one), parse(other), strict=True))
    return to_hex(Rgb(*blended))


def _with_lightness(colour: str, lightness: float) -> str:
    hue, _, saturation = colorsys.rgb_to_hls(*parse(colour))
    return to_hex(Rgb(*colorsys.hls_to_rgb(hue, lightness, saturation)))


def _until(colour: str, step: float, good: Callable[[str], bool]) -> str:
    """The nearest tone of the same hue, by lightness, that is good; black or white at the end."""
    lightness = colorsys.rgb_to_hls(*parse(colour))[1]
    end = 1.0 if step > 0 else 0.0
    while not good(colour) and lightness != end:
        lightness = min(1.0, max(0.0, lightness + step))
        colour = _with_lightness(colour, lightness)
    return colour


def darkened(colour: str, *backgrounds: str, ratio: float = AAA) -> str:
    """The colour, darkened until it reads on every one of the backgrounds."""
    return _until(colour, -0.01, lambda c: all(contrast(c, b) >= ratio for b in backgrounds))


def lightened(colour: str, *backgrounds: str, ratio: float = AAA) -> str:
    """The colour, lightened until it reads on every one of the backgrounds."""
    return _until(colour, 0.01, lambda c: all(contrast(c, b) >= ratio for b in backgrounds))


def _plate(colour: str) -> tuple[str, str]:
    """Background and text of the municipality's plate: light colours keep dark ink."""
    if contrast(INK, colour) >= AAA:
        return colour, INK
    return darkened(colour, WHITE), WHITE


def _pressed(plate: str, ink: str) -> str:
    """The plate under a finger: it moves away from its text, so it never reads worse."""
    return mix(plate, "#000000" if ink == WHITE else WHITE, 0.8)


def theme_for(brand_hex: str) -> dict[str, str]:
    """Every tone that follows from the municipality's colour, as `#rrggbb`.

    Text tones (`*_ink`, `*_strong`) reach 7:1 on what they stand on, `*_line` reaches 3:1.
    ValueError for an invalid colour.
    """
    chosen = to_hex(parse(brand_hex))
    brand, brand_ink = _plate(chosen)
    soft, dark_soft = mix(chosen, WHITE, 0.1), mix(chosen, DARK_SURFACE, 0.3)
    dark_soft = darkened(dark_soft, DARK_INK, ratio=AAA + 2)
    dark_papers = (DARK_PAPER, DARK_SURFACE)
    return {
        "brand": brand,
        "brand_ink": brand_ink,
        "brand_pressed": _pressed(brand, brand_ink),
        "brand_strong": darkened(chosen, PAPER, WHITE),
        "brand_soft": soft,
        "brand_soft_ink": darkened(chosen, soft),
        "brand_line": darkened(chosen, PAPER, WHITE, soft, ratio=EDGE),
        "dark_brand_strong": lightened(chosen, *dark_papers),
        "dark_brand_soft": dark_soft,
        "dark_brand_soft_ink": lightened(chosen, dark_soft),
        "dark_brand_line": lightened(chosen, *dark_papers, dark_soft, ratio=EDGE),
    }


def theme_css(brand_hex: str) -> str:
    """The stylesheet served as /theme.css: the municipality's tones for tokens.css.

    ValueError for an invalid colour.
    """
    declarations = "".join(
        f"  --{name.replace('_', '-')}: {tone};\n" for name, tone in theme_for(brand_hex).items()
    )
    return f":root {{\n{declarations}}}\n"
