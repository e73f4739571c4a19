"""Where the lines of a chart's grid stand: round numbers that people can read off."""

import math

# Steps of a scale of time, in minutes.
_MINUTES = (1, 2, 5, 10, 15, 20, 30, 60, 120, 240, 480, 1440)
MOST_LINES = 4


def counts(highest: float) -> list[float]:
    """Round numbers from 0 to at least `highest`, in at most five lines: 0, 20, 40, 60."""
    if highest <= 0:
        return [0, 1]
    raw = highest / MOST_LINES
    tens = 10 ** math.floor(math.log10(raw))
    step = next(tens * by for by in (1, 2, 2.5, 5, 10) if tens * by >= raw)
    return _lines(max(1.0, math.ceil(step) if step < 10 else step), highest)


def minutes(highest: float) -> list[float]:
    """The same for minutes, in steps that are used on a clock."""
    if highest <= 0:
        return [0, 1]
    raw = highest / MOST_LINES
    step = next((span for span in _MINUTES if span >= raw), math.ceil(raw / 1440) * 1440)
    return _lines(step, highest)


def _lines(step: float, highest: float) -> list[float]:
    return [step * place for place in range(math.ceil(highest / step - 1e-9) + 1)]


def shade(value: float, highest: float, shades: int) -> int:
    """0 for nothing, else 1 to `shades`, in even steps up to the highest value."""
    if value <= 0 or highest <= 0:
        return 0
    return max(1, min(shades, math.ceil(value / highest * shades)))
