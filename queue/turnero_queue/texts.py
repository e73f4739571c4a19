"""What a municipality writes itself on its slips and screens, and how its halls look.

The configuration file sets texts under `texts:` for the municipality and, above that, per office;
`hall:` is an office's own. Each text is written in several languages and is plain text: wherever
it is shown, markup in it is letters like any other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

Names = Mapping[str, str]
MOST_CALLS = 10


@dataclass(frozen=True)
class Texts:
    """An empty text is what the product says by itself, or nothing where it says nothing."""

    # On the paper turn, below the office's name.
    slip_greeting: Names = field(default_factory=dict)
    # On the paper turn and on the kiosk's last screen: how people will be called.
    how_called: Names = field(default_factory=dict)
    # The last lines of the paper turn.
    slip_footer: Names = field(default_factory=dict)
    # On the kiosk's first screen, below the greeting.
    kiosk_welcome: Names = field(default_factory=dict)
    # On the hall's plate while nobody is called.
    hall_idle: Names = field(default_factory=dict)
    # On the page that follows a turn on a phone.
    phone_message: Names = field(default_factory=dict)


KEYS = tuple(each.name for each in fields(Texts))
# Characters that have room where each is shown, on the narrowest paper and the smallest screen.
LONGEST: Mapping[str, int] = MappingProxyType(
    {
        "slip_greeting": 160,
        "how_called": 160,
        "slip_footer": 300,
        "kiosk_welcome": 120,
        "hall_idle": 80,
        "phone_message": 300,
    }
)
LONGEST_HALL_MESSAGE = 160


def merged(*layers: Mapping[str, Names]) -> Texts:
    """Nothing written, with each layer above the one before it."""
    texts = Texts()
    for layer in layers:
        texts = replace(texts, **{key: layer[key] for key in KEYS if layer.get(key)})
    return texts


@dataclass(frozen=True)
class HallSettings:
    """`queues` are codes of the services whose queues are shown, None for all; every call is
    shown all the same. `languages` are those that calls are spoken in, None for all."""

    queues: tuple[str, ...] | None = None
    calls: int = MOST_CALLS
    voice: bool = True
    languages: tuple[str, ...] | None = None
    message: Names = field(default_factory=dict)

    @classmethod
    def stored(cls, values: Mapping[str, Any]) -> "HallSettings":
        """From what the configuration keeps: only what was set is there."""
        known = {key: values[key] for key in HALL_KEYS if key in values}
        for key in ("queues", "languages"):
            if key in known:
                known[key] = tuple(known[key])
        return cls(**known)


HALL_KEYS = tuple(each.name for each in fields(HallSettings))
