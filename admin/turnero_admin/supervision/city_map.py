"""A plain map of offices: their places drawn to scale, without any ground from elsewhere.

Pure. Degrees become kilometres on a plane that touches the earth in the middle of the offices,
which is true to a few metres for a city; kilometres become units of the drawing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sqrt

from turnero_queue.supervision.city import Glance

KM_PER_DEGREE = 111.32
# Offices closer than this are not drawn as if a city lay between them.
LEAST_KM = 0.6
SCALES_KM = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
# Name, width, height, and the lines of a label: two, or three where there is little width.
WIDE, NARROW = ("wide", 1000, 360, 2), ("narrow", 340, 400, 3)
MARGIN = 52
#: Room at the foot for the scale.
FOOT = 44
MOST_SCALE = 160
LEAST_R, MOST_R = 9, 26
MOST_WAITING = 60
LINE, BETWEEN_LABELS = 17, 6


@dataclass
class Mark:
    """An office on the drawing: its circle, and where its label stands and to which side."""

    glance: Glance
    x: float
    y: float
    r: float
    label_x: float = 0.0
    label_y: float = 0.0
    anchor: str = "start"


@dataclass(frozen=True)
class Drawing:
    """`scale` is the length of a bar, in the drawing's units, that stands for `scale_km`."""

    name: str
    width: int
    height: int
    lines: int
    marks: Sequence[Mark]
    scale: float
    scale_km: float


def drawings(glances: Sequence[Glance]) -> list[Drawing]:
    """The map for a wide and for a narrow screen; none when no office has a place."""
    placed = [glance for glance in glances if glance.office.location is not None]
    return [_draw(placed, *size) for size in (WIDE, NARROW)] if placed else []


def _draw(glances: Sequence[Glance], name: str, width: int, height: int, lines: int) -> Drawing:
    points = _kilometres(glances)
    xs, ys = [x for x, _ in points], [y for _, y in points]
    across, up = max(max(xs) - min(xs), LEAST_KM), max(max(ys) - min(ys), LEAST_KM)
    per_km = min((width - 2 * MARGIN) / across, (height - 2 * MARGIN - FOOT) / up)
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    marks = [
        Mark(
            glance,
            round(width / 2 + (x - middle_x) * per_km, 1),
            round((height - FOOT) / 2 - (y - middle_y) * per_km, 1),
            _radius(glance),
        )
        for glance, (x, y) in zip(glances, points, strict=True)
    ]
    _label(marks, width, height, lines)
    scale_km = _scale(min(width / 4, MOST_SCALE) / per_km)
    return Drawing(name, width, height, lines, marks, round(scale_km * per_km, 1), scale_km)


def _kilometres(glances: Sequence[Glance]) -> list[tuple[float, float]]:
    """East and north of the offices, from the first."""
    places = [glance.office.location for glance in glances if glance.office.location]
    first = places[0]
    narrower = max(0.01, cos(radians(sum(place.latitude for place in places) / len(places))))
    return [
        (
            _short_way(place.longitude - first.longitude) * KM_PER_DEGREE * narrower,
            (place.latitude - first.latitude) * KM_PER_DEGREE,
        )
        for place in places
    ]


def _short_way(degrees: float) -> float:
    """Across the line where the date changes, not around the earth."""
    return (degrees + 180) % 360 - 180


def _radius(glance: Glance) -> float:
    """The circle's area grows with the people who wait."""
    share = min(glance.waiting, MOST_WAITING) / MOST_WAITING
    return round(LEAST_R + (MOST_R - LEAST_R) * sqrt(share), 1)


def _scale(most_km: float) -> float:
    return max((km for km in SCALES_KM if km <= most_km), default=SCALES_KM[0])


def _label(marks: Sequence[Mark], width: int, height: int, lines: int) -> None:
    """Labels stand on the side that has more room, moved apart where they would overlap."""
    for right in (True, False):
        column = [mark for mark in marks if (mark.x <= width / 2) == right]
        column.sort(key=lambda mark: mark.y)
        below = 0.0
        for mark in column:
            mark.anchor = "start" if right else "end"
            gap = mark.r + 8
            mark.label_x = round(mark.x + gap if right else mark.x - gap, 1)
            mark.label_y = round(max(mark.y - 3, below + LINE), 1)
            below = mark.label_y + (lines - 1) * LINE + BETWEEN_LABELS
        lowest = max((mark.label_y for mark in column), default=0.0)
        lift = max(0.0, lowest - (height - FOOT - (lines - 1) * LINE))
        for mark in column:
            mark.label_y = round(mark.label_y - lift, 1)
