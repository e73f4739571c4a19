"""Two periods, or two offices, side by side."""

from dataclasses import dataclass

from turnero_queue.statistics.figures import Figures
from turnero_queue.statistics.indicators import INDICATORS, Indicator


@dataclass(frozen=True)
class Line:
    """`change` is `after` less `before`, of a share in shares; None where either is missing.

    `good` is whether it went the right way; None when it did not move or neither way is good.
    """

    indicator: Indicator
    before: float | None
    after: float | None

    @property
    def change(self) -> float | None:
        if self.before is None or self.after is None:
            return None
        return self.after - self.before

    @property
    def relative(self) -> float | None:
        """The change as a part of what it was; None from nothing."""
        return self.change / self.before if self.change is not None and self.before else None

    @property
    def good(self) -> bool | None:
        if not self.change or not self.indicator.better:
            return None
        return (self.change > 0) == (self.indicator.better > 0)


def compare(before: Figures, after: Figures) -> tuple[Line, ...]:
    """Every indicator of both."""
    return tuple(Line(one, one.value(before), one.value(after)) for one in INDICATORS)
