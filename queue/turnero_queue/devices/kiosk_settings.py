"""What a kiosk may offer, as one checked value."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import time
from typing import Any

from turnero_core.errors import Invalid
from turnero_core.i18n import LANGUAGES, N_, gettext

_MOST = 200
_LONGEST = 64
LIST = N_("Give a list of codes, or nothing for all of them.")
TRUTH = N_("This is yes or no.")
CODE = N_("Give a code, or nothing.")
HOUR = N_("Write the hour as 08:30, or nothing.")
VOLUME = N_("Give a whole number from 0 to 100.")
UNKNOWN = N_("This setting is not known.")
PAIR = N_("Give both hours, or neither.")


@dataclass(frozen=True)
class KioskSettings:
    """`services` and `languages` are None for all that the office offers. The screen is on from
    `screen_on` to `screen_off`, hours of the office's own clock; None is always."""

    services: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    payment: bool = True
    appointments: bool = True
    printer: str | None = None
    screen_on: str | None = None
    screen_off: str | None = None
    volume: int = 70
    extra_offices: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in asdict(self).items()
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "KioskSettings":
        """Invalid, naming each field that cannot be used; what is absent has its default."""
        wrong: dict[str, list[str]] = {}
        known: dict[str, Any] = {}
        for key, value in data.items():
            fits, said = _CHECKS.get(key, (_never, UNKNOWN))
            if fits(value):
                known[key] = tuple(value) if isinstance(value, list | tuple) else value
            else:
                wrong[key] = [gettext(said)]
        if not wrong and (known.get("screen_on") is None) != (known.get("screen_off") is None):
            wrong["screen_off"] = [gettext(PAIR)]
        if wrong:
            raise Invalid(errors=wrong)
        return cls(**known)


def _never(_value: Any) -> bool:
    return False


def _codes(value: Any) -> bool:
    return (
        isinstance(value, list | tuple) and len(value) <= _MOST and all(_code(one) for one in value)
    )


def _code(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST and value.isprintable()


def _languages(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and set(value) <= set(LANGUAGES)


def _hour(value: Any) -> bool:
    try:
        return isinstance(value, str) and time.fromisoformat(value).strftime("%H:%M") == value
    except ValueError:
        return False


def _volume(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100


def _or_nothing(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or fits(value)


def _truth(value: Any) -> bool:
    return isinstance(value, bool)


_CHECKS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "services": (_or_nothing(_codes), LIST),
    "languages": (_or_nothing(_languages), LIST),
    "payment": (_truth, TRUTH),
    "appointments": (_truth, TRUTH),
    "printer": (_or_nothing(_code), CODE),
    "screen_on": (_or_nothing(_hour), HOUR),
    "screen_off": (_or_nothing(_hour), HOUR),
    "volume": (_volume, VOLUME),
    "extra_offices": (_codes, LIST),
}
FIELDS = tuple(field.name for field in fields(KioskSettings))
