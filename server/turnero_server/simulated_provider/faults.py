"""The ways in which the pretended provider can be told to misbehave."""

import random
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from turnero_server.simulated_provider.ledger import Ledger

MOST_SLOW_S = 60.0


@dataclass(frozen=True)
class Faults:
    """Rates are from 0 to 1. `fail` refuses before doing anything, `lose` does it and then
    answers with an error; `hooks_late_s` is the most that a webhook is put off."""

    down: bool = False
    slow: float = 0.0
    slow_s: float = 2.0
    fail: float = 0.0
    lose: float = 0.0
    hooks_never: float = 0.0
    hooks_twice: float = 0.0
    hooks_late: float = 0.0
    hooks_late_s: float = 5.0

    @classmethod
    def of(cls, values: object) -> "Faults":
        """ValueError when a name is unknown or a value is not one."""
        if not isinstance(values, Mapping):
            raise ValueError("faults are an object of names and values")
        known = {field.name for field in fields(cls)}
        unknown = set(values) - known
        if unknown:
            raise ValueError(f"unknown faults: {', '.join(sorted(unknown))}")
        for name, value in values.items():
            number = isinstance(value, int | float)
            most = MOST_SLOW_S if name.endswith("_s") else 1
            if not number or not 0 <= value <= most:
                raise ValueError(f"{name} must be from 0 to {most:g}")
        rates = {name: float(value) for name, value in values.items() if name != "down"}
        return cls(down=bool(values.get("down")), **rates)

    def plain(self) -> dict[str, Any]:
        return asdict(self)


class Switchboard:
    """The faults in force, kept in the ledger's file so that a restart changes nothing."""

    def __init__(self, ledger: Ledger, seed: int | None = None) -> None:
        self._ledger = ledger
        self._dice = random.Random(seed)  # noqa: S311 - it decides which fault comes, no secret
        self.now = Faults.of(ledger.faults())

    def set(self, faults: Faults) -> None:
        self._ledger.keep_faults(faults.plain())
        self.now = faults

    def happens(self, rate: float) -> bool:
        return rate > 0 and self._dice.random() < rate

    def pause(self) -> None:
        if self.happens(self.now.slow):
            time.sleep(self.now.slow_s)

    def plan(self, at: float) -> list[float]:
        """When the webhook of something that happened `at` is sent: never, once, or twice."""
        if self.happens(self.now.hooks_never):
            return []
        times = 2 if self.happens(self.now.hooks_twice) else 1
        return [at + self._delay() for _ in range(times)]

    def _delay(self) -> float:
        late = self.happens(self.now.hooks_late)
        return self._dice.uniform(0, self.now.hooks_late_s) if late else 0.0
