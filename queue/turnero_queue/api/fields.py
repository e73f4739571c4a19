"""Fields that refuse what a database or a screen could not take."""

from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from turnero_core.i18n import N_, gettext


class Characters(validate.Length):
    """From `min` to `max` characters; refuses in the reader's language."""

    def __call__(self, value: Any) -> Any:
        if (self.min or 0) <= len(value) <= (self.max or len(value)):
            return value
        if self.min:
            raise ValidationError(
                gettext(N_("Use %(low)s to %(high)s characters."), low=self.min, high=self.max)
            )
        raise ValidationError(
            gettext(N_("Write at most %(longest)s characters."), longest=self.max)
        )


class AtMost(validate.Length):
    """A list of no more than so many entries; refuses in the reader's language."""

    def __init__(self, most: int) -> None:
        super().__init__(max=most)

    def __call__(self, value: Any) -> Any:
        if len(value) > (self.max or 0):
            raise ValidationError(gettext(N_("Give at most %(most)s entries."), most=self.max))
        return value


class NotEmpty(validate.Length):
    """A list of at least one entry; refuses in the reader's language."""

    def __init__(self) -> None:
        super().__init__(min=1)

    def __call__(self, value: Any) -> Any:
        if not value:
            raise ValidationError(gettext(N_("Give at least one entry.")))
        return value


class Within(validate.Range):
    """A whole number from `min` to `max`; refuses in the reader's language."""

    def __call__(self, value: Any) -> Any:
        if not self.min <= value <= self.max:
            text = gettext(
                N_("Use a whole number from %(low)s to %(high)s."), low=self.min, high=self.max
            )
            raise ValidationError(text)
        return value


class OneOf(validate.OneOf):
    """One of a few known words; refuses in the reader's language."""

    def __call__(self, value: Any) -> Any:
        if value not in self.choices:
            raise ValidationError(
                gettext(N_("Use one of these: %(choices)s."), choices=self.choices_text)
            )
        return value


class Text(fields.String):
    """A string of 1 to `longest` characters, without control characters or half characters."""

    default_error_messages = {
        "control": N_("Leave out control characters."),
        "encoding": N_("This is not text in UTF-8."),
    }

    def __init__(self, longest: int = 80, shortest: int = 1, **kwargs: Any) -> None:
        super().__init__(validate=Characters(shortest, longest), **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, *args, **kwargs)
        if any(ord(char) < 32 and char not in "\n\t" for char in text):
            raise self.make_error("control")
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise self.make_error("encoding") from error
        return text


class Truth(fields.Boolean):
    """true or false, and nothing that merely resembles them."""

    truthy = {True}
    falsy = {False}

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Input(Schema):
    """A body: unknown fields are refused, not ignored."""


def check_days(first: date | None, last: date | None) -> None:
    """Refuse days that end before they begin, as what the caller wrote in `to`."""
    if first is not None and last is not None and last < first:
        raise ValidationError({"to": [gettext(N_("This day is before the first one, `from`."))]})
