"""Settings that administrators may change, with their types and defaults, in one table.

The configuration file sets them under `rules:` for the municipality and, above that, per office.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args

LateRule = Literal["walk_in", "keep"]


@dataclass(frozen=True)
class Rules:
    # Calls after which somebody who does not come may be marked as a no-show.
    no_show_after_calls: int = 1
    # Punctual appointments count from this many minutes before their hour, once it has come.
    appointment_head_start_minutes: int = 30
    # Minutes after the hour during which an arrival is still punctual.
    appointment_grace_minutes: int = 10
    # What a later arrival becomes: an ordinary turn (walk_in) or punctual all the same (keep).
    appointment_late_rule: LateRule = "walk_in"
    # Turns that one office gives in a day, whatever the service; 0 is no limit.
    office_daily_limit: int = 0
    # Minutes before closing time at which turns stop being given.
    last_turn_minutes_before_close: int = 0


def problems(values: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with a mapping of rules, by key; empty when it can be used."""
    wrong: dict[str, str] = {}
    known = {field.name for field in fields(Rules)}
    for key, value in values.items():
        if key not in known:
            wrong[key] = f"unknown rule; known are {', '.join(sorted(known))}"
        elif key == "appointment_late_rule":
            if value not in get_args(LateRule):
                wrong[key] = f"must be one of {', '.join(get_args(LateRule))}"
        elif isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100_000:
            wrong[key] = "must be a whole number of 0 or more"
    return wrong


def merged(*layers: Mapping[str, Any]) -> Rules:
    """The defaults with each layer above the one before it."""
    rules = Rules()
    for layer in layers:
        rules = replace(rules, **layer)
    return rules
