"""The plain map: to scale, inside its frame, and with every label apart."""

from dataclasses import replace
from itertools import pairwise

import pytest
from tests.queue import values

from turnero_admin.supervision import city_map
from turnero_queue.catalogue import Location
from turnero_queue.supervision.city import Glance


def glance(latitude: float, longitude: float, waiting: int = 0) -> Glance:
    office = replace(values.office(), location=Location(latitude, longitude))
    return Glance(office, True, waiting, 0, 0, 1, 1, 0, 0, 0, "")


def test_distances_are_true_to_the_scale() -> None:
    # A tenth of a degree is 11.1 km to the north, and half of that to the east at 60 degrees.
    offices = [glance(60.0, 10.0), glance(60.1, 10.0), glance(60.0, 10.1)]
    for drawing in city_map.drawings(offices):
        corner, north, east = drawing.marks
        per_km = drawing.scale / drawing.scale_km
        assert (corner.y - north.y) / per_km == pytest.approx(11.1, abs=0.1)
        assert (east.x - corner.x) / per_km == pytest.approx(5.57, abs=0.1)


@pytest.mark.parametrize(
    "places",
    [
        [(-12.0, -77.0)],
        [(0.0, 0.0)] * 4,
        [(-12.0 + n / 500, -77.0 - n / 900) for n in range(12)],
        [(10.0, 179.99), (10.0, -179.99)],
        [(89.9, 0.0), (-89.9, 120.0)],
    ],
)
def test_everything_stays_inside_and_labels_apart(places: list[tuple[float, float]]) -> None:
    offices = [glance(*place, waiting=n * 30) for n, place in enumerate(places)]
    for drawing in city_map.drawings(offices):
        for mark in drawing.marks:
            assert mark.r <= mark.x <= drawing.width - mark.r
            assert mark.r <= mark.y <= drawing.height - mark.r
        for anchor in ("start", "end"):
            lines = sorted(mark.label_y for mark in drawing.marks if mark.anchor == anchor)
            gaps = [below - above for above, below in pairwise(lines)]
            assert all(gap >= drawing.lines * city_map.LINE for gap in gaps)
        assert 0 < drawing.scale <= drawing.width / 2


def test_across_the_date_line_is_a_short_way() -> None:
    [wide, _] = city_map.drawings([glance(10.0, 179.99), glance(10.0, -179.99)])
    west, east = wide.marks
    assert (east.x - west.x) / (wide.scale / wide.scale_km) == pytest.approx(2.19, abs=0.05)


def test_without_places_there_is_no_map() -> None:
    office = values.office()
    assert city_map.drawings([Glance(office, True, 0, 0, 0, 1, 1, 0, 0, 0, "")]) == []
