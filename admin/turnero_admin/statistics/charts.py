"""Charts as values: where everything stands, for the page's SVG and for the report's paper.

Places are in hundredths of the plot: x from the left, y from the top. A chart that a table can be
(a heat map, bars beside figures) is a table, and not here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from turnero_admin.statistics import scales

Style = Literal["bars", "line", "dashes"]
Values = Sequence[float | None]


@dataclass(frozen=True)
class Series:
    """One value for each label; None where there was nothing to measure."""

    label: str
    values: tuple[float | None, ...]
    style: Style = "bars"


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Drawn:
    """A series placed: bars, or stretches of a line with a dot at each value."""

    label: str
    style: Style
    bars: tuple[Bar, ...] = ()
    stretches: tuple[tuple[tuple[float, float], ...], ...] = ()

    @property
    def dots(self) -> list[tuple[float, float]]:
        return [point for stretch in self.stretches for point in stretch]


@dataclass(frozen=True)
class Tick:
    """`minor` ones are left out where there is little room."""

    at: float
    label: str
    minor: bool = False


@dataclass(frozen=True)
class Band:
    """What is said of the part of the plot that belongs to one label."""

    x: float
    width: float
    says: str


@dataclass(frozen=True)
class Plot:
    title: str
    drawn: tuple[Drawn, ...]
    lines: tuple[Tick, ...]
    ticks: tuple[Tick, ...]
    bands: tuple[Band, ...] = field(default=())

    @property
    def crowded(self) -> bool:
        """Whether dots would hide the line that they are on."""
        return len(self.bands) > 45


def plot(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    write: Callable[[float | None], str],
    *,
    time: bool = False,
    names: Sequence[str] | None = None,
) -> Plot | None:
    """A plot of the series over the labels; None when there is not one value to show.

    `write` writes a value, `time` is for minutes; `names` are longer labels, for what is said.
    """
    values = [value for one in series for value in one.values if value is not None]
    if not values or not labels:
        return None
    levels = scales.minutes(max(values)) if time else scales.counts(max(values))
    step = 100 / len(labels)
    said = names or labels
    return Plot(
        title,
        tuple(_place(one, series, levels[-1], step) for one in series),
        tuple(
            Tick(100 - level / levels[-1] * 100, write(level) if level else "0") for level in levels
        ),
        _ticks(labels, step),
        tuple(
            Band(place * step, step, _says(said[place], place, series, write))
            for place in range(len(labels))
        ),
    )


def _says(
    name: str, place: int, series: Sequence[Series], write: Callable[[float | None], str]
) -> str:
    return f"{name}: " + ", ".join(f"{one.label} {write(one.values[place])}" for one in series)


def _place(one: Series, among: Sequence[Series], top: float, step: float) -> Drawn:
    if one.style == "bars":
        return Drawn(one.label, one.style, bars=_bars(one, among, top, step))
    stretches: list[list[tuple[float, float]]] = [[]]
    for place, value in enumerate(one.values):
        if value is None:
            stretches.append([])
        else:
            stretches[-1].append(((place + 0.5) * step, 100 - value / top * 100))
    return Drawn(one.label, one.style, stretches=tuple(tuple(s) for s in stretches if s))


def _bars(one: Series, among: Sequence[Series], top: float, step: float) -> tuple[Bar, ...]:
    """Bars of several series stand side by side."""
    beside = [other for other in among if other.style == "bars"]
    width = step * 0.76 / len(beside)
    start = step * 0.12 + width * beside.index(one)
    return tuple(
        Bar(place * step + start, 100 - value / top * 100, width, value / top * 100)
        for place, value in enumerate(one.values)
        if value
    )


def _ticks(labels: Sequence[str], step: float) -> tuple[Tick, ...]:
    """At most some sixteen labels, of which about six remain where there is little room."""
    every = max(1, -(-len(labels) // 16))
    rare = every * max(1, -(-len(labels) // (every * 6)))
    return tuple(
        Tick((place + 0.5) * step, label, minor=place % rare != 0)
        for place, label in enumerate(labels)
        if place % every == 0
    )
