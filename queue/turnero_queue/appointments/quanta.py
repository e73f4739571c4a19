"""Time in steps of five minutes: the unit in which places are taken."""

from datetime import UTC, datetime

from turnero_queue.availability import QUANTUM_MINUTES

SECONDS = QUANTUM_MINUTES * 60


def before(at: datetime) -> int:
    """The step that `at` is in; steps count from the beginning of 1970 in UTC."""
    return int(at.timestamp()) // SECONDS


def after(at: datetime) -> int:
    """The first step that begins at `at` or later."""
    return -(-int(at.timestamp()) // SECONDS)


def start_of(quantum: int) -> datetime:
    return datetime.fromtimestamp(quantum * SECONDS, UTC)
