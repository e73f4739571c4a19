"""Opening hours: read from day groups such as mon-fri, written back in one canonical form."""

from collections.abc import Mapping
from itertools import pairwise

from turnero_core.i18n import N_
from turnero_queue.configuration.items import Item
from turnero_queue.configuration.values import Hours
from turnero_queue.opening import WEEKDAYS, minutes_of_day

MOST_SPANS = 12


def read(item: Item) -> Hours:
    found: dict[str, tuple[str, ...]] = {}
    for key, value in item.pairs():
        spans = _spans(value)
        for day in _days(key, value):
            if day in found:
                value.error(N_("gives %(day)s a second time"), day=day)
            found[day] = spans
    return {day: found[day] for day in WEEKDAYS if found.get(day)}


def grouped(hours: Hours) -> dict[str, tuple[str, ...]]:
    """Days with the same openings under one key, such as mon-wed,fri."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for position, day in enumerate(WEEKDAYS):
        if hours.get(day):
            groups.setdefault(tuple(hours[day]), []).append(position)
    return {_key(days): spans for spans, days in groups.items()}


def canonical(stored: Mapping[str, list[str]]) -> Hours:
    """Hours as stored -> the week's order, without the days that stay closed."""
    return {day: tuple(stored[day]) for day in WEEKDAYS if stored.get(day)}


def _days(key: str, item: Item) -> list[str]:
    days: list[str] = []
    for part in key.replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        ends = [first, last] if dash else [first, first]
        wrong = [end for end in ends if end not in WEEKDAYS]
        if wrong:
            _unknown_day(wrong[0], item)
            continue
        start, end = WEEKDAYS.index(ends[0]), WEEKDAYS.index(ends[1])
        if start > end:
            item.error(N_("%(days)s runs backwards: the week goes from mon to sun"), days=part)
        days.extend(WEEKDAYS[start : end + 1])
    return days


def _unknown_day(day: str, item: Item) -> None:
    near = item.report.nearest(day.lower(), WEEKDAYS)
    if near:
        item.error(N_("%(day)s is not a day; did you mean %(near)s?"), day=day, near=near)
    else:
        item.error(N_("%(day)s is not a day; days are mon tue wed thu fri sat sun"), day=day)


def _spans(item: Item) -> tuple[str, ...]:
    spans = [span for span in item.each(_span, limit=MOST_SPANS) if span is not None]
    spans.sort()
    for (start, end), (following, _) in pairwise(spans):
        if following < end:
            item.error(
                N_("%(first)s overlaps the opening that begins at %(second)s"),
                first=_written((start, end)),
                second=_clock(following),
            )
    return tuple(_written(span) for span in spans)


def _span(item: Item) -> tuple[int, int] | None:
    text = item.text(40)
    if not text:
        return None
    try:
        return minutes_of_day(text.replace(" ", ""))
    except ValueError:
        item.error(
            N_("%(text)s is not an opening such as 08:00-13:00, which ends after it begins"),
            text=text,
        )
        return None


def _written(span: tuple[int, int]) -> str:
    return f"{_clock(span[0])}-{_clock(span[1])}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _key(days: list[int]) -> str:
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(
        WEEKDAYS[run[0]] if len(run) == 1 else f"{WEEKDAYS[run[0]]}-{WEEKDAYS[run[-1]]}"
        for run in runs
    )
