"""A wait is told as people tell it: exact when it is short, rounded outward when it is long."""

import pytest

from turnero_core.i18n import speaking
from turnero_queue.estimate import Wait
from turnero_queue.slips import minutes


def said(p50_s: int, p90_s: int) -> str:
    with speaking("en"):
        return minutes(Wait(p50_s, p90_s, 3, 1, 600, 0))


@pytest.mark.parametrize(
    ("p50_s", "p90_s", "words"),
    [
        (0, 0, "up to 1 min"),
        (40, 290, "up to 5 min"),
        (59, 600, "up to 10 min"),
        (180, 420, "3 to 7 min"),
        (240, 541, "4 to 10 min"),
        (600, 601, "10 to 15 min"),
        (660, 900, "10 to 15 min"),
        (1020, 1320, "15 to 25 min"),
        (1560, 2220, "25 to 40 min"),
        (5999, 7199, "95 to 120 min"),
        (7199, 9000, "115 to 150 min"),
        (7200, 7260, "2 to 3 h"),
        (10620, 13080, "2 to 4 h"),
        (15000, 18600, "4 to 6 h"),
    ],
)
def test_a_wait_is_said_the_way_people_say_it(p50_s: int, p90_s: int, words: str) -> None:
    assert said(p50_s, p90_s) == words


@pytest.mark.parametrize(("seconds", "words"), [(300, "up to 5 min"), (10800, "up to 3 h")])
def test_a_wait_known_exactly_is_no_range(seconds: int, words: str) -> None:
    assert said(seconds, seconds) == words


def test_rounding_never_promises_an_earlier_end_nor_a_later_start() -> None:
    for low in range(61):
        for high in range(low + 1, 119):
            words = said(low * 60, high * 60).removesuffix(" min").removeprefix("up to ")
            first, _, last = words.rpartition(" to ")
            assert int(first or 0) <= low
            assert high <= int(last) < high + 5
