"""From issued to served, step by step, and where those who were not served went."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """`share` of what was issued, 0 to 1; None where nothing was."""

    label: str
    count: int
    share: float | None


def steps(issued: int, counts: list[tuple[str, int]]) -> list[Step]:
    return [Step(label, count, count / issued if issued else None) for label, count in counts]
